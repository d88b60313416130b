import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { JWTPayload } from 'jose'
import type { ProtectOptions } from '../src/sdk.ts'
import { anIssuer, aRequest, audience, contactsApi, issuer, outcome } from './an-issuer.ts'

const server = await anIssuer()

async function judged(token: string, options: Partial<ProtectOptions> = {}) {
  return outcome(await contactsApi(server, options).authenticate(aRequest(token)))
}

/** An ID token whose client was, by mistake, given the identifier of the API. */
function idToken(changed: JWTPayload) {
  const { now } = server
  const claims = { iss: issuer, sub: 'auth0|1', aud: audience, iat: now, exp: now + 600, ...changed }
  return server.sign(claims, { header: { typ: 'JWT' } })
}

test('RFC 9068 §2.1: the type of an access token is accepted in each of its spellings', async (t) => {
  for (const typ of ['at+jwt', 'AT+JWT', 'application/at+jwt']) {
    await t.test(typ, async () =>
      assert.equal(await judged(await server.token({}, { header: { typ } })), 'allowed'),
    )
  }
})

test('RFC 9068 §2.1: JWT, or no type, is accepted as Auth0 and others issue it', async () => {
  assert.equal(await judged(await server.auth0Token()), 'allowed')
  assert.equal(await judged(await server.token({}, { header: { typ: undefined } })), 'allowed')
})

test('RFC 8725 §3.11: a JWT with the type of another purpose is refused', async (t) => {
  for (const typ of ['logout+jwt', 'dpop+jwt', 'secevent+jwt', 'oauth-authz-req+jwt', 'at+jwt+x', 7]) {
    await t.test(String(typ), async () => {
      assert.equal(await judged(await server.token({}, { header: { typ } })), '401 invalid_token')
    })
  }
})

test('RFC 8725 §3.12: an ID token is not an access token', async (t) => {
  const changes = {
    'with the nonce of a login': { nonce: 'n-1', azp: 'app-1' },
    'with the hash of an access token': { at_hash: 'h', azp: 'app-1' },
    'with the hash of a code': { c_hash: 'h', azp: 'app-1' },
    'with the hash of a state': { s_hash: 'h', azp: 'app-1' },
    'from a refresh, without any of these': {},
    'whose audience is its client': { aud: [audience, 'app-1'], azp: 'app-1' },
  }
  for (const [name, change] of Object.entries(changes)) {
    await t.test(name, async () => assert.equal(await judged(await idToken(change)), '401 invalid_token'))
  }
})

test('RFC 8725 §3.12: a logout token without its type is not an access token', async () => {
  const events = { 'http://schemas.openid.net/event/backchannel-logout': {} }
  assert.equal(await judged(await idToken({ azp: 'app-1', events })), '401 invalid_token')
})

test('RFC 9068 §2: strict accepts a complete access token', async () => {
  assert.equal(await judged(await server.token(), { strict: true }), 'allowed')
})

test('RFC 9068 §2.1: strict refuses any other type', async () => {
  assert.equal(await judged(await server.auth0Token(), { strict: true }), '401 invalid_token')
  const untyped = await server.token({}, { header: { typ: undefined } })
  assert.equal(await judged(untyped, { strict: true }), '401 invalid_token')
})

test('RFC 9068 §2.2: strict refuses a token without a required claim', async (t) => {
  for (const claim of ['iss', 'exp', 'aud', 'sub', 'client_id', 'iat', 'jti']) {
    await t.test(claim, async () => {
      assert.equal(
        await judged(await server.token({ [claim]: undefined }), { strict: true }),
        '401 invalid_token',
      )
    })
  }
})
