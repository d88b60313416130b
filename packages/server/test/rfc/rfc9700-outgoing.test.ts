// Addresses that clients register lead the server into its own network, unless its way out is guarded: the real one, here.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { startTestServer, type TestServer } from '../../src/testkit/testkit.ts'
import { loopbackListener } from '../support/listener.ts'
import { assertionClaims, clientKey, jwtBearer, signedBy } from './client-keys.ts'
import { answerOf, assertJsonRefusal, assertPageRefusal, form, granted, token } from './requests.ts'

const key = await clientKey('ES256')
const keySet = JSON.stringify({ keys: [key.publicJwk] })

let object = ''
const inside = await loopbackListener((request, response) => {
  const isKeys = request.url === '/jwks'
  response.writeHead(200, { 'content-type': isKeys ? 'application/json' : 'application/jwt' })
  response.end(isKeys ? keySet : object)
})
const redirecting = await loopbackListener((request, response) => {
  response.writeHead(302, { location: `http://${inside.host}${request.url}` }).end()
})
const strict = await startTestServer()
const open = await startTestServer({
  settings: { outgoing: { allowedHosts: [inside.host, redirecting.host] } },
})
after(() => Promise.all([strict.close(), open.close()]))
const user = await open.aUser()

async function authenticate(server: TestServer, jwksUri: string) {
  const api = await server.anApi({ identifier: `https://api.test/${crypto.randomUUID()}` })
  const client = await server.aClient({ tokenEndpointAuthMethod: 'private_key_jwt', jwksUri })
  await server.aClientGrant({ clientId: client.id, audience: api.identifier, scope: ['read:contacts'] })
  return token(server, {
    grant_type: 'client_credentials',
    audience: api.identifier,
    client_assertion: await signedBy(key, assertionClaims(server, client.id)),
    client_assertion_type: jwtBearer,
  })
}

async function byReference(server: TestServer, requestUri: string) {
  const jwks = { keys: [key.publicJwk] }
  const client = await server.aClient({ jwks, requestUris: [requestUri] })
  const parameters = { response_type: 'code', scope: 'openid', redirect_uri: 'https://app.test/callback' }
  object = await signedBy(key, { iss: client.id, aud: server.issuer, state: 'fetched', ...parameters })
  const outside = { client_id: client.id, response_type: 'code', scope: 'openid', request_uri: requestUri }
  return `${server.issuer}authorize?${form(outside)}`
}

const noKey = { status: 401, error: 'invalid_client', rule: 'client_assertion.key_unknown' } as const

test('RFC 9700 §4.12: a jwks_uri and a request_uri that the operator allows are fetched', async () => {
  await granted(await authenticate(open, `http://${inside.host}/jwks`))
  const url = await byReference(open, `http://${inside.host}/request.jwt`)
  const browser = open.browser()
  const shown = await browser.logIn(await browser.open(url), user)
  assert.equal(answerOf(shown).get('state'), 'fetched')
})

test('RFC 9700 §4.12: what the operator did not allow is not even connected to', async (t) => {
  const before = inside.connections()
  const rows = [
    { name: 'loopback by http', origin: `http://${inside.host}` },
    { name: 'loopback by https', origin: `https://${inside.host}` },
    { name: 'loopback by name', origin: `https://localhost:${inside.port}` },
    { name: 'loopback in decimal', origin: `https://2130706433:${inside.port}` },
    { name: 'a private network', origin: 'https://10.0.0.1' },
    { name: 'cloud metadata', origin: 'http://169.254.169.254' },
    { name: 'a unique local address', origin: 'https://[fd00:ec2::254]' },
  ]
  for (const { name, origin } of rows)
    await t.test(name, async () => {
      await assertJsonRefusal(strict, await authenticate(strict, `${origin}/jwks`), noKey)
      const response = await strict.fetch(await byReference(strict, `${origin}/request.jwt`))
      await assertPageRefusal(strict, response, 'request_uri.unreachable')
    })
  assert.equal(inside.connections(), before)
})

test('RFC 9700 §4.12: a redirect is not followed, not even to an allowed host', async () => {
  const before = inside.connections()
  await assertJsonRefusal(open, await authenticate(open, `http://${redirecting.host}/jwks`), noKey)
  const response = await open.fetch(await byReference(open, `http://${redirecting.host}/request.jwt`))
  await assertPageRefusal(open, response, 'request_uri.unreachable')
  assert.equal(inside.connections(), before)
})

test('RFC 9700 §4.12: the answer does not tell what was found', async () => {
  const there = await authenticate(strict, `https://${inside.host}/jwks`)
  const elsewhere = await authenticate(strict, 'https://10.0.0.1/jwks')
  assert.equal(await there.text(), await elsewhere.text())
})
