// Who asked for pairwise subjects must not find the public one anywhere (OpenID Connect Core §8).
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { Client } from '../../src/domain/client.ts'
import type { TenantId, UserId } from '../../src/domain/ids.ts'
import { defineTokenFormat } from '../../src/oauth/token-formats/token-format.ts'
import { startTestServer, type TestClient, type TokenSet } from '../../src/testkit/testkit.ts'
import { approve, codesFor, deviceGrantType, poll } from '../rfc/devices.ts'
import {
  assertJsonRefusal,
  claimsOf,
  credentials,
  form,
  type Given,
  granted,
  json,
  refresh,
  rowsOf,
  token,
  userInfo,
} from '../rfc/requests.ts'

/** A format that writes down all that it is given. */
const plain = defineTokenFormat({
  name: 'plain',
  mint: async (claims) => `plain ${JSON.stringify(claims)}`,
  read: async (text) => (text.startsWith('plain ') ? JSON.parse(text.slice(6)) : undefined),
})
const server = await startTestServer({ extensions: [plain] })
after(() => server.close())
const exchange = 'urn:ietf:params:oauth:grant-type:token-exchange'
const tokenType = 'urn:ietf:params:oauth:token-type:'
const user = await server.aUser()
const api = await server.anApi()
const backend = await server.anApi({ identifier: 'https://backend.test/', scopes: ['read:contacts'] })
const one = await aClientAt('https://one.test/callback')
const two = await aClientAt('https://two.test/callback')
const contacts = await server.aClient({
  applicationType: 'resource_server',
  resourceServerIdentifier: api.identifier,
})

function aClientAt(redirectUri: string, given: Partial<Client> = {}): Promise<TestClient> {
  const grantTypes = ['authorization_code', 'refresh_token', 'password', deviceGrantType, exchange]
  const tokenExchange = { impersonation: true, delegation: true }
  return server.aClient({ grantTypes, tokenExchange, redirectUris: [redirectUri], pairwise: {}, ...given })
}

function signIn(client = one, at = api, browser = server.browser()): Promise<TokenSet> {
  return server.signIn({ client, user, api: at, browser, scope: 'openid read:contacts offline_access' })
}

async function introspect(as: TestClient, presented: string | undefined) {
  const body = form({ ...credentials(as), token: presented })
  return json(await server.fetch(`${server.issuer}oauth/introspect`, { method: 'POST', body }))
}

/** A token set tells its client who the user is by the client's own name alone. */
async function assertHidden(tokens: Partial<TokenSet>, sub: unknown): Promise<void> {
  for (const jwt of [tokens.access_token, tokens.id_token]) {
    if (jwt === undefined) continue
    const claims = claimsOf(jwt)
    assert.equal(claims.sub, sub)
    assert.equal(JSON.stringify(claims).includes(user.id), false)
    assert.equal(JSON.stringify(claims).includes(user.id.split('|')[1] ?? ''), false)
  }
  assert.equal((await json(await userInfo(server, tokens.access_token ?? ''))).sub, sub)
}

test('OpenID Connect Core §8.1, RFC 9068 §6: a JWT access token has the sub of the ID token', async (t) => {
  for (const tokenDialect of ['access_token', 'rfc9068_profile', 'rfc9068_profile_authz'] as const) {
    await t.test(tokenDialect, async () => {
      const identifier = `https://${tokenDialect.replaceAll('_', '-')}.test/`
      const at = await server.anApi({ identifier, tokenDialect })
      const first = await signIn(one, at)
      const second = await signIn(two, at)
      const [sub, other] = [claimsOf(first.id_token).sub, claimsOf(second.id_token).sub]
      assert.equal(new Set([sub, other, user.id]).size, 3)
      await assertHidden(first, sub)
      await assertHidden(second, other)
    })
  }
})

test('OpenID Connect Core §8.1: what leads this server back to the user is never twice the same', async () => {
  const [first, again] = [await signIn(), await signIn()]
  const references = [first, again].flatMap(({ access_token, id_token }) => [
    String(claimsOf(access_token).jti).split('.')[2],
    claimsOf(id_token).jti,
  ])
  assert.equal(new Set(references).size, 4)
  const longer = await server.aUser({ email: 'longer@example.com', id: `auth0|${'x'.repeat(20)}` as UserId })
  const { id_token } = await server.signIn({ client: one, user: longer })
  assert.equal(String(claimsOf(id_token).jti).length, references[1]?.toString().length)
})

