import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose'
import { startTestServer } from '../../src/testkit/testkit.ts'
import { claimsOf, credentials, granted, headerOf, token, userInfo } from './requests.ts'

const server = await startTestServer()
after(() => server.close())
const user = await server.aUser()
const client = await server.aClient()
const scope = 'openid profile read:contacts'
const jwks = (await (await server.fetch(`${server.issuer}.well-known/jwks.json`)).json()) as JSONWebKeySet

test('RFC 9068 §2.1: an API that chose the profile gets at+jwt', async () => {
  const api = await server.anApi({ identifier: 'https://rfc.test/', tokenDialect: 'rfc9068_profile' })
  const { access_token } = await server.signIn({ client, user, api, scope })
  const { payload, protectedHeader } = await jwtVerify(access_token, createLocalJWKSet(jwks), {
    issuer: server.issuer,
    audience: api.identifier,
    typ: 'at+jwt',
    currentDate: new Date(server.now() * 1000),
  })
  assert.deepEqual(Object.keys(protectedHeader).sort(), ['alg', 'kid', 'typ'])
  const { jti, ...claims } = payload
  assert.match(jti ?? '', /^[\w~-]+\.[\w-]+$/)
  assert.deepEqual(claims, {
    iss: server.issuer,
    sub: user.id,
    aud: [api.identifier, `${server.issuer}userinfo`],
    iat: server.now(),
    exp: server.now() + 86_400,
    scope,
    client_id: client.id,
    auth_time: server.now(),
  })
  assert.equal((await userInfo(server, access_token)).status, 200)
})

test("RFC 9068 §2.2: Auth0's dialect has azp in the place of client_id", async () => {
  const api = await server.anApi()
  const { access_token } = await server.signIn({ client, user, api, scope })
  const { jti: _, ...claims } = claimsOf(access_token)
  assert.equal(headerOf(access_token).typ, 'JWT')
  assert.deepEqual(claims, {
    iss: server.issuer,
    sub: user.id,
    aud: [api.identifier, `${server.issuer}userinfo`],
    iat: server.now(),
    exp: server.now() + 86_400,
    scope,
    azp: client.id,
  })
})

test('RFC 9068 §2.2: without openid the API is the only audience', async () => {
  const api = await server.anApi({ identifier: 'https://single.test/' })
  const { access_token } = await server.signIn({ client, user, api, scope: 'read:contacts' })
  assert.equal(claimsOf(access_token).aud, api.identifier)
})

test('RFC 9068 §2.2: no two tokens have the same jti', async () => {
  const api = await server.anApi({ identifier: 'https://jti.test/' })
  const all = await Promise.all([1, 2, 3].map(() => server.signIn({ client, user, api, scope })))
  assert.equal(new Set(all.map(({ access_token }) => claimsOf(access_token).jti)).size, 3)
})

test('RFC 9068 §2.2: the subject of a client that acts for itself is the client', async () => {
  const api = await server.anApi({
    identifier: 'https://machine.test/',
    tokenDialect: 'rfc9068_profile',
    subjectTypeAuthorization: { user: 'allow_all', client: 'allow_all' },
  })
  const body = { grant_type: 'client_credentials', ...credentials(client), audience: api.identifier }
  const { access_token } = await granted(await token(server, body))
  const claims = claimsOf(access_token)
  assert.deepEqual([claims.sub, claims.client_id], [`${client.id}@clients`, client.id])
  assert.equal('auth_time' in claims, false)
})

test('RFC 7518 §3.1: each API signs with the algorithm that it chose', async (t) => {
  const rows = ['RS256', 'ES256', 'PS256', 'EdDSA'] as const
  for (const signingAlgorithm of rows) {
    await t.test(signingAlgorithm, async () => {
      const api = await server.anApi({ identifier: `https://${signingAlgorithm}.test/`, signingAlgorithm })
      const { access_token } = await server.signIn({ client, user, api, scope })
      const { protectedHeader } = await jwtVerify(access_token, createLocalJWKSet(jwks), {
        algorithms: [signingAlgorithm],
        currentDate: new Date(server.now() * 1000),
      })
      assert.equal(protectedHeader.alg, signingAlgorithm)
      assert.equal((await userInfo(server, access_token)).status, 200)
    })
  }
})

test('RFC 6749 §1.4: where no API is asked for, the access token is opaque', async () => {
  const { access_token, expires_in } = await server.signIn({ client, user })
  assert.match(access_token, /^[A-Za-z0-9_-]{43}$/)
  assert.equal(expires_in, 86_400)
})

test('RFC 9068 §5: the lifetime is the one of the API', async () => {
  const api = await server.anApi({ identifier: 'https://brief.test/', tokenLifetimeSeconds: 300 })
  const { access_token, expires_in } = await server.signIn({ client, user, api, scope })
  const { iat, exp } = claimsOf(access_token)
  assert.deepEqual([expires_in, Number(exp) - Number(iat)], [300, 300])
})
