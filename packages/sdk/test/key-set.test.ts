import assert from 'node:assert/strict'
import { test } from 'node:test'
import { generateKeyPair } from 'jose'
import type { ProtectedResource } from '../src/sdk.ts'
import {
  anIssuer,
  aRequest,
  contactsApi,
  detail,
  discoveryUrl,
  issuer,
  jwksUri,
  outcome,
} from './an-issuer.ts'

const oauthMetadataUrl = `${issuer}.well-known/oauth-authorization-server`

async function judged(api: ProtectedResource, token: string) {
  return outcome(await api.authenticate(aRequest(token)))
}

test('RFC 8414 §3: keys are discovered once and then served from memory', async () => {
  const server = await anIssuer()
  const api = contactsApi(server)
  const token = await server.token()
  const verdicts = await Promise.all([judged(api, token), judged(api, token)])
  assert.deepEqual([...verdicts, await judged(api, token)], ['allowed', 'allowed', 'allowed'])
  assert.equal(server.count(discoveryUrl), 1)
  assert.equal(server.count(jwksUri), 1)
})

test('RFC 8414 §3.1: metadata is looked for at its second place when the first has none', async () => {
  const server = await anIssuer()
  server.answers.delete(discoveryUrl)
  server.answers.set(oauthMetadataUrl, { body: { issuer, jwks_uri: jwksUri } })
  assert.equal(await judged(contactsApi(server), await server.token()), 'allowed')
})

test('RFC 8414 §3.1: the path of an issuer follows the well-known path', async () => {
  const server = await anIssuer()
  const tenant = 'https://login.example.com/tenants/one'
  const url = 'https://login.example.com/.well-known/oauth-authorization-server/tenants/one'
  server.answers.set(url, { body: { issuer: tenant, jwks_uri: jwksUri } })
  assert.equal(
    await judged(contactsApi(server, { issuer: tenant }), await server.token({ iss: tenant })),
    'allowed',
  )
  assert.equal(server.sent[0]?.url, `${tenant}/.well-known/openid-configuration`)
})

test('RFC 8414 §3.3: metadata that names another issuer is not used', async () => {
  const server = await anIssuer()
  server.answers.set(discoveryUrl, { body: { issuer: issuer.slice(0, -1), jwks_uri: jwksUri } })
  const verdict = await contactsApi(server).authenticate(aRequest(await server.token()))
  assert.equal(outcome(verdict), '503 temporarily_unavailable')
  assert.match(detail(verdict), /another issuer/)
  assert.equal(server.count(jwksUri), 0)
})

test('RFC 8414 §2: a key set that is not served over TLS is not fetched', async () => {
  const server = await anIssuer()
  server.answers.set(discoveryUrl, { body: { issuer, jwks_uri: 'http://login.example.com/jwks' } })
  assert.equal(await judged(contactsApi(server), await server.token()), '503 temporarily_unavailable')
  assert.equal(server.count('http://login.example.com/jwks'), 0)
})

test('RFC 7517 §5: an explicit key set needs no discovery', async () => {
  const server = await anIssuer()
  assert.equal(await judged(contactsApi(server, { jwksUri }), await server.token()), 'allowed')
  assert.equal(server.count(discoveryUrl), 0)
})

test('RFC 7517 §4.5: an unknown kid fetches the keys again, so rotation needs no restart', async () => {
  const server = await anIssuer()
  const api = contactsApi(server)
  assert.equal(await judged(api, await server.token()), 'allowed')
  server.now += 30
  await server.rotate('key-2')
  assert.equal(await judged(api, await server.token()), 'allowed')
  assert.equal(server.count(jwksUri), 2)
})

test('RFC 7517 §4.5: made-up kids cannot make us fetch more often than every 30 seconds', async () => {
  const server = await anIssuer()
  const api = contactsApi(server)
  const { privateKey: key } = await generateKeyPair('ES256')
  for (const kid of ['made-up-1', 'made-up-2', 'made-up-3']) {
    assert.equal(await judged(api, await server.token({}, { key, header: { kid } })), '401 invalid_token')
  }
  assert.equal(server.count(jwksUri), 1)
})

test('RFC 7517 §5: a withdrawn key is refused ten minutes later at the latest', async () => {
  const server = await anIssuer()
  const api = contactsApi(server)
  const token = await server.token({ exp: server.now + 86_400 })
  assert.equal(await judged(api, token), 'allowed')
  await server.rotate('key-2')
  server.now += 599
  assert.equal(await judged(api, token), 'allowed')
  server.now += 1
  assert.equal(await judged(api, token), '401 invalid_token')
})

test('RFC 9110 §15.6.4: without keys a token is answered with 503 and Retry-After, never 401', async () => {
  const server = await anIssuer()
  server.isDown = true
  const verdict = await contactsApi(server).authenticate(aRequest(await server.token()))
  assert.equal(outcome(verdict), '503 temporarily_unavailable')
  assert.equal(verdict.headers['retry-after'], '5')
  assert.equal(verdict.headers['www-authenticate'], undefined)
  assert.match(detail(verdict), /connection refused/)
})

test('RFC 9110 §15.6.4: what is no key set is answered with 503', async (t) => {
  const answers = {
    'a server error': { status: 500, body: { keys: [] } },
    'not found': { status: 404, body: { keys: [] } },
    'a redirect': { status: 302, body: { keys: [] } },
    'no object': { body: null },
    'a list': { body: [] },
    'no keys': { body: {} },
    'keys that are no keys': { body: { keys: [null] } },
  }
  for (const [name, answer] of Object.entries(answers)) {
    await t.test(name, async () => {
      const server = await anIssuer()
      server.answers.set(jwksUri, answer)
      assert.equal(await judged(contactsApi(server), await server.token()), '503 temporarily_unavailable')
    })
  }
})

test('RFC 9110 §10.2.3: a server that failed is asked again after five seconds, not sooner', async () => {
  const server = await anIssuer()
  const api = contactsApi(server, { jwksUri })
  const token = await server.token()
  server.isDown = true
  assert.equal(await judged(api, token), '503 temporarily_unavailable')
  server.isDown = false
  server.now += 4
  assert.equal(await judged(api, token), '503 temporarily_unavailable')
  assert.equal(server.count(jwksUri), 1)
  server.now += 1
  assert.equal(await judged(api, token), 'allowed')
})

test('RFC 7517 §5: known keys serve for a day while the authorization server is down', async () => {
  const server = await anIssuer()
  const api = contactsApi(server)
  const token = await server.token({ exp: server.now + 200_000 })
  assert.equal(await judged(api, token), 'allowed')
  server.isDown = true
  server.now += 86_399
  assert.equal(await judged(api, token), 'allowed')
  server.now += 5
  assert.equal(await judged(api, token), '503 temporarily_unavailable')
})

test('RFC 9110 §15.6.4: an unknown kid is answered with 503 while the authorization server is down', async () => {
  const server = await anIssuer()
  const api = contactsApi(server)
  assert.equal(await judged(api, await server.token()), 'allowed')
  server.isDown = true
  server.now += 30
  await server.rotate('key-2')
  const token = await server.token()
  assert.equal(await judged(api, token), '503 temporarily_unavailable')
  server.now += 1
  assert.equal(await judged(api, token), '503 temporarily_unavailable')
})

test('RFC 9110 §15.4: the authorization server is asked with a time limit and without following redirects', async () => {
  const server = await anIssuer()
  await judged(contactsApi(server), await server.token())
  for (const { init } of server.sent) {
    assert.equal(init.redirect, 'manual')
    assert.ok(init.signal instanceof AbortSignal)
  }
})
