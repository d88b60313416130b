import assert from 'node:assert/strict'
import { test } from 'node:test'
import { exportJWK, generateKeyPair } from 'jose'
import type { ProtectOptions } from '../src/sdk.ts'
import { anIssuer, aRequest, audience, contactsApi, detail, issuer, outcome } from './an-issuer.ts'

const server = await anIssuer()

async function judged(token: string, options: Partial<ProtectOptions> = {}) {
  return outcome(await contactsApi(server, options).authenticate(aRequest(token)))
}

test('RFC 9068 §4: an access token is verified and its claims are handed over', async () => {
  const token = await server.token()
  const verdict = await contactsApi(server).authenticate(aRequest(token), { scopes: ['read:contacts'] })
  assert.equal(verdict.kind, 'allowed')
  const { claims, ...named } = verdict.token
  assert.deepEqual(named, {
    value: token,
    subject: 'auth0|64f0c1d2e3f4a5b6c7d8e9f0',
    clientId: 'app-1',
    audience: [audience],
    scopes: ['read:contacts'],
    permissions: [],
    expiresAt: server.now + 600,
  })
  assert.equal(claims.jti, 'token-1')
})

test('RFC 7519 §4.1.3: an audience list that names the API among others is accepted', async () => {
  const verdict = await contactsApi(server).authenticate(aRequest(await server.auth0Token()))
  assert.equal(verdict.kind, 'allowed')
  assert.deepEqual(verdict.token.audience, [audience, `${issuer}userinfo`])
  assert.equal(verdict.token.clientId, 'app-1')
})

test('RFC 7519 §4.1.3: an API may have several identifiers', async () => {
  const token = await server.token({ aud: 'urn:contacts' })
  assert.equal(await judged(token, { audience: [audience, 'urn:contacts'] }), 'allowed')
})

test('RFC 9068 §4: a claim that does not fit is refused with invalid_token', async (t) => {
  const { now } = server
  const changes = {
    'another issuer': { iss: 'https://evil.example.com/' },
    'the issuer without its final slash': { iss: 'https://login.example.com' },
    'no issuer': { iss: undefined },
    'another audience': { aud: 'https://finance.example.com' },
    'an audience that only begins like ours': { aud: `${audience}/admin` },
    'a list of other audiences': { aud: ['https://finance.example.com'] },
    'no audience': { aud: undefined },
    'an expiry in the past': { exp: now - 6 },
    'no expiry': { exp: undefined },
    'a time not yet come': { nbf: now + 6 },
  }
  for (const [name, change] of Object.entries(changes)) {
    await t.test(name, async () => {
      assert.equal(await judged(await server.token(change)), '401 invalid_token')
    })
  }
})

test('RFC 7519 §4.1.4: clocks may differ by the tolerance and no more', async () => {
  const { now } = server
  assert.equal(await judged(await server.token({ exp: now - 4, iat: now - 600 })), 'allowed')
  assert.equal(await judged(await server.token({ nbf: now + 5, iat: now + 5 })), 'allowed')
  assert.equal(
    await judged(await server.token({ exp: now }), { clockToleranceSeconds: 0 }),
    '401 invalid_token',
  )
})

test('RFC 7519 §4.1.6: a token that was issued in the future is refused', async () => {
  assert.equal(await judged(await server.token({ iat: server.now + 6 })), '401 invalid_token')
})

test('RFC 7519 §4.1.4: a token that was accepted is refused once it has expired', async () => {
  const own = await anIssuer()
  const api = contactsApi(own)
  const token = await own.token()
  assert.equal(outcome(await api.authenticate(aRequest(token))), 'allowed')
  own.now += 605
  assert.equal(outcome(await api.authenticate(aRequest(token))), '401 invalid_token')
})

test('RFC 7515 §5.2: a token whose claims were changed is refused', async () => {
  const [header, , signature] = (await server.token()).split('.')
  const claims = btoa(JSON.stringify({ iss: issuer, aud: audience, exp: server.now + 60 })).replaceAll(
    '=',
    '',
  )
  assert.equal(await judged(`${header}.${claims}.${signature}`), '401 invalid_token')
})

test('RFC 7515 §5.2: a token signed with a key of the same name that is not ours is refused', async () => {
  const { privateKey } = await generateKeyPair('ES256')
  assert.equal(await judged(await server.token({}, { key: privateKey })), '401 invalid_token')
})

test('RFC 8725 §3.10: a key inside the token is not trusted', async () => {
  const { privateKey, publicKey } = await generateKeyPair('ES256')
  const jwk = await exportJWK(publicKey)
  const token = await server.token({}, { key: privateKey, header: { jwk, kid: undefined } })
  assert.equal(await judged(token), '401 invalid_token')
})

test('RFC 8725 §3.2: a token without a signature is refused', async () => {
  const [, claims] = (await server.token()).split('.')
  const header = btoa(JSON.stringify({ alg: 'none', typ: 'at+jwt' })).replaceAll('=', '')
  assert.equal(await judged(`${header}.${claims}.`), '401 invalid_token')
  assert.equal(await judged(`${header}.${claims}.AA`), '401 invalid_token')
})

test('RFC 8725 §3.1: the public key does not serve as a shared secret', async () => {
  const secret = new TextEncoder().encode(JSON.stringify(server.keys[0]?.jwk))
  assert.equal(
    await judged(await server.token({}, { secret, header: { alg: 'HS256' } })),
    '401 invalid_token',
  )
})

test('RFC 8725 §3.1: an algorithm that the API does not allow is refused before keys are fetched', async () => {
  const own = await anIssuer()
  const verdict = await contactsApi(own, { algorithms: ['RS256'] }).authenticate(aRequest(await own.token()))
  assert.equal(outcome(verdict), '401 invalid_token')
  assert.match(detail(verdict), /ALG_NOT_ALLOWED/)
  assert.equal(own.sent.length, 0)
})

test('RFC 8725 §3.1: the asymmetric algorithms are accepted', async (t) => {
  for (const alg of ['RS256', 'PS256', 'ES256', 'EdDSA']) {
    await t.test(alg, async () => {
      const own = await anIssuer()
      await own.rotate('key-1', alg)
      assert.equal(outcome(await contactsApi(own).authenticate(aRequest(await own.token()))), 'allowed')
    })
  }
})

test('RFC 7515 §4.1.11: a critical header that is not understood is refused', async () => {
  const [, claims, signature] = (await server.token()).split('.')
  const header = btoa(JSON.stringify({ alg: 'ES256', typ: 'at+jwt', crit: ['x'], x: 1 })).replaceAll('=', '')
  assert.equal(await judged(`${header}.${claims}.${signature}`), '401 invalid_token')
})

test('RFC 9449 §7.2: a token that is bound to a DPoP key is refused as a bearer token', async () => {
  assert.equal(await judged(await server.token({ cnf: { jkt: 'thumbprint' } })), '401 invalid_token')
})

test('RFC 8705 §3: a token that is bound to a certificate is refused as a bearer token', async () => {
  assert.equal(await judged(await server.token({ cnf: { 'x5t#S256': 'thumbprint' } })), '401 invalid_token')
})

test('RFC 6750 §3.1: an opaque token is refused when no introspection is configured', async () => {
  assert.equal(await judged('mF_9.B5f-4.1JqM'), '401 invalid_token')
  assert.equal(await judged('opaque'), '401 invalid_token')
})