test('OpenID Connect Core §8.1: refreshed, device, password and opaque tokens say no more', async () => {
  const tokens = await signIn()
  const { sub } = claimsOf(tokens.id_token)
  await assertHidden(await granted(await refresh(server, one, tokens.refresh_token)), sub)
  const codes = await codesFor(server, one, { audience: api.identifier, scope: 'openid read:contacts' })
  await approve(server, user, codes.user_code)
  await assertHidden(await granted(await poll(server, one, codes.device_code)), sub)
  const [connection] = (await rowsOf(server).connections.list({ limit: 1 })).items
  const tenant = await server.store.tenants.find('main' as TenantId)
  assert.ok(connection && tenant)
  const settings = { ...tenant.settings, defaultDirectory: connection.name, allowTokenInfo: true }
  await server.store.tenants.update({ ...tenant, settings })
  const owner = { username: user.email, password: user.password, audience: api.identifier }
  await assertHidden(
    await granted(await token(server, { grant_type: 'password', ...credentials(one), ...owner })),
    sub,
  )
  const opaque = await server.signIn({ client: one, user })
  assert.equal((await json(await userInfo(server, opaque.access_token))).sub, sub)
  assert.equal((await introspect(one, opaque.access_token)).sub, sub)
  assert.equal((await introspect(one, (await signIn()).refresh_token)).sub, sub)
})

test('OpenID Connect Core §8.1: a format of an extension cannot give the user away', async () => {
  const at = await server.anApi({ identifier: 'https://plain.test/', tokenFormat: 'plain' })
  const { access_token, id_token } = await signIn(one, at)
  assert.equal(access_token.includes(user.id), false)
  assert.equal((await json(await userInfo(server, access_token))).sub, claimsOf(id_token).sub)
})

test('RFC 7662 §5: whoever introspects reads the name by which it knows the user itself', async () => {
  const tokens = await signIn()
  const { sub } = claimsOf(tokens.id_token)
  assert.equal((await introspect(one, tokens.access_token)).sub, sub)
  assert.equal((await introspect(contacts, tokens.access_token)).sub, user.id)
  const shy = await server.aClient({
    applicationType: 'resource_server',
    resourceServerIdentifier: api.identifier,
    redirectUris: [],
    pairwise: {},
  })
  const known = (await introspect(shy, tokens.access_token)).sub
  assert.equal(new Set([known, sub, user.id]).size, 3)
  assert.equal(
    (await introspect(shy, (await signIn(two)).access_token)).sub,
    known,
    'one name for all clients',
  )
  const body = form({ ...credentials(one), token: tokens.access_token })
  const headers = { accept: 'application/token-introspection+jwt' }
  const signed = await server.fetch(`${server.issuer}oauth/introspect`, { method: 'POST', body, headers })
  assert.deepEqual(
    claimsOf(await signed.text()).token_introspection,
    await introspect(one, tokens.access_token),
  )
})

function trade(as: TestClient, given: Given): Promise<Response> {
  return token(server, {
    grant_type: exchange,
    ...credentials(as),
    subject_token_type: `${tokenType}access_token`,
    audience: backend.identifier,
    ...given,
  })
}

test('RFC 8693 §2.2.1: an exchanged token names the user and the actor as its own client knows them', async () => {
  const tokens = await signIn()
  const gateway = await aClientAt('https://gateway.test/', { resourceServerIdentifier: api.identifier })
  for (const clientId of [gateway.id, one.id]) {
    const scope = ['read:contacts']
    await server.aClientGrant({ clientId, audience: backend.identifier, scope, subjectType: 'user' })
  }
  const own = await signIn(gateway)
  const { sub } = claimsOf(own.id_token)
  const actor = { actor_token: own.access_token, actor_token_type: `${tokenType}access_token` }
  const traded = await granted(await trade(gateway, { subject_token: tokens.access_token, ...actor }))
  const claims = claimsOf(traded.access_token)
  assert.deepEqual([claims.sub, claims.act], [sub, { sub }])
  assert.equal(JSON.stringify(claims).includes(user.id), false)
  assert.equal((await introspect(gateway, traded.access_token)).sub, sub)

  const byIdToken = { subject_token: tokens.id_token, subject_token_type: `${tokenType}id_token` }
  const { access_token } = await granted(await trade(one, byIdToken))
  assert.equal(claimsOf(access_token).sub, claimsOf(tokens.id_token).sub)
})

