import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { protectResource } from '@valetkey/sdk'
import { startTestServer, type TestClient } from '../../src/testkit/testkit.ts'
import {
  assertJsonRefusal,
  basic,
  claimsOf,
  credentials,
  form,
  type Given,
  granted,
  json,
  refresh,
  rowsOf,
  token,
} from './requests.ts'

const server = await startTestServer()
after(() => server.close())
const user = await server.aUser()
const client = await server.aClient()
const api = await server.anApi()
const contacts = await server.aClient({
  applicationType: 'resource_server',
  resourceServerIdentifier: api.identifier,
})
const finance = await server.aClient({
  applicationType: 'resource_server',
  resourceServerIdentifier: 'https://finance.test/',
})
const userInfoApi = await server.aClient({
  applicationType: 'resource_server',
  resourceServerIdentifier: `${server.issuer}userinfo`,
})

function ask(as: TestClient, presented: string | undefined, given: Given = {}): Promise<Response> {
  const body = form({ ...credentials(as), token: presented, ...given })
  return server.fetch(`${server.issuer}oauth/introspect`, { method: 'POST', body })
}

async function answer(as: TestClient, presented: string | undefined, given: Given = {}) {
  const response = await ask(as, presented, given)
  assert.equal(response.status, 200)
  assert.equal(response.headers.get('cache-control'), 'no-store')
  return json(response)
}

const signIn = (scope = 'openid read:contacts offline_access') => server.signIn({ client, user, api, scope })

test('RFC 7662 §2.2: an API learns all about a JWT that is meant for it', async () => {
  const { access_token } = await signIn()
  const { iat, exp, jti } = claimsOf(access_token)
  assert.deepEqual(await answer(contacts, access_token), {
    active: true,
    scope: 'openid read:contacts offline_access',
    client_id: client.id,
    token_type: 'Bearer',
    exp,
    iat,
    sub: user.id,
    aud: [api.identifier, `${server.issuer}userinfo`],
    iss: server.issuer,
    jti,
  })
})

test('RFC 7662 §2.2: a client learns about its own opaque token', async () => {
  const { access_token } = await server.signIn({ client, user, scope: 'openid' })
  const { jti, ...members } = await answer(client, access_token)
  assert.equal(typeof jti, 'string')
  assert.deepEqual(members, {
    active: true,
    scope: 'openid',
    client_id: client.id,
    token_type: 'Bearer',
    exp: server.now() + 86_400,
    iat: server.now(),
    sub: user.id,
    aud: `${server.issuer}userinfo`,
    iss: server.issuer,
  })
})

test("RFC 7662 §2.2: a client's own token has no user", async () => {
  await server.aClientGrant({ clientId: client.id, audience: api.identifier, scope: ['read:contacts'] })
  const { access_token } = await granted(
    await token(server, {
      ...credentials(client),
      grant_type: 'client_credentials',
      audience: api.identifier,
    }),
  )
  const { sub, active } = await answer(contacts, access_token)
  assert.deepEqual([active, sub], [true, `${client.id}@clients`])
})

test('RFC 7662 §2.2: a client learns about its own refresh token, which is no access token', async () => {
  const { refresh_token } = await signIn()
  assert.deepEqual(await answer(client, refresh_token), {
    active: true,
    scope: 'openid read:contacts offline_access',
    client_id: client.id,
    token_type: 'N_A',
    exp: server.now() + 1_296_000,
    iat: server.now(),
    sub: user.id,
    aud: api.identifier,
    iss: server.issuer,
  })
})

test('RFC 7662 §2.2: a rotated refresh token is not active', async () => {
  const { refresh_token } = await signIn()
  const renewed = await granted(await refresh(server, client, refresh_token))
  assert.deepEqual(await answer(client, refresh_token), { active: false })
  assert.equal((await answer(client, renewed.refresh_token)).active, true)
})

test('RFC 7662 §2.2: inside the leeway the token before is active still', async () => {
  const patient = await server.aClient({
    refreshToken: { rotating: true, leewaySeconds: 30, lifetimeSeconds: 3600 },
  })
  const { refresh_token } = await server.signIn({ client: patient, user, scope: 'openid offline_access' })
  await granted(await refresh(server, patient, refresh_token))
  assert.equal((await answer(patient, refresh_token)).active, true)
  server.advance('30s')
  assert.deepEqual(await answer(patient, refresh_token), { active: false })
})

test('RFC 7662 §2.2: nothing more is told about a token that is not active', async (t) => {
  const { access_token, refresh_token, id_token } = await signIn()
  const rows = [
    { name: 'unknown', as: client, presented: 'unknown' },
    { name: 'an ID token', as: client, presented: id_token },
    { name: 'a JWT with a changed signature', as: client, presented: `${access_token.slice(0, -8)}AAAAAAAA` },
    { name: 'for another API', as: finance, presented: access_token },
    { name: 'a refresh token, for an API', as: contacts, presented: refresh_token },
    { name: 'a refresh token of another client', as: finance, presented: refresh_token },
    { name: 'half a refresh token', as: client, presented: refresh_token?.split('.')[0] },
  ]
  for (const { name, as, presented } of rows) {
    await t.test(name, async () => assert.deepEqual(await answer(as, presented), { active: false }))
  }
})

