import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { Client } from '../../src/domain/client.ts'
import { hashed } from '../../src/domain/secrets.ts'
import { startTestServer, type TestClient, type TestServer } from '../../src/testkit/testkit.ts'
import { engines } from '../support/engines.ts'
import {
  assertJsonRefusal,
  claimsOf,
  type Given,
  granted,
  json,
  refresh,
  rowsOf,
  userInfo,
} from './requests.ts'

const server = await startTestServer()
after(() => server.close())
const user = await server.aUser()
const api = await server.anApi()
const other = await server.anApi({
  identifier: 'https://calendar.test/',
  scopes: ['read:events', 'add:events'],
})
const lifetimes = { lifetimeSeconds: 2_592_000, idleLifetimeSeconds: 1_296_000 } as const
const policies = [{ audience: other.identifier, scope: ['read:events', 'gone:events'] }]
const client = await aClient({})

function aClient(given: Partial<Client>, policy: Partial<Client['refreshToken']> = {}): Promise<TestClient> {
  const refreshToken = { rotating: true, leewaySeconds: 30, ...lifetimes, policies, ...policy }
  return server.aClient({ refreshToken, ...given })
}

const scope = 'openid offline_access read:contacts'

async function signIn(as = client): Promise<string | undefined> {
  return (await server.signIn({ client: as, user, api, scope })).refresh_token
}

async function renewed(token: string | undefined, given: Given, as = client) {
  return granted(await refresh(server, as, token, given))
}

test('RFC 8707 §2.2: a policy opens another API with its scopes, and the family stays what it was', async () => {
  const first = await signIn()
  const elsewhere = await renewed(first, { audience: other.identifier })
  assert.equal(elsewhere.scope, 'openid offline_access read:events')
  assert.deepEqual(claimsOf(elsewhere.access_token).aud, [other.identifier, `${server.issuer}userinfo`])
  assert.equal((await userInfo(server, elsewhere.access_token ?? '')).status, 200)
  const home = await renewed(elsewhere.refresh_token, {})
  assert.equal(home.scope, scope)
  assert.deepEqual(claimsOf(home.access_token).aud, [api.identifier, `${server.issuer}userinfo`])
})

test('RFC 8707 §2.2: resource names the other API as well, and fewer scopes can be asked for', async () => {
  const first = await signIn()
  const given = { resource: other.identifier, scope: 'read:events read:contacts' }
  const answer = await renewed(first, given)
  assert.equal(answer.scope, 'read:events', 'a scope of the API that the grant was for is none of this one')
  assert.equal('id_token' in answer, false)
})

test('RFC 6749 §6: a scope that no policy gives is refused, and the token stays whole', async () => {
  const first = await signIn()
  const response = await refresh(server, client, first, { audience: other.identifier, scope: 'add:events' })
  await assertJsonRefusal(server, response, { error: 'invalid_scope', rule: 'refresh.scope_not_granted' })
  await renewed(first, {})
})

test('RFC 8707 §2.2: no policy, no other API', async (t) => {
  const closed = await server.anApi({ identifier: 'https://closed.test/', allowOfflineAccess: false })
  const policy = (audience: string) => ({ policies: [{ audience, scope: ['read:contacts'] }] })
  const rows: readonly {
    readonly name: string
    readonly as: TestClient
    readonly audience: string | string[]
  }[] = [
    { name: 'without policies', as: await server.aClient(), audience: other.identifier },
    { name: 'an API that no policy names', as: client, audience: closed.identifier },
    {
      name: 'an API that allows no offline access',
      as: await aClient({}, policy(closed.identifier)),
      audience: closed.identifier,
    },
    {
      name: 'an API that is gone',
      as: await aClient({}, policy('https://gone.test/')),
      audience: 'https://gone.test/',
    },
    { name: 'two APIs at once', as: client, audience: [other.identifier, api.identifier] },
  ]
  for (const { name, as, audience } of rows) {
    await t.test(name, async () => {
      const first = await signIn(as)
      const given = typeof audience === 'string' ? { audience } : { resource: audience }
      await assertJsonRefusal(server, await refresh(server, as, first, given), {
        error: 'invalid_target',
        rule: 'refresh.other_audience',
      })
    })
  }
})

