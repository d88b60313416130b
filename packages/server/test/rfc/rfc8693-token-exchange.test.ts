import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { startTestServer, type TestClient, type TokenSet } from '../../src/testkit/testkit.ts'
import {
  assertJsonRefusal,
  claimsOf,
  credentials,
  form,
  type Given,
  granted,
  json,
  rowsOf,
  token,
} from './requests.ts'

const server = await startTestServer()
after(() => server.close())
const grantType = 'urn:ietf:params:oauth:grant-type:token-exchange'
const accessToken = 'urn:ietf:params:oauth:token-type:access_token'
const idToken = 'urn:ietf:params:oauth:token-type:id_token'
const api = await server.anApi()
const backend = await server.anApi({
  identifier: 'https://backend.test/',
  scopes: ['read:contacts', 'audit'],
})
const user = await server.aUser()
const spa = await server.aClient()
const both = { impersonation: true, delegation: true }
const gateway = await anExchanger({ resourceServerIdentifier: api.identifier })

/** A client that may exchange tokens, with a client grant for the backend. */
async function anExchanger(given: Parameters<typeof server.aClient>[0] = {}): Promise<TestClient> {
  const grantTypes = ['authorization_code', 'refresh_token', 'client_credentials', grantType]
  const client = await server.aClient({ grantTypes, tokenExchange: both, ...given })
  for (const subjectType of ['user', 'client'] as const) {
    const scope = ['read:contacts', 'audit']
    await server.aClientGrant({ clientId: client.id, audience: backend.identifier, scope, subjectType })
  }
  return client
}

function signIn(client = spa, scope = 'openid read:contacts create:contacts'): Promise<TokenSet> {
  return server.signIn({ client, user, api, scope })
}

function exchange(subjectToken: string | undefined, given: Given = {}, as = gateway): Promise<Response> {
  return token(server, {
    grant_type: grantType,
    ...credentials(as),
    subject_token: subjectToken,
    subject_token_type: accessToken,
    audience: backend.identifier,
    ...given,
  })
}

/** The client's own access token for the backend. */
async function ownToken(client: TestClient): Promise<string> {
  const request = { grant_type: 'client_credentials', ...credentials(client), audience: backend.identifier }
  return (await granted(await token(server, request))).access_token ?? ''
}

test('RFC 8693 §1.1: an API gets a token for the next API in the place of the user', async () => {
  const { access_token } = await signIn()
  const answer = await granted(await exchange(access_token))
  assert.deepEqual(Object.keys(answer).sort(), [
    'access_token',
    'expires_in',
    'issued_token_type',
    'scope',
    'token_type',
  ])
  assert.equal(answer.issued_token_type, accessToken)
  assert.equal(answer.scope, 'read:contacts', 'what both the subject token and the client grant hold')
  const claims = claimsOf(answer.access_token)
  assert.deepEqual(
    [claims.sub, claims.aud, claims.azp, claims.gty, 'act' in claims],
    [user.id, backend.identifier, gateway.id, grantType, false],
  )
})

test('RFC 8693 §2.2.1: the new token ends no later than the one it is for', async () => {
  const { access_token } = await signIn()
  server.advance('80000s')
  const answer = await granted(await exchange(access_token))
  assert.equal(answer.expires_in, 6400)
  assert.equal(claimsOf(answer.access_token).exp, claimsOf(access_token).exp)
})

test('RFC 8693 §4.1: an actor token names who acts, and the chain keeps who acted before', async () => {
  const { access_token } = await signIn()
  const actor = { actor_token: await ownToken(gateway), actor_token_type: accessToken }
  const first = await granted(await exchange(access_token, actor))
  const act = { sub: `${gateway.id}@clients` }
  assert.deepEqual(claimsOf(first.access_token).act, act)
  const next = await anExchanger({ resourceServerIdentifier: backend.identifier })
  const second = await granted(
    await exchange(
      first.access_token,
      { actor_token: await ownToken(next), actor_token_type: accessToken },
      next,
    ),
  )
  assert.deepEqual(claimsOf(second.access_token).act, { sub: `${next.id}@clients`, act })
  const impersonated = await granted(await exchange(first.access_token, {}, next))
  assert.deepEqual(claimsOf(impersonated.access_token).act, act, 'an impersonation hides nobody')
})

