// What strangers can make this server store: a client_id of a public client is all they need (RFC 6819 §4.4.1.11, RFC 9126 §7).
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { artifactKind } from '../../src/domain/artifact.ts'
import { hashed } from '../../src/domain/secrets.ts'
import { startTestServer, type TestClient } from '../../src/testkit/testkit.ts'
import { clientKey, signedBy } from './client-keys.ts'
import { aDeviceClient, deviceGrantType, requestCodes } from './devices.ts'
import { allowRegistration, openToAll, registered } from './registrations.ts'
import {
  answerOf,
  assertJsonRefusal,
  assertPageRefusal,
  authorizationParameters,
  authorizationUrl,
  credentials,
  form,
  type Given,
  json,
  pageOf,
  rowsOf,
} from './requests.ts'

const server = await startTestServer({
  settings: { trustedProxies: 1, attackProtection: { waitingRequestsPerAddress: 5 } },
})
after(() => server.close())
const user = await server.aUser()
const spa = await server.aClient({ applicationType: 'spa', tokenEndpointAuthMethod: 'none' })
const web = await server.aClient()
let networks = 0

/** An address that nobody had before. */
function anAddress(): string {
  networks += 1
  return `2001:db8:0:${networks.toString(16)}::1`
}

function push(from: TestClient, given: Given = {}, address = anAddress()): Promise<Response> {
  return server.fetch(`${server.issuer}oauth/par`, {
    method: 'POST',
    body: authorizationParameters(from, { ...credentials(from), ...given }),
    headers: { 'x-forwarded-for': address },
  })
}

async function pushed(from: TestClient, given: Given = {}): Promise<string> {
  const body = await json(await push(from, given))
  assert.ok(body.request_uri, JSON.stringify(body))
  return String(body.request_uri)
}

const kind = artifactKind<{ readonly parameters: readonly (readonly [string, string])[] }>('pushed_request')

function stored(requestUri: string) {
  return rowsOf(server).artifacts.peek(kind, hashed(requestUri), server.now())
}

function urlOf(from: TestClient, requestUri: string): string {
  return `${server.issuer}authorize?${form({ client_id: from.id, request_uri: requestUri })}`
}

test('RFC 9126 §2.1: of a pushed request only what this server reads is stored', async () => {
  const junk = { junk: 'y'.repeat(50_000), state2: 'z', password: 'secret' }
  const requestUri = await pushed(spa, { ...junk, login_hint: 'ada' })
  const names = (await stored(requestUri))?.parameters.map(([name]) => name)
  assert.deepEqual(names?.sort(), [
    'client_id',
    'code_challenge',
    'code_challenge_method',
    'login_hint',
    'redirect_uri',
    'response_type',
    'scope',
    'state',
  ])
  const browser = server.browser()
  const shown = await browser.logIn(await browser.open(urlOf(spa, requestUri)), user)
  assert.equal(answerOf(shown).get('state'), 'the state')
})

test('RFC 9126 §2.1: nor is more stored of a request object', async () => {
  const key = await clientKey('ES256')
  const signing = await server.aClient({ jwks: { keys: [key.publicJwk] } })
  const request = await signedBy(key, {
    ...Object.fromEntries(authorizationParameters(signing)),
    iss: signing.id,
    aud: server.issuer,
    junk: { deep: ['x'.repeat(10_000)] },
  })
  const body = await stored(await pushed(signing, { request }))
  assert.ok(body?.parameters.some(([name]) => name === 'redirect_uri'))
  assert.ok(!JSON.stringify(body).includes('xxx'))
})

test('RFC 9126 §2.3: a request that is too large is refused with 413', async () => {
  const claims = JSON.stringify({ id_token: { ['n'.repeat(9000)]: null } })
  for (const from of [spa, web]) {
    const large = await push(from, { state: 's'.repeat(8000), claims })
    await assertJsonRefusal(server, large, { status: 413, error: 'invalid_request', rule: 'par.too_large' })
    assert.equal((await push(from, { state: 's'.repeat(8000) })).status, 201)
  }
})