test("RFC 9700 §4.14.2: what the grant's own API withdraws is withdrawn from the other APIs too", async (t) => {
  const home = await server.anApi({ identifier: 'https://home.test/' })
  const { refresh_token } = await server.signIn({ client, user, api: home, scope })
  const { resourceServers } = rowsOf(server)
  const there = { audience: other.identifier }
  await t.test('offline access', async () => {
    await resourceServers.update({ ...home, allowOfflineAccess: false })
    const response = await refresh(server, client, refresh_token, there)
    await assertJsonRefusal(server, response, { error: 'invalid_grant', rule: 'refresh.offline_withdrawn' })
  })
  await t.test('itself', async () => {
    await resourceServers.delete(home.id)
    const response = await refresh(server, client, refresh_token, there)
    await assertJsonRefusal(server, response, { error: 'invalid_target', rule: 'target.api_gone' })
  })
})

test('RFC 6749 §3.3: a policy gives no more than the API lets the client have', async () => {
  const strict = await server.anApi({
    identifier: 'https://strict.test/',
    scopes: ['a', 'b'],
    subjectTypeAuthorization: { user: 'require_client_grant', client: 'deny_all' },
  })
  const as = await aClient({}, { policies: [{ audience: strict.identifier, scope: ['a', 'b'] }] })
  const first = await signIn(as)
  await assertJsonRefusal(server, await refresh(server, as, first, { audience: strict.identifier }), {
    error: 'unauthorized_client',
    rule: 'target.client_not_authorized',
  })
  await server.aClientGrant({
    clientId: as.id,
    audience: strict.identifier,
    scope: ['b'],
    subjectType: 'user',
  })
  const answer = await renewed(first, { audience: strict.identifier }, as)
  assert.equal(answer.scope, 'openid offline_access b')
})

test('RFC 6749 §3.3: what the user declined stays out, and a third-party client needs what the user allowed', async () => {
  const { consents } = rowsOf(server)
  const wide = { policies: [{ audience: other.identifier, scope: ['read:events', 'add:events'] }] }
  const rows = [
    { as: await aClient({}, wide), expected: 'openid offline_access add:events' },
    { as: await aClient({ isFirstParty: false }, wide), expected: 'openid offline_access' },
  ]
  for (const { as, expected } of rows) {
    for (const target of [api, other]) {
      const scopes = ['openid', 'offline_access', 'read:contacts']
      await server.aClientGrant({
        clientId: as.id,
        audience: target.identifier,
        scope: target.scopes.map(({ value }) => value),
        subjectType: 'user',
      })
      await consents.save({
        userId: user.id,
        clientId: as.id,
        audience: target.identifier,
        granted: target === api ? scopes : [],
        declined: target === api ? [] : ['read:events'],
        updatedAt: server.now(),
      })
    }
    const first = await signIn(as)
    assert.equal((await renewed(first, { audience: other.identifier }, as)).scope, expected)
  }
})

test('RFC 9700 §4.14.2: within the leeway a token serves two APIs and has one successor', async () => {
  const first = await signIn()
  const [home, elsewhere] = await Promise.all([
    renewed(first, {}),
    renewed(first, { audience: other.identifier }),
  ])
  assert.equal(home.refresh_token, elsewhere.refresh_token)
  await renewed(home.refresh_token, {})
})

test('RFC 9700 §4.14.2: the absolute end stays when a family rotates, and the idle end moves', async () => {
  const as = await aClient({}, { lifetimeSeconds: 1000, idleLifetimeSeconds: 300 })
  let newest = await signIn(as)
  for (const _ of [1, 2, 3]) {
    server.advance('299s')
    newest = (await renewed(newest, {}, as)).refresh_token
  }
  server.advance('103s')
  await assertJsonRefusal(server, await refresh(server, as, newest), {
    error: 'invalid_grant',
    rule: 'refresh.unknown',
  })
})

test('RFC 9700 §4.14.2: a client that is switched back goes on with its newest token alone', async () => {
  const as = await aClient({})
  const first = await signIn(as)
  const second = await renewed(first, {}, as)
  const { secret: _secret, ...row } = as
  await rowsOf(server).clients.update({ ...row, refreshToken: { rotating: false, leewaySeconds: 0 } })
  await assertJsonRefusal(server, await refresh(server, as, first), {
    error: 'invalid_grant',
    rule: 'refresh.unknown',
  })
  assert.equal('refresh_token' in (await renewed(second.refresh_token, {}, as)), false)
})