test('RFC 7662 §2.1: a wrong or unknown token_type_hint changes nothing', async () => {
  const { access_token } = await signIn()
  for (const token_type_hint of ['refresh_token', 'unheard_of']) {
    assert.equal((await answer(contacts, access_token, { token_type_hint })).active, true)
  }
})

test('RFC 7662 §2.2: a token is not active once it expired', async () => {
  const { access_token } = await signIn()
  server.advance('86399s')
  assert.equal((await answer(contacts, access_token)).active, true)
  server.advance('1s')
  assert.deepEqual(await answer(contacts, access_token), { active: false })
})

test('RFC 7662 §2.2: the tokens of a blocked or deleted user are not active', async () => {
  const other = await server.aUser({ email: 'blocked@example.com' })
  const scope = 'openid read:contacts offline_access'
  const { access_token, refresh_token } = await server.signIn({ client, user: other, api, scope })
  const { users } = rowsOf(server)
  const stored = await users.find(other.id)
  assert.ok(stored)
  await users.update({ ...stored, blocked: true })
  assert.deepEqual(await answer(contacts, access_token), { active: false })
  assert.deepEqual(await answer(client, refresh_token), { active: false })
  await users.delete(other.id)
  assert.deepEqual(await answer(contacts, access_token), { active: false })
})

test('RFC 7662 §2.1: whoever does not authenticate is refused', async () => {
  const { access_token } = await signIn()
  const spa = await server.aClient({ tokenEndpointAuthMethod: 'none', applicationType: 'spa' })
  await assertJsonRefusal(server, await ask(spa, access_token), {
    status: 401,
    error: 'invalid_client',
    rule: 'introspect.public_client',
  })
  await assertJsonRefusal(server, await ask(client, access_token, { client_secret: 'wrong' }), {
    status: 401,
    error: 'invalid_client',
    rule: 'client_auth.wrong_proof',
  })
})

test('RFC 7662 §2.1: a request without a token, or by GET, is refused', async () => {
  await assertJsonRefusal(server, await ask(client, undefined), {
    error: 'invalid_request',
    rule: 'parameter.missing',
  })
  const response = await server.fetch(`${server.issuer}oauth/introspect?token=x`)
  assert.deepEqual([response.status, response.headers.get('allow')], [405, 'POST'])
})

test('RFC 7662 §2.1: the credentials may come in the header, and the body as JSON', async () => {
  const { access_token } = await signIn()
  const response = await server.fetch(`${server.issuer}oauth/introspect`, {
    method: 'POST',
    headers: { ...basic(contacts.id, contacts.secret), 'content-type': 'application/json' },
    body: JSON.stringify({ token: access_token }),
  })
  assert.equal((await json(response)).active, true)
})

test('RFC 8414 §2: the metadata names the endpoint', async () => {
  const metadata = await json(await server.fetch(`${server.issuer}.well-known/oauth-authorization-server`))
  assert.equal(metadata.introspection_endpoint, `${server.issuer}oauth/introspect`)
})

test('RFC 7662 §2.3: our SDK asks about opaque tokens, and finds out when one is revoked', async () => {
  const { access_token } = await server.signIn({ client, user, scope: 'openid' })
  const protectedApi = protectResource({
    issuer: server.issuer,
    audience: `${server.issuer}userinfo`,
    introspection: { clientId: userInfoApi.id, clientSecret: userInfoApi.secret },
    now: server.now,
    fetch: (input, init) => server.fetch(new Request(input, init)),
  })
  const request = () =>
    new Request('https://me.test/', { headers: { authorization: `Bearer ${access_token}` } })
  const verdict = await protectedApi.authenticate(request())
  assert.ok(verdict.kind === 'allowed', JSON.stringify(verdict))
  assert.deepEqual([verdict.token.subject, verdict.token.clientId], [user.id, client.id])
  const { users } = rowsOf(server)
  const stored = await users.find(user.id)
  assert.ok(stored)
  await users.update({ ...stored, blocked: true })
  assert.equal((await protectedApi.authenticate(request())).kind, 'refused')
  await users.update({ ...stored, version: stored.version + 1 })
})

test('RFC 7662 §2.2: the tokens of a deleted client are not active', async () => {
  const gone = await server.aClient()
  const { access_token } = await server.signIn({ client: gone, user, api, scope: 'read:contacts' })
  assert.equal((await answer(contacts, access_token)).active, true)
  await rowsOf(server).clients.delete(gone.id)
  assert.deepEqual(await answer(contacts, access_token), { active: false })
})
