import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose'
import { startTestServer } from '../../src/testkit/testkit.ts'
import { claimsOf, codeFor, granted, headerOf, redeem, refresh } from '../rfc/requests.ts'

const server = await startTestServer()
after(() => server.close())
const user = await server.aUser()
const client = await server.aClient()
const jwks = (await (await server.fetch(`${server.issuer}.well-known/jwks.json`)).json()) as JSONWebKeySet

test('OIDC Core §2: the claims of an ID token', async () => {
  const code = await codeFor(server, { client, user }, { nonce: 'n-0S6_WzA2Mj' })
  const { id_token = '' } = await granted(await redeem(server, client, code))
  const { payload, protectedHeader } = await jwtVerify(id_token, createLocalJWKSet(jwks), {
    issuer: server.issuer,
    audience: client.id,
    algorithms: ['RS256'],
    currentDate: new Date(server.now() * 1000),
  })
  assert.deepEqual(Object.keys(protectedHeader).sort(), ['alg', 'kid', 'typ'])
  const { sid, ...claims } = payload
  assert.match(String(sid), /^[\w-]{22}$/)
  assert.deepEqual(claims, {
    iss: server.issuer,
    sub: user.id,
    aud: client.id,
    amr: ['pwd'],
    iat: server.now(),
    exp: server.now() + 36_000,
    auth_time: server.now(),
    nonce: 'n-0S6_WzA2Mj',
  })
})

test('OIDC Core §3.1.2.1: nonce comes back as it was sent, and is absent where none was', async () => {
  const nonce = `ünïcode 🗝️ ${'x'.repeat(2000)}`
  const code = await codeFor(server, { client, user }, { nonce })
  assert.equal(claimsOf((await granted(await redeem(server, client, code))).id_token).nonce, nonce)
  const { id_token } = await server.signIn({ client, user })
  assert.equal('nonce' in claimsOf(id_token), false)
})

test('OIDC Core §2: no claim is null or empty', async () => {
  const { id_token } = await server.signIn({ client, user, scope: 'openid profile email address phone' })
  for (const [name, value] of Object.entries(claimsOf(id_token)))
    assert.ok(value !== null && value !== '' && !(Array.isArray(value) && value.length === 0), name)
})

test('OIDC Core §3.1.3.3: without openid there is no ID token', async () => {
  assert.equal('id_token' in (await server.signIn({ client, user, scope: 'profile' })), false)
})

test('OIDC Core §2: the algorithm and the lifetime are those of the client', async (t) => {
  const rows = ['RS256', 'ES256', 'PS256', 'EdDSA'] as const
  for (const signingAlgorithm of rows) {
    await t.test(signingAlgorithm, async () => {
      const special = await server.aClient({ idToken: { signingAlgorithm, lifetimeSeconds: 120 } })
      const { id_token = '' } = await server.signIn({ client: special, user })
      assert.equal(headerOf(id_token).alg, signingAlgorithm)
      const { payload } = await jwtVerify(id_token, createLocalJWKSet(jwks), {
        currentDate: new Date(server.now() * 1000),
      })
      assert.equal(Number(payload.exp) - Number(payload.iat), 120)
    })
  }
})

test('OIDC Core §12.2: a refreshed ID token keeps iss, sub, aud and auth_time, and has no nonce', async () => {
  const code = await codeFor(server, { client, user }, { scope: 'openid offline_access', nonce: 'once' })
  const first = await granted(await redeem(server, client, code))
  server.advance('10m')
  const again = await granted(await refresh(server, client, first.refresh_token))
  const [old, renewed] = [claimsOf(first.id_token), claimsOf(again.id_token)]
  for (const name of ['iss', 'sub', 'aud', 'auth_time', 'amr'])
    assert.deepEqual(renewed[name], old[name], name)
  assert.equal(renewed.iat, Number(old.iat) + 600)
  assert.equal('nonce' in renewed, false)
})

test('OIDC Core §16.3: the session of an ID token is not the value of the cookie', async () => {
  const browser = server.browser()
  const { id_token } = await server.signIn({ client, user, browser })
  assert.ok(![...browser.cookies.values()].includes(String(claimsOf(id_token).sid)))
})
