import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { IntrospectionOptions } from '../src/sdk.ts'
import {
  anIssuer,
  aRequest,
  audience,
  contactsApi,
  detail,
  discoveryUrl,
  type Issuer,
  introspectionUrl,
  issuer,
  outcome,
} from './an-issuer.ts'

const credentials = { clientId: 'contacts api', clientSecret: 'a:b+c' }

function active(server: Issuer, changed: Record<string, unknown> = {}) {
  return {
    active: true,
    iss: issuer,
    aud: audience,
    sub: 'auth0|1',
    client_id: 'app-1',
    scope: 'read:contacts',
    token_type: 'Bearer',
    exp: server.now + 600,
    ...changed,
  }
}

async function judgedBy(body: unknown, options: Partial<IntrospectionOptions> = {}) {
  const server = await anIssuer()
  server.answers.set(introspectionUrl, { body })
  const api = contactsApi(server, { introspection: { ...credentials, ...options } })
  return { server, api, verdict: await api.authenticate(aRequest('opaque-1'), { scopes: ['read:contacts'] }) }
}

test('RFC 7662 §2.1: an opaque token is introspected', async () => {
  const { server, verdict } = await judgedBy(active(await anIssuer()))
  assert.equal(outcome(verdict), 'allowed')
  const { init, url } = server.sent[1] ?? assert.fail('nothing sent')
  assert.equal(url, introspectionUrl)
  assert.equal(init.method, 'POST')
  assert.equal(String(init.body), 'token=opaque-1&token_type_hint=access_token')
})

test('RFC 6749 §2.3.1: the credentials of the API are form-encoded and sent with Basic', async () => {
  const { server } = await judgedBy(active(await anIssuer()))
  const { init } = server.sent[1] ?? assert.fail('nothing sent')
  assert.equal(new Headers(init.headers).get('authorization'), `Basic ${btoa('contacts+api:a%3Ab%2Bc')}`)
})

test('RFC 7662 §2.2: what the server said is handed over', async () => {
  const { verdict, server } = await judgedBy(active(await anIssuer()))
  assert.equal(verdict.kind, 'allowed')
  assert.equal(verdict.token.subject, 'auth0|1')
  assert.equal(verdict.token.clientId, 'app-1')
  assert.deepEqual(verdict.token.scopes, ['read:contacts'])
  assert.equal(verdict.token.expiresAt, server.now + 600)
})

test('RFC 7662 §2.2: a token that is not active for this API is refused with invalid_token', async (t) => {
  const server = await anIssuer()
  const answers = {
    inactive: { active: false },
    'no statement': {},
    'a statement that is no boolean': active(server, { active: 'true' }),
    'another issuer': active(server, { iss: 'https://evil.example.com/' }),
    'another audience': active(server, { aud: ['https://finance.example.com'] }),
    'no audience': active(server, { aud: undefined }),
    expired: active(server, { exp: server.now - 6 }),
    'an expiry that is no number': active(server, { exp: 'tomorrow' }),
    'not yet valid': active(server, { nbf: server.now + 6 }),
    'another token type': active(server, { token_type: 'DPoP' }),
    'bound to a key': active(server, { cnf: { jkt: 'thumbprint' } }),
  }
  for (const [name, answer] of Object.entries(answers)) {
    await t.test(name, async () => {
      assert.equal(outcome((await judgedBy(answer)).verdict), '401 invalid_token')
    })
  }
})

test('RFC 7662 §2.2: a token without the scope is refused with insufficient_scope', async () => {
  const { verdict } = await judgedBy(active(await anIssuer(), { scope: 'write:contacts' }))
  assert.equal(outcome(verdict), '403 insufficient_scope')
})

test('RFC 7662 §2.3: when our own credentials are refused, the token is not to blame', async () => {
  const server = await anIssuer()
  server.answers.set(introspectionUrl, { status: 401, body: { error: 'invalid_client' } })
  const verdict = await contactsApi(server, { introspection: credentials }).authenticate(aRequest('opaque-1'))
  assert.equal(outcome(verdict), '503 temporarily_unavailable')
  assert.match(detail(verdict), /answered 401/)
})

test('RFC 7662 §2: a server that offers no introspection is answered with 503', async () => {
  const server = await anIssuer()
  server.answers.set(discoveryUrl, { body: { issuer } })
  const verdict = await contactsApi(server, { introspection: credentials }).authenticate(aRequest('opaque-1'))
  assert.equal(outcome(verdict), '503 temporarily_unavailable')
})

test('RFC 7662 §2: an explicit endpoint needs no discovery', async () => {
  const { server, verdict } = await judgedBy(active(await anIssuer()), { endpoint: introspectionUrl })
  assert.equal(outcome(verdict), 'allowed')
  assert.equal(server.count(discoveryUrl), 0)
})

test('RFC 7662 §2.1: a signed JWT is verified here and not introspected', async () => {
  const { server, api } = await judgedBy({ active: false })
  const before = server.count(introspectionUrl)
  assert.equal(outcome(await api.authenticate(aRequest(await server.token()))), 'allowed')
  const idToken = await server.token({}, { header: { typ: 'logout+jwt' } })
  assert.equal(outcome(await api.authenticate(aRequest(idToken))), '401 invalid_token')
  assert.equal(server.count(introspectionUrl), before)
})

test('RFC 7662 §4: without a cache a revocation is noticed at once', async () => {
  const { server, api } = await judgedBy(active(await anIssuer()))
  server.answers.set(introspectionUrl, { body: { active: false } })
  assert.equal(outcome(await api.authenticate(aRequest('opaque-1'))), '401 invalid_token')
})