test('RFC 6749 §5.2: a user who was blocked or deleted renews nothing', async () => {
  const grace = await server.aUser({ email: 'grace@example.com' })
  const { refresh_token: first } = await server.signIn({ client, user: grace, api, scope })
  const { users } = rowsOf(server)
  const { password: _password, ...row } = grace
  await users.update({ ...row, blocked: true })
  await assertJsonRefusal(server, await refresh(server, client, first), {
    error: 'invalid_grant',
    rule: 'user.blocked',
  })
  await users.delete(grace.id)
  const response = await refresh(server, client, first)
  const { error_description } = await json(response.clone())
  assert.equal(
    error_description,
    "The refresh_token was generated for a user who doesn't exist anymore.",
    'the SDKs of Auth0 compare it',
  )
  await assertJsonRefusal(server, response, { error: 'invalid_grant', rule: 'refresh.user_gone' })
  await assertJsonRefusal(server, await refresh(server, await aClient({}), first), {
    error: 'invalid_grant',
    rule: 'refresh.unknown',
  })
})

test('RFC 6749 §5.2: a family of a deleted user is forgotten when it would have ended', async () => {
  const short = await aClient({}, { lifetimeSeconds: 600, idleLifetimeSeconds: 600 })
  const henry = await server.aUser({ email: 'henry@example.com' })
  const { refresh_token: first } = await server.signIn({ client: short, user: henry, api, scope })
  await rowsOf(server).users.delete(henry.id)
  server.advance('599s')
  const refusal = { error: 'invalid_grant', rule: 'refresh.user_gone' } as const
  await assertJsonRefusal(server, await refresh(server, short, first), refusal)
  server.advance('1s')
  await assertJsonRefusal(server, await refresh(server, short, first), {
    error: 'invalid_grant',
    rule: 'refresh.unknown',
  })
})

test('Auth0: of 200 refresh tokens of a user with a client the oldest makes room for the next', async () => {
  const crowded = await aClient({})
  const ida = await server.aUser({ email: 'ida@example.com' })
  const tokensOf = (as = crowded, user = ida) => server.signIn({ client: as, user, api, scope })
  const { refresh_token: oldest } = await tokensOf()
  const { refresh_token: ofOther } = await tokensOf(client)
  server.advance('1s')
  const { refreshTokens } = rowsOf(server)
  const [family] = (await refreshTokens.list(ida.id, { limit: 10 }, server.now())).items
  assert.ok(family)
  const others = Array.from({ length: 199 }, (_, index) => ({
    ...family,
    clientId: crowded.id,
    selector: hashed(`family ${index}`),
    createdAt: server.now(),
  }))
  for (const one of others) await refreshTokens.create(one)
  await granted(await refresh(server, crowded, oldest))
  const { refresh_token: newest } = await tokensOf()
  await assertJsonRefusal(server, await refresh(server, crowded, oldest), {
    error: 'invalid_grant',
    rule: 'refresh.unknown',
  })
  await granted(await refresh(server, crowded, newest))
  await granted(await refresh(server, client, ofOther))
  const living = await refreshTokens.list(ida.id, { limit: 1000 }, server.now())
  assert.equal(living.items.filter(({ clientId }) => clientId === crowded.id).length, 200)
})

/** Fifty uses of one token at once. */
async function fiftyUses(on: TestServer, leewaySeconds: number) {
  const owner = await on.aUser()
  const as = await on.aClient({ refreshToken: { rotating: true, leewaySeconds, ...lifetimes } })
  const { refresh_token: first } = await on.signIn({
    client: as,
    user: owner,
    scope: 'openid offline_access',
  })
  const answers = await Promise.all(
    Array.from({ length: 50 }, async () => json(await refresh(on, as, first))),
  )
  return { as, answers, successors: answers.flatMap((answer) => answer.refresh_token ?? []) }
}

for (const { name, start } of engines) {
  test(`RFC 9700 §4.14.2: 50 uses within the leeway all get one successor, on ${name}`, async (t) => {
    const on = await start()
    t.after(() => on.close())
    const { as, successors } = await fiftyUses(on, 30)
    assert.deepEqual([successors.length, new Set(successors).size], [50, 1])
    const [successor] = successors
    await granted(await refresh(on, as, String(successor)))
  })

  test(`RFC 9700 §4.14.2: without a leeway 50 uses end the family, on ${name}`, async (t) => {
    const on = await start()
    t.after(() => on.close())
    const { as, answers, successors } = await fiftyUses(on, 0)
    assert.ok(successors.length <= 1)
    assert.ok(answers.filter(({ error }) => error === 'invalid_grant').length >= 49)
    const [successor = 'a'] = successors
    await assertJsonRefusal(on, await refresh(on, as, String(successor)), {
      error: 'invalid_grant',
      rule: 'refresh.unknown',
    })
  })
}
