import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { ResourceServer } from '../../src/domain/resource-server.ts'
import {
  type Shown,
  startTestServer,
  type TestBrowser,
  type TestClient,
  type TestServer,
  type TestUser,
} from '../../src/testkit/testkit.ts'

let server: TestServer
let client: TestClient
let api: ResourceServer

before(async () => {
  server = await startTestServer()
  client = await server.aClient()
  api = await server.anApi({ skipConsentForVerifiableFirstPartyClients: false })
})
after(() => server.close())

let users = 0
function aUser(): Promise<TestUser> {
  return server.aUser({ email: `user${users++}@example.com` })
}

function request(parameters: Readonly<Record<string, string>> = {}, of: TestClient = client): string {
  const [redirect_uri = ''] = of.redirectUris
  return `${server.issuer}authorize?${new URLSearchParams({
    response_type: 'code',
    client_id: of.id,
    redirect_uri,
    scope: 'openid read:contacts create:contacts',
    audience: api.identifier,
    code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    code_challenge_method: 'S256',
    ...parameters,
  })}`
}

async function token(fields: Readonly<Record<string, string>>, of: TestClient = client) {
  const body = new URLSearchParams({
    client_id: of.id,
    ...(of.secret !== '' && { client_secret: of.secret }),
    ...fields,
  })
  const response = await server.fetch(`${server.issuer}oauth/token`, { method: 'POST', body })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}

function redeem(shown: Shown, fields: Readonly<Record<string, string>> = {}, of: TestClient = client) {
  return token(
    {
      grant_type: 'authorization_code',
      code: shown.leftTo?.parameters.get('code') ?? '',
      redirect_uri: of.redirectUris[0] ?? '',
      code_verifier: 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk',
      ...fields,
    },
    of,
  )
}

async function tabs(
  count: number,
  user: TestUser,
): Promise<{ browser: TestBrowser; pages: readonly Shown[] }> {
  const browser = server.browser()
  const pages = [await browser.logIn(await browser.open(request()), user)]
  while (pages.length < count) pages.push(await browser.open(request()))
  return { browser, pages }
}

test('RFC 6749 §4.1.2.1: declining declines, also when another tab has allowed meanwhile', async () => {
  const { browser, pages } = await tabs(2, await aUser())
  const [first, second] = pages
  assert.ok(first && second)
  assert.ok((await browser.allow(first)).leftTo?.parameters.has('code'))
  const declined = await browser.decline(second)
  assert.equal(declined.leftTo?.parameters.get('error'), 'access_denied')
  assert.equal(declined.leftTo?.parameters.get('code'), null)
  assert.equal(server.lastRefusal(), 'authorize.owner_declined')
})

test('RFC 6749 §3.3: the token carries what was ticked on its own page, whatever another tab allowed', async () => {
  const { browser, pages } = await tabs(2, await aUser())
  const [first, second] = pages
  assert.ok(first && second)
  await browser.allow(first)
  const { body } = await redeem(await browser.allow(second, ['read:contacts']))
  assert.equal(body.scope, 'openid read:contacts')
})

test('RFC 9700 §4.7: a consent page answers only for the person whom it named', async () => {
  const [ada, bob] = [await aUser(), await aUser()]
  const { browser, pages } = await tabs(1, ada)
  const [forAda] = pages
  assert.ok(forAda)
  await browser.logIn(await browser.open(request({ prompt: 'login' })), bob)
  const shown = await browser.allow(forAda)
  assert.equal(shown.leftTo, undefined)
  assert.match(shown.html, new RegExp(bob.email))
  assert.doesNotMatch(shown.html, new RegExp(ada.email))
})

test('RFC 8707 §2.2: a code is not redeemed for another resource than it was issued for', async () => {
  const { browser, pages } = await tabs(1, await aUser())
  const [page] = pages
  assert.ok(page)
  const shown = await browser.allow(page)
  const refused = await redeem(shown, { resource: 'https://other.example/' })
  assert.equal(refused.status, 400)
  assert.equal(refused.body.error, 'invalid_target')
  assert.equal(server.lastRefusal(), 'code.other_resource')
  assert.equal((await redeem(shown, { resource: api.identifier })).status, 200)
})

test('RFC 9700 §4.14.2: a renewed token holds only what the API and the client may still give', async () => {
  const other = await server.anApi({ identifier: 'https://withdrawn.test/' })
  const { refresh_token = '' } = await server.signIn({
    client,
    user: await aUser(),
    api: other,
    scope: 'openid offline_access read:contacts create:contacts',
  })
  const rows = server.store.forTenant((await server.store.tenants.list({ limit: 1 })).items[0]?.id as never)
  const stored = await rows.resourceServers.find(other.id)
  assert.ok(stored)
  const readOnly = await rows.resourceServers.update({ ...stored, scopes: stored.scopes.slice(0, 1) })
  assert.equal(readOnly.kind, 'updated')
  const narrowed = await token({ grant_type: 'refresh_token', refresh_token })
  assert.equal(narrowed.body.scope, 'openid offline_access read:contacts')
  const again = await rows.resourceServers.find(other.id)
  assert.ok(again)
  await rows.resourceServers.update({ ...again, allowOfflineAccess: false })
  const refused = await token({
    grant_type: 'refresh_token',
    refresh_token: String(narrowed.body.refresh_token),
  })
  assert.equal(refused.body.error, 'invalid_grant')
  assert.equal(server.lastRefusal(), 'refresh.offline_withdrawn')
})

test('RFC 8252 §8.6: a native client that anybody could pose as gets nothing without its owner', async () => {
  const native = await server.aClient({
    applicationType: 'native',
    tokenEndpointAuthMethod: 'none',
    redirectUris: ['http://127.0.0.1/callback'],
  })
  const browser = server.browser()
  const page = await browser.logIn(await browser.open(request({}, native)), await aUser())
  assert.ok((await browser.allow(page)).leftTo?.parameters.has('code'))
  const silent = await browser.open(
    request({ prompt: 'none', redirect_uri: 'http://127.0.0.1:9999/callback' }, native),
  )
  assert.equal(silent.leftTo?.parameters.get('error'), 'consent_required')
  const asked = await browser.open(request({ redirect_uri: 'http://127.0.0.1:9999/callback' }, native))
  assert.equal(new URL(asked.url).pathname, '/u/consent')
})

test('RFC 6819 §4.4.1.11: requests that nobody logs in for do not pile up without end', async () => {
  const flooded = await startTestServer()
  const target = await flooded.aClient()
  const url = `${flooded.issuer}authorize?${new URLSearchParams({
    response_type: 'code',
    client_id: target.id,
    redirect_uri: target.redirectUris[0] ?? '',
  })}`
  for (let sent = 0; sent < 2000; sent++) await flooded.fetch(url, { redirect: 'manual' })
  const refused = await flooded.fetch(url, { redirect: 'manual' })
  assert.equal(refused.status, 429)
  assert.equal(flooded.lastRefusal(), 'authorize.too_many_waiting')
  flooded.advance('15m')
  assert.equal((await flooded.fetch(url, { redirect: 'manual' })).status, 302)
  await flooded.close()
})
