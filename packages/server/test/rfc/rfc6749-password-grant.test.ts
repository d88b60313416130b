import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { TenantId } from '../../src/domain/ids.ts'
import { startTestServer, type TestClient } from '../../src/testkit/testkit.ts'
import {
  assertJsonRefusal,
  claimsOf,
  credentials,
  type Given,
  granted,
  json,
  refresh,
  rowsOf,
  token,
  userInfo,
} from './requests.ts'

const server = await startTestServer()
after(() => server.close())
const realmGrant = 'http://auth0.com/oauth/grant-type/password-realm'
const client = await server.aClient({ grantTypes: ['password', realmGrant, 'refresh_token'] })
const user = await server.aUser()
const api = await server.anApi()
const [connection] = (await rowsOf(server).connections.list({ limit: 1 })).items
assert.ok(connection)
const realm = connection.name

async function setDefaultDirectory(defaultDirectory: string | undefined): Promise<void> {
  const tenant = await server.store.tenants.find('main' as TenantId)
  assert.ok(tenant)
  const { defaultDirectory: _before, ...settings } = tenant.settings
  const after = { ...settings, ...(defaultDirectory !== undefined && { defaultDirectory }) }
  await server.store.tenants.update({ ...tenant, settings: after })
}

await setDefaultDirectory(realm)

function byPassword(given: Given = {}, as: TestClient = client): Promise<Response> {
  return token(server, {
    grant_type: 'password',
    ...credentials(as),
    username: user.email,
    password: user.password,
    ...given,
  })
}

test('RFC 6749 §4.3: a password becomes tokens, with an ID token that has neither nonce nor session', async () => {
  const tokens = await granted(await byPassword({ scope: 'openid email offline_access' }))
  const claims = claimsOf(tokens.id_token)
  assert.deepEqual([claims.sub, claims.aud, claims.email], [user.id, client.id, user.email])
  assert.equal('nonce' in claims || 'sid' in claims, false)
  assert.equal((await userInfo(server, tokens.access_token ?? '')).status, 200)
  const again = await granted(await refresh(server, client, tokens.refresh_token))
  assert.equal(again.scope, 'openid email offline_access')
})

test('RFC 6749 §4.3: an API without a scope gives all that it defines and all that is known, and gty says how', async () => {
  const tokens = await granted(await byPassword({ audience: api.identifier }))
  assert.equal(tokens.scope, 'openid profile email address phone read:contacts create:contacts')
  const claims = claimsOf(tokens.access_token)
  assert.deepEqual([claims.gty, claims.sub, claims.azp], ['password', user.id, client.id])
  assert.equal('refresh_token' in tokens, false)
})

test("Auth0: a refreshed token of a password grant still says in gty how it began, and a code's says nothing", async () => {
  const given = { audience: api.identifier, scope: 'offline_access read:contacts' }
  const { refresh_token: first } = await granted(await byPassword(given))
  const second = await granted(await refresh(server, client, first))
  assert.deepEqual(claimsOf(second.access_token).gty, ['refresh_token', 'password'])
  const third = await granted(await refresh(server, client, second.refresh_token ?? first))
  assert.deepEqual(claimsOf(third.access_token).gty, ['refresh_token', 'password'])
  const web = await server.aClient()
  const byCode = await server.signIn({ client: web, user, api, scope: 'openid offline_access read:contacts' })
  const renewed = await granted(await refresh(server, web, byCode.refresh_token))
  assert.equal('gty' in claimsOf(renewed.access_token), false)
})

test('RFC 6749 §3.3: of the scopes that are asked for, those that the API does not define are left out', async () => {
  const tokens = await granted(await byPassword({ audience: api.identifier, scope: 'read:contacts admin' }))
  assert.equal(tokens.scope, 'read:contacts')
})

test("Auth0's realm names the connection", async () => {
  await setDefaultDirectory(undefined)
  const tokens = await granted(await byPassword({ grant_type: realmGrant, realm, scope: 'openid' }))
  assert.equal(claimsOf(tokens.id_token).sub, user.id)
  await setDefaultDirectory(realm)
})

test('RFC 6749 §5.2: without a default directory the server does not support the grant', async () => {
  await setDefaultDirectory(undefined)
  await assertJsonRefusal(server, await byPassword(), {
    error: 'unsupported_grant_type',
    rule: 'password.no_default_directory',
  })
  await setDefaultDirectory(realm)
})