test('RFC 8693 §4.1: introspection tells who acts', async () => {
  const { access_token } = await signIn()
  const actor = { actor_token: await ownToken(gateway), actor_token_type: accessToken }
  const exchanged = await granted(await exchange(access_token, actor))
  const body = form({ ...credentials(gateway), token: exchanged.access_token })
  const response = await server.fetch(`${server.issuer}oauth/introspect`, { method: 'POST', body })
  const { active, sub, act } = await json(response)
  assert.deepEqual([active, sub, act], [true, user.id, { sub: `${gateway.id}@clients` }])
})

test("RFC 8693 §4.1: without an actor token a client that may only delegate acts itself, as Auth0's on-behalf-of", async () => {
  const { access_token } = await signIn()
  const client = await anExchanger({
    resourceServerIdentifier: api.identifier,
    tokenExchange: { impersonation: false, delegation: true },
  })
  const answer = await granted(await exchange(access_token, {}, client))
  assert.deepEqual(claimsOf(answer.access_token).act, { sub: client.id })
})

test('RFC 8693 §4.1: a chain of four is the longest', async () => {
  const client = await anExchanger({
    resourceServerIdentifier: api.identifier,
    tokenExchange: { impersonation: false, delegation: true },
  })
  let subject: string | undefined = (await signIn(client, 'read:contacts')).access_token
  for (let depth = 1; depth <= 4; depth++)
    subject = (await granted(await exchange(subject, {}, client))).access_token
  await assertJsonRefusal(server, await exchange(subject, {}, client), {
    error: 'invalid_request',
    rule: 'exchange.chain_too_long',
  })
})

test('RFC 8693 §2.1: an ID token of the client says who, and its client grant says what', async () => {
  const { id_token } = await signIn(gateway)
  const given = { subject_token_type: idToken }
  const answer = await granted(await exchange(id_token, given))
  assert.equal(answer.scope, 'read:contacts audit')
  const less = await granted(await exchange(id_token, { ...given, scope: 'audit admin openid' }))
  assert.equal(less.scope, 'audit')
})

test('RFC 8693 §2.1: a client reduces its own token without a client grant', async () => {
  const { access_token } = await signIn(gateway)
  const answer = await granted(await exchange(access_token, { audience: undefined, scope: 'read:contacts' }))
  assert.equal(answer.scope, 'read:contacts')
  assert.equal(claimsOf(answer.access_token).aud, api.identifier)
})

test('RFC 8693 §2.1: nothing is asked for and nothing new is given', async () => {
  const { access_token } = await signIn(spa, 'openid')
  const answer = await granted(await exchange(access_token))
  assert.equal('scope' in answer, false)
})

test('RFC 8693 §2.2.2: never more scopes than the subject token has', async () => {
  const { access_token } = await signIn()
  await assertJsonRefusal(server, await exchange(access_token, { scope: 'audit' }), {
    error: 'invalid_scope',
    rule: 'represented.scope_not_granted',
  })
})

test('RFC 8693 §2.2.2: never an API that the client has no grant for', async (t) => {
  const { access_token } = await signIn()
  const opaque = await server.signIn({ client: gateway, user })
  const other = await server.anApi({ identifier: 'https://other.test/' })
  const rows: readonly {
    readonly name: string
    readonly token: string
    readonly given: Given
    readonly rule: string
  }[] = [
    {
      name: 'an API without a client grant',
      token: access_token,
      given: { audience: other.identifier },
      rule: 'represented.no_client_grant',
    },
    {
      name: 'the API of the subject token, which went to another client',
      token: access_token,
      given: { audience: undefined },
      rule: 'represented.no_client_grant',
    },
    {
      name: 'an unknown resource',
      token: access_token,
      given: { audience: undefined, resource: 'https://nowhere.test/' },
      rule: 'target.resource_unknown',
    },
    {
      name: 'none at all',
      token: opaque.access_token,
      given: { audience: undefined },
      rule: 'represented.no_target',
    },
  ]
  for (const { name, token: subject, given, rule } of rows) {
    await t.test(name, async () => {
      await assertJsonRefusal(server, await exchange(subject, given), { error: 'invalid_target', rule })
    })
  }
})