test('RFC 7009 §2.1: revocation finds the user behind a pairwise sub', async () => {
  const [tokens, kept] = [await signIn(), await signIn(two)]
  const body = form({ ...credentials(one), token: tokens.access_token })
  assert.equal((await server.fetch(`${server.issuer}oauth/revoke`, { method: 'POST', body })).status, 200)
  assert.equal((await userInfo(server, tokens.access_token)).status, 401)
  const { access_token } = await granted(await refresh(server, one, tokens.refresh_token))
  assert.equal((await userInfo(server, access_token ?? '')).status, 200)
  const browser = server.browser()
  const page = await browser.logIn(await browser.open(`${server.issuer}account/applications`), user)
  const forms = page.html.match(/<form[\s\S]*?<\/form>/g) ?? []
  const html = forms.find((found) => found.includes(`value="${one.id}"`)) ?? assert.fail('not listed')
  await browser.submit({ ...page, html }, { action: 'revoke' })
  assert.equal((await userInfo(server, access_token ?? '')).status, 401)
  assert.equal((await userInfo(server, kept.access_token)).status, 200)
  server.advance('1s')
})

test('RFC 7009 §2.1: a token is revoked whatever reference stands behind its id', async () => {
  const { access_token } = await signIn(
    one,
    await server.anApi({ identifier: 'https://p.test/', tokenFormat: 'plain' }),
  )
  const claims = JSON.parse(access_token.slice(6))
  const body = form({ ...credentials(one), token: access_token })
  await server.fetch(`${server.issuer}oauth/revoke`, { method: 'POST', body })
  const again = `plain ${JSON.stringify({ ...claims, tokenId: `${claims.tokenId}.more` })}`
  assert.equal((await userInfo(server, again)).status, 401)
})

test('OpenID Connect Core §5.3.3: a blocked user is found behind a pairwise sub', async () => {
  const blocked = await server.aUser({ email: 'blocked@example.com' })
  const tokens = await server.signIn({ client: one, user: blocked, api, scope: 'openid' })
  const ask = () =>
    server.fetch(`${server.issuer}tokeninfo`, { method: 'POST', body: form({ id_token: tokens.id_token }) })
  const { sub, user_id } = await json(await ask())
  assert.deepEqual([sub, user_id], [claimsOf(tokens.id_token).sub, sub])
  const stored = await rowsOf(server).users.find(blocked.id)
  assert.ok(stored)
  await rowsOf(server).users.update({ ...stored, blocked: true })
  await assertJsonRefusal(server, await ask(), {
    status: 401,
    error: 'invalid_token',
    rule: 'token_info.invalid_token',
  })
  assert.equal((await userInfo(server, tokens.access_token)).status, 401)
  assert.deepEqual(await introspect(one, tokens.access_token), { active: false })
})

test('OpenID Connect Core §8.1: a client that becomes pairwise, or public, keeps the tokens that it has', async () => {
  const client = await aClientAt('https://moves.test/callback')
  const { pairwise: _before, ...publicOne } = (await rowsOf(server).clients.find(client.id)) ?? assert.fail()
  const hidden = await signIn(client)
  const updated = await rowsOf(server).clients.update(publicOne)
  assert.ok(updated.kind === 'updated')
  assert.equal((await json(await userInfo(server, hidden.access_token))).sub, user.id)
  const open = await signIn(client)
  await rowsOf(server).clients.update({ ...updated.value, pairwise: {} })
  assert.equal((await userInfo(server, open.access_token)).status, 200)
})

test('Back-Channel Logout §2.1: two sectors do not find one session behind their sids', async () => {
  const browser = server.browser()
  const [first, second] = [await signIn(one, api, browser), await signIn(two, api, browser)]
  const open = await signIn(await server.aClient(), api, browser)
  const sids = [first, second, open].map(({ id_token }) => claimsOf(id_token).sid)
  assert.equal(new Set(sids).size, 3)
  const isLoggedIn = async () =>
    (await browser.open(`${server.issuer}account/applications`)).html.includes('name="password"') === false
  await browser.open(
    `${server.issuer}oidc/logout?${form({ client_id: two.id, logout_hint: String(sids[0]) })}`,
  )
  assert.equal(await isLoggedIn(), true, 'the hint of another sector proves nothing')
  await browser.open(`${server.issuer}oidc/logout?${form({ id_token_hint: first.id_token })}`)
  assert.equal(await isLoggedIn(), false)
})