test('RFC 6749 §5.2: a wrong password and an unknown user are told apart by nobody', async (t) => {
  const rows: readonly { readonly name: string; readonly given: Given }[] = [
    { name: 'a wrong password', given: { password: 'wrong' } },
    { name: 'an unknown user', given: { username: 'nobody@example.com' } },
    { name: 'a wrong password with a realm', given: { grant_type: realmGrant, realm, password: 'wrong' } },
  ]
  for (const { name, given } of rows) {
    await t.test(name, async () => {
      const response = await byPassword(given)
      assert.equal((await json(response.clone())).error_description, 'Wrong email or password.')
      await assertJsonRefusal(server, response, { error: 'invalid_grant', rule: 'password.wrong' })
    })
  }
})

test('RFC 6749 §4.3.2: username, password and realm are required', async (t) => {
  const rows: readonly { readonly name: string; readonly given: Given }[] = [
    { name: 'no username', given: { username: undefined } },
    { name: 'no password', given: { password: undefined } },
    { name: 'no realm', given: { grant_type: realmGrant } },
  ]
  for (const { name, given } of rows) {
    await t.test(name, async () => {
      const rule = 'parameter.missing'
      await assertJsonRefusal(server, await byPassword(given), { error: 'invalid_request', rule })
    })
  }
})

test('RFC 6749 §4.3.2: a connection that is unknown or not for this client is refused', async () => {
  const refused = { error: 'invalid_request', rule: 'password.connection_unknown' }
  const unknown = await byPassword({ grant_type: realmGrant, realm: 'elsewhere' })
  await assertJsonRefusal(server, unknown, refused)
  const { connections } = rowsOf(server)
  const closed = await connections.update({ ...connection, enabledClients: [] })
  await assertJsonRefusal(server, await byPassword(), refused)
  assert.equal(closed.kind, 'updated')
  await connections.update({ ...connection, version: connection.version + 1 })
})

test("RFC 6749 §5.2: a client's own mistakes are found before the password is looked at", async () => {
  await assertJsonRefusal(server, await byPassword({ password: 'wrong', scope: 'a"b' }), {
    error: 'invalid_scope',
    rule: 'scope.malformed',
  })
  await assertJsonRefusal(
    server,
    await byPassword({ password: 'wrong', audience: 'https://nowhere.test/' }),
    {
      status: 403,
      error: 'access_denied',
      rule: 'target.audience_unknown',
    },
  )
})

test('RFC 9700 §2.4: only a client that is allowed to may use passwords, and its use is warned about', async () => {
  const other = await server.aClient()
  for (const grant_type of ['password', realmGrant]) {
    await assertJsonRefusal(server, await byPassword({ grant_type, realm }, other), {
      error: 'unauthorized_client',
      rule: 'token.grant_type_not_allowed',
    })
  }
  await granted(await byPassword())
  const warning = server.log.findLast(({ event }) => event === 'token.password_used')
  assert.deepEqual([warning?.level, warning?.fields.client_id], ['warn', client.id])
})

test('RFC 6749 §5.2: only who knows the password learns that the user is blocked', async () => {
  const blocked = await server.aUser({ email: 'blocked@example.com', blocked: true })
  await assertJsonRefusal(server, await byPassword({ username: blocked.email, password: 'wrong' }), {
    error: 'invalid_grant',
    rule: 'password.wrong',
  })
  const response = await byPassword({ username: blocked.email, password: blocked.password })
  assert.equal((await json(response.clone())).error_description, 'user is blocked')
  await assertJsonRefusal(server, response, { error: 'invalid_grant', rule: 'password.user_blocked' })
})

test('RFC 6749 §4.3.2: the endpoint is protected against guessing, per account and address', async () => {
  const mary = await server.aUser({ email: 'mary@example.com' })
  const guesses = Array.from({ length: 30 }, () => byPassword({ username: mary.email, password: 'guess' }))
  const statuses = (await Promise.all(guesses)).map(({ status }) => status)
  assert.equal(statuses.filter((status) => status === 400).length, 10)
  const locked = await byPassword({ username: mary.email, password: mary.password })
  await assertJsonRefusal(server, locked, {
    status: 429,
    error: 'too_many_attempts',
    rule: 'password.too_many_attempts',
  })
  await granted(await byPassword())
  server.advance('901s')
  await granted(await byPassword({ username: mary.email, password: mary.password }))
})