test('RFC 7662 §4: a positive answer is used again for cacheSeconds and no longer', async () => {
  const { server, api } = await judgedBy(active(await anIssuer()), { cacheSeconds: 30 })
  server.answers.set(introspectionUrl, { body: { active: false } })
  server.now += 29
  assert.equal(outcome(await api.authenticate(aRequest('opaque-1'))), 'allowed')
  assert.equal(outcome(await api.authenticate(aRequest('opaque-2'))), '401 invalid_token')
  server.now += 1
  assert.equal(outcome(await api.authenticate(aRequest('opaque-1'))), '401 invalid_token')
})

test('RFC 7662 §4: a cached answer does not outlive the token', async () => {
  const { now } = await anIssuer()
  const { server, api } = await judgedBy(active(await anIssuer(), { exp: now + 10 }), { cacheSeconds: 60 })
  server.now += 15
  assert.equal(outcome(await api.authenticate(aRequest('opaque-1'))), '401 invalid_token')
})

test('RFC 7662 §4: a negative answer is not cached', async () => {
  const { server, api } = await judgedBy({ active: false }, { cacheSeconds: 60 })
  server.answers.set(introspectionUrl, { body: active(server) })
  assert.equal(outcome(await api.authenticate(aRequest('opaque-1'))), 'allowed')
})

test('RFC 7662 §4: the cache holds the newest thousand answers', async () => {
  const { server, api } = await judgedBy(active(await anIssuer()), { cacheSeconds: 60 })
  for (let number = 2; number <= 1001; number += 1) await api.authenticate(aRequest(`opaque-${number}`))
  const before = server.count(introspectionUrl)
  await api.authenticate(aRequest('opaque-1001'))
  assert.equal(server.count(introspectionUrl), before)
  await api.authenticate(aRequest('opaque-1'))
  assert.equal(server.count(introspectionUrl), before + 1)
})

/** An API that asks about JWT access tokens too, with one that the server calls active unless `body` says otherwise. */
async function revocable(body?: unknown, options: Partial<IntrospectionOptions> = {}) {
  const server = await anIssuer()
  server.answers.set(introspectionUrl, { body: body ?? active(server) })
  const api = contactsApi(server, { introspection: { ...credentials, jwt: true, ...options } })
  return { server, api, token: await server.token() }
}

test('RFC 7662 §2.2: with jwt, a JWT that was revoked is refused before it expires', async () => {
  const { server, api, token } = await revocable()
  assert.equal(outcome(await api.authenticate(aRequest(token))), 'allowed')
  server.answers.set(introspectionUrl, { body: { active: false } })
  const verdict = await api.authenticate(aRequest(token))
  assert.equal(outcome(verdict), '401 invalid_token')
  assert.match(detail(verdict), /was revoked, or the server does not tell this client/)
})

test('RFC 7662 §2.2: with jwt, claims are what was signed, and the answer needs no audience', async () => {
  const { api, token } = await revocable({ active: true, sub: 'somebody else' })
  const verdict = await api.authenticate(aRequest(token), { scopes: ['read:contacts'] })
  assert.equal(verdict.kind, 'allowed')
  assert.notEqual(verdict.token.subject, 'somebody else')
})

test('RFC 7662 §4: with jwt, an answer about another API, issuer or kind of token is refused', async (t) => {
  const server = await anIssuer()
  const answers = {
    'another audience': active(server, { aud: 'https://finance.example.com' }),
    'another issuer': active(server, { iss: 'https://evil.example.com/' }),
    'another token type': active(server, { token_type: 'N_A' }),
    'no statement': { aud: audience },
  }
  for (const [name, answer] of Object.entries(answers)) {
    await t.test(name, async () => {
      const { api, token } = await revocable(answer)
      assert.equal(outcome(await api.authenticate(aRequest(token))), '401 invalid_token')
    })
  }
})

test('RFC 7662 §2: with jwt, a JWT does not pass while nobody can be asked', async () => {
  const { server, api, token } = await revocable()
  assert.equal(outcome(await api.authenticate(aRequest(token))), 'allowed')
  server.isDown = true
  assert.equal(outcome(await api.authenticate(aRequest(token))), '503 temporarily_unavailable')
  server.isDown = false
  server.answers.set(introspectionUrl, { status: 401, body: { error: 'invalid_client' } })
  assert.equal(outcome(await api.authenticate(aRequest(token))), '503 temporarily_unavailable')
})

test('RFC 7662 §4: with jwt, a forged JWT is refused without asking', async () => {
  const { server, api } = await revocable()
  const forged = await server.token({ aud: 'https://finance.example.com' })
  assert.equal(outcome(await api.authenticate(aRequest(forged))), '401 invalid_token')
  assert.equal(server.count(introspectionUrl), 0)
})

test('RFC 7662 §4: with jwt and cacheSeconds, a revocation is noticed that much later', async () => {
  const { server, api, token } = await revocable(undefined, { cacheSeconds: 10 })
  assert.equal(outcome(await api.authenticate(aRequest(token))), 'allowed')
  server.answers.set(introspectionUrl, { body: { active: false } })
  server.now += 9
  assert.equal(outcome(await api.authenticate(aRequest(token))), 'allowed')
  server.now += 1
  assert.equal(outcome(await api.authenticate(aRequest(token))), '401 invalid_token')
})
