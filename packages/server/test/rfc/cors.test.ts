// The CORS protocol of the Fetch standard, as the SDKs in browsers need it.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { startTestServer, type TestClient } from '../../src/testkit/testkit.ts'
import { form } from './requests.ts'

const server = await startTestServer()
after(() => server.close())
const browserApp = { applicationType: 'spa', tokenEndpointAuthMethod: 'none' } as const
const allowedOrigins = ['https://embed.test', 'capacitor://localhost', 'https://*.preview.test']
const spa = await server.aClient({
  ...browserApp,
  redirectUris: ['https://app.test/callback', 'http://localhost:3000/', 'com.example.app:/callback'],
  allowedOrigins,
  webOrigins: ['https://silent.test:8443'],
})
const wild = await server.aClient({
  ...browserApp,
  allowedOrigins,
  allowSubdomainWildcards: true,
  redirectUris: ['https://pr-*.builds.example.test/callback'],
})
const open = ['userinfo', '.well-known/openid-configuration', '.well-known/jwks.json']
const perClient = ['oauth/token', 'oauth/revoke']

/** Which origin may read what the endpoint says to the client. */
async function readableBy(path: string, client: TestClient, origin: string): Promise<string | null> {
  const response = await server.fetch(`${server.issuer}${path}`, {
    method: 'POST',
    headers: { origin },
    body: form({ client_id: client.id, token: 'x', grant_type: 'refresh_token', refresh_token: 'x' }),
  })
  assert.equal(response.headers.get('access-control-allow-credentials'), null)
  const allowed = response.headers.get('access-control-allow-origin')
  if (allowed !== null) assert.equal(response.headers.get('vary'), 'origin')
  return allowed
}

for (const path of perClient) {
  test(`/${path}: only the client's own origins can read the answer`, async (t) => {
    const rows = [
      { name: 'of a callback', origin: 'https://app.test', allowed: true },
      { name: 'of a callback on a loopback host', origin: 'http://localhost:3000', allowed: true },
      { name: 'an allowed origin', origin: 'https://embed.test', allowed: true },
      { name: 'an allowed origin of another scheme', origin: 'capacitor://localhost', allowed: true },
      { name: 'a web origin', origin: 'https://silent.test:8443', allowed: true },
      { name: 'another site', origin: 'https://evil.test', allowed: false },
      { name: 'no origin of its own', origin: 'null', allowed: false },
      { name: 'another scheme', origin: 'http://app.test', allowed: false },
      { name: 'another port', origin: 'https://app.test:8443', allowed: false },
      { name: 'without its port', origin: 'https://silent.test', allowed: false },
      { name: 'a longer host', origin: 'https://app.test.evil.test', allowed: false },
      { name: 'a sub-domain', origin: 'https://a.app.test', allowed: false },
      { name: 'a star that is not switched on', origin: 'https://a.preview.test', allowed: false },
    ]
    for (const { name, origin, allowed } of rows) {
      await t.test(name, async () => {
        assert.equal(await readableBy(path, spa, origin), allowed ? origin : null)
      })
    }
  })
}

test('a star stands for one label where the client switched it on', async (t) => {
  const rows = [
    { name: 'one label', origin: 'https://a.preview.test', allowed: true },
    { name: 'of a callback', origin: 'https://pr-7.builds.example.test', allowed: true },
    { name: 'two labels', origin: 'https://a.b.preview.test', allowed: false },
    { name: 'no label', origin: 'https://preview.test', allowed: false },
    { name: 'another site', origin: 'https://evil.test/.preview.test', allowed: false },
    { name: 'without the prefix', origin: 'https://x-7.builds.example.test', allowed: false },
    { name: 'another scheme', origin: 'http://a.preview.test', allowed: false },
  ]
  for (const { name, origin, allowed } of rows) {
    await t.test(name, async () => {
      assert.equal(await readableBy('oauth/token', wild, origin), allowed ? origin : null)
    })
  }
})

test('an answer to nobody in particular can be read by no page', async () => {
  const response = await server.fetch(`${server.issuer}oauth/token`, {
    method: 'POST',
    headers: { origin: 'https://app.test' },
    body: form({ client_id: 'unknown', grant_type: 'refresh_token' }),
  })
  assert.equal(response.headers.get('access-control-allow-origin'), null)
})

test('what is wrong with a body is the same for everybody, and any page can read it', async (t) => {
  const rows = [
    { name: 'no JSON', type: 'application/json', body: `{"client_id":"${spa.id}"` },
    { name: 'another media type', type: 'text/plain', body: `client_id=${spa.id}` },
  ]
  for (const { name, type, body } of rows) {
    await t.test(name, async () => {
      const response = await server.fetch(`${server.issuer}oauth/token`, {
        method: 'POST',
        headers: { origin: 'https://app.test', 'content-type': type },
        body,
      })
      assert.equal(response.status, 400)
      assert.equal(response.headers.get('access-control-allow-origin'), '*')
      assert.equal(response.headers.get('access-control-allow-credentials'), null)
    })
  }
})

// What auth0-spa-js, auth0.js and the DPoP of both send.
const sent = [
  'content-type',
  'authorization',
  'auth0-client',
  'dpop',
  'x-request-language',
  'auth0-custom-domain',
]

for (const path of [...perClient, 'userinfo']) {
  test(`/${path}: a preflight is answered as the SDKs send it`, async () => {
    const response = await server.fetch(`${server.issuer}${path}`, {
      method: 'OPTIONS',
      headers: {
        origin: 'https://app.test',
        'access-control-request-method': 'POST',
        'access-control-request-headers': sent.join(','),
      },
    })
    assert.deepEqual([response.status, await response.text()], [204, ''])
    const allowed = response.headers.get('access-control-allow-headers')?.split(', ') ?? []
    assert.deepEqual(
      sent.filter((name) => !allowed.includes(name)),
      [],
    )
    assert.match(response.headers.get('access-control-allow-methods') ?? '', /POST/)
    assert.equal(response.headers.get('access-control-allow-credentials'), null)
    assert.ok(Number(response.headers.get('access-control-max-age')) > 0)
  })
}

for (const path of open) {
  test(`/${path}: every page can read it, and no cookie has a say`, async () => {
    const response = await server.fetch(`${server.issuer}${path}`, {
      headers: { origin: 'https://any.test' },
    })
    assert.equal(response.headers.get('access-control-allow-origin'), '*')
    assert.equal(response.headers.get('access-control-allow-credentials'), null)
  })
}

test('pages of ours can be read by no other page', async () => {
  for (const path of ['authorize', 'u/login', 'u/consent']) {
    const headers = { origin: 'https://app.test' }
    const response = await server.fetch(`${server.issuer}${path}`, { headers })
    assert.equal(response.headers.get('access-control-allow-origin'), null)
  }
})