test('RFC 8693 §1.1: which exchanges a client may make is its own policy', async (t) => {
  const { access_token } = await signIn()
  const actor = { actor_token: await ownToken(gateway), actor_token_type: accessToken }
  const rows = [
    { name: 'none where nothing is said', tokenExchange: undefined, given: {} },
    {
      name: 'none where both are off',
      tokenExchange: { impersonation: false, delegation: false },
      given: {},
    },
    {
      name: 'no delegation where only impersonation is on',
      tokenExchange: { impersonation: true, delegation: false },
      given: actor,
    },
  ]
  for (const { name, tokenExchange, given } of rows) {
    await t.test(name, async () => {
      const client = await server.aClient({
        grantTypes: [grantType],
        resourceServerIdentifier: api.identifier,
        ...(tokenExchange !== undefined && { tokenExchange }),
      })
      await assertJsonRefusal(server, await exchange(access_token, given, client), {
        error: 'unauthorized_client',
        rule: 'exchange.not_allowed',
      })
    })
  }
})

test('RFC 8693 §2.1: a client without the grant, or without a secret, exchanges nothing', async () => {
  const { access_token } = await signIn()
  const without = await server.aClient({ tokenExchange: both })
  await assertJsonRefusal(server, await exchange(access_token, {}, without), {
    error: 'unauthorized_client',
    rule: 'token.grant_type_not_allowed',
  })
  const open = await anExchanger({ tokenEndpointAuthMethod: 'none' })
  await assertJsonRefusal(server, await exchange(access_token, {}, open), {
    error: 'unauthorized_client',
    rule: 'token.public_client',
  })
})

test('RFC 8693 §2.1: types that this server does not exchange', async (t) => {
  const { access_token } = await signIn()
  const own = await ownToken(gateway)
  const jwt = 'urn:ietf:params:oauth:token-type:jwt'
  const rows: readonly { readonly name: string; readonly given: Given; readonly rule: string }[] = [
    {
      name: 'another type of subject token',
      given: { subject_token_type: jwt },
      rule: 'exchange.token_type_unsupported',
    },
    {
      name: 'another type of actor token',
      given: { actor_token: own, actor_token_type: jwt },
      rule: 'exchange.token_type_unsupported',
    },
    {
      name: 'an ID token that is asked for',
      given: { requested_token_type: idToken },
      rule: 'exchange.requested_token_type',
    },
    {
      name: 'a refresh token that is asked for',
      given: { requested_token_type: 'urn:ietf:params:oauth:token-type:refresh_token' },
      rule: 'exchange.requested_token_type',
    },
    {
      name: 'an actor token without its type',
      given: { actor_token: own },
      rule: 'exchange.actor_token_type',
    },
    {
      name: 'a type without its actor token',
      given: { actor_token_type: accessToken },
      rule: 'exchange.actor_token_type',
    },
    { name: 'no type', given: { subject_token_type: undefined }, rule: 'parameter.missing' },
    { name: 'no subject token', given: { subject_token: undefined }, rule: 'parameter.missing' },
  ]
  for (const { name, given, rule } of rows) {
    await t.test(name, async () => {
      await assertJsonRefusal(server, await exchange(access_token, given), { error: 'invalid_request', rule })
    })
  }
})