test('RFC 9126 §2.2: a reference that no browser used is gone when it ends', async () => {
  const [unused, opened] = [await pushed(web), await pushed(web)]
  const browser = server.browser()
  const page = await browser.open(urlOf(web, opened))
  assert.equal(pageOf(page), '/u/login')
  server.advance('30s')
  assert.equal(await stored(unused), undefined)
  assert.ok(await stored(opened), 'its owner is logging in')
  await assertPageRefusal(server, await server.fetch(urlOf(web, opened)), 'par.request_uri_unusable')
  server.advance('59m')
  assert.ok(answerOf(await browser.logIn(page, user)).get('code'))
  assert.equal(await stored(opened), undefined)
})

test('RFC 9126 §2.2: one that was opened goes with the page that was opened', async () => {
  const opened = await pushed(web)
  await server.browser().open(urlOf(web, opened))
  server.advance('1h')
  assert.equal(await stored(opened), undefined)
})

test('RFC 6819 §4.4.1.11: of clients that prove nothing, one network pushes so many requests and no more', async () => {
  const address = anAddress()
  const neighbour = address.replace(/1$/, '2')
  const pushes = Array.from({ length: 5 }, () => push(spa, {}, address))
  for (const response of await Promise.all(pushes)) assert.equal(response.status, 201)
  const refusal = { status: 429, error: 'too_many_requests', rule: 'par.too_many' } as const
  await assertJsonRefusal(server, await push(spa, {}, address), refusal)
  await assertJsonRefusal(server, await push(spa, {}, neighbour), refusal)
  assert.equal((await push(spa)).status, 201, 'from elsewhere')
  for (let count = 0; count < 6; count++) assert.equal((await push(web, {}, address)).status, 201)
  server.advance('15m')
  assert.equal((await push(spa, {}, address)).status, 201)
})

test('RFC 9126 §2.3: what is refused anyway is not counted', async () => {
  const address = anAddress()
  for (let count = 0; count < 6; count++)
    assert.equal((await push(spa, { response_type: 'magic' }, address)).status, 400)
  assert.equal((await push(spa, {}, address)).status, 201)
})

test('RFC 6819 §4.4.1.11: of clients that prove nothing, one network begins so many devices and no more', async () => {
  const device = await aDeviceClient(server)
  const confidential = await server.aClient({ grantTypes: [deviceGrantType] })
  const address = anAddress()
  const ask = (from: TestClient, by = address) =>
    server.fetch(`${server.issuer}oauth/device/code`, {
      method: 'POST',
      body: form({ ...credentials(from), scope: 'openid' }),
      headers: { 'x-forwarded-for': by },
    })
  for (let count = 0; count < 5; count++) assert.equal((await ask(device)).status, 200)
  const refusal = { status: 429, error: 'too_many_requests', rule: 'device.too_many' } as const
  await assertJsonRefusal(server, await ask(device), refusal)
  assert.equal((await ask(confidential)).status, 200)
  assert.equal((await ask(device, anAddress())).status, 200)
  assert.equal((await requestCodes(server, device)).status, 200)
  server.advance('15m')
  assert.equal((await ask(device)).status, 200)
})

test('RFC 6819 §4.4.1.11: a client that anybody could register proves nothing by its secret', async () => {
  await allowRegistration(server, openToAll)
  const { client_id, client_secret } = await registered(server)
  const client = await rowsOf(server).clients.find(client_id as TestClient['id'])
  assert.ok(client)
  const own: TestClient = { ...client, secret: client_secret }
  const address = anAddress()
  for (let count = 0; count < 5; count++) assert.equal((await push(own, {}, address)).status, 201)
  await assertJsonRefusal(server, await push(own, {}, address), {
    status: 429,
    error: 'too_many_requests',
    rule: 'par.too_many',
  })
})

test('RFC 6819 §4.4.1.11: the operator says how many requests of a network wait for a login', async () => {
  const address = anAddress()
  const open = () =>
    server.fetch(authorizationUrl(server, web), {
      headers: { 'x-forwarded-for': address },
      redirect: 'manual',
    })
  for (let count = 0; count < 5; count++) assert.equal((await open()).status, 302)
  assert.deepEqual([(await open()).status, server.lastRefusal()], [429, 'authorize.too_many_waiting'])
})