test('RFC 8693 §2.2.2: a subject token that is not alive, not ours or not what it is called', async (t) => {
  const tokens = await signIn(gateway, 'openid offline_access read:contacts')
  const revoked = await signIn(gateway, 'offline_access read:contacts')
  const body = new URLSearchParams({
    client_id: gateway.id,
    client_secret: gateway.secret,
    token: revoked.access_token,
  })
  assert.equal((await server.fetch(`${server.issuer}oauth/revoke`, { method: 'POST', body })).status, 200)
  const forged = `${tokens.access_token.slice(0, -8)}AAAAAAAA`
  const rows: readonly {
    readonly name: string
    readonly token: string | undefined
    readonly given: Given
  }[] = [
    { name: 'a word', token: 'banana', given: {} },
    { name: 'a wrong signature', token: forged, given: {} },
    { name: 'a revoked token', token: revoked.access_token, given: {} },
    { name: 'a refresh token', token: tokens.refresh_token, given: {} },
    { name: 'an ID token as an access token', token: tokens.id_token, given: {} },
    {
      name: 'an access token as an ID token',
      token: tokens.access_token,
      given: { subject_token_type: idToken },
    },
  ]
  for (const { name, token: subject, given } of rows) {
    await t.test(name, async () => {
      const refused = { error: 'invalid_request', rule: 'exchange.subject_token_invalid' }
      await assertJsonRefusal(server, await exchange(subject, given), refused)
    })
  }
  server.advance('86401s')
  for (const [subject, type] of [
    [tokens.access_token, accessToken],
    [tokens.id_token, idToken],
  ] as const) {
    await assertJsonRefusal(server, await exchange(subject, { subject_token_type: type }), {
      error: 'invalid_request',
      rule: 'exchange.subject_token_invalid',
    })
  }
})

test('RFC 8693 §2.2.2: what was exchanged dies with what it was exchanged for', async () => {
  const { access_token, refresh_token } = await signIn(gateway, 'offline_access read:contacts')
  const answer = await granted(await exchange(access_token))
  const body = new URLSearchParams({
    client_id: gateway.id,
    client_secret: gateway.secret,
    token: refresh_token ?? '',
  })
  await server.fetch(`${server.issuer}oauth/revoke`, { method: 'POST', body })
  await assertJsonRefusal(server, await exchange(answer.access_token), {
    error: 'invalid_request',
    rule: 'exchange.subject_token_invalid',
  })
})

test('RFC 8693 §2.2.2: a token that went elsewhere is not exchanged by whoever found it', async () => {
  const stranger = await anExchanger()
  const { access_token, id_token } = await signIn()
  const refused = { error: 'invalid_request', rule: 'exchange.subject_token_not_for_client' }
  await assertJsonRefusal(server, await exchange(access_token, {}, stranger), refused)
  const given = { subject_token_type: idToken }
  await assertJsonRefusal(server, await exchange(id_token, given, stranger), refused)
})

test('RFC 8693 §2.2.2: a subject that is no user, or one who may have no tokens', async () => {
  const refused = { error: 'invalid_request', rule: 'exchange.subject_not_a_user' }
  await assertJsonRefusal(server, await exchange(await ownToken(gateway)), refused)
  const grace = await server.aUser({ email: 'grace@example.com' })
  const { access_token } = await server.signIn({ client: gateway, user: grace, api, scope: 'read:contacts' })
  const { password: _password, ...row } = grace
  await rowsOf(server).users.update({ ...row, blocked: true })
  await assertJsonRefusal(server, await exchange(access_token), refused)
})

test('RFC 8693 §2.2.2: an actor token must be valid and the own one of the client', async (t) => {
  const { access_token } = await signIn()
  const stranger = await anExchanger()
  const mary = await server.aUser({ email: 'mary@example.com' })
  const hers = await server.signIn({ client: gateway, user: mary })
  const { password: _password, ...row } = mary
  const blocked = await rowsOf(server).users.update({ ...row, blocked: true })
  assert.equal(blocked.kind, 'updated')
  const rows = [
    { name: 'a word', token: 'banana', type: accessToken },
    { name: "another client's", token: await ownToken(stranger), type: accessToken },
    { name: "another client's ID token", token: (await signIn()).id_token, type: idToken },
    { name: 'of a blocked user', token: hers.access_token, type: accessToken },
  ]
  for (const { name, token: actor, type } of rows) {
    await t.test(name, async () => {
      const response = await exchange(access_token, { actor_token: actor, actor_token_type: type })
      const refused = { error: 'invalid_request', rule: 'exchange.actor_token_invalid' }
      await assertJsonRefusal(server, response, refused)
    })
  }
})
