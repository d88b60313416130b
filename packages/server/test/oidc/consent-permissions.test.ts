// The consent page where an API enforces permissions: an owner is asked for what the owner can give.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { TenantId } from '../../src/domain/ids.ts'
import { startTestServer, type TestClient } from '../../src/testkit/testkit.ts'
import { aDeviceClient, codesFor, poll, toConsent } from '../rfc/devices.ts'
import {
  answerOf,
  authorizationUrl,
  claimsOf,
  credentials,
  granted,
  pageOf,
  redeem,
  rowsOf,
  throughPages,
  token,
} from '../rfc/requests.ts'

const server = await startTestServer()
after(() => server.close())
const scopes = ['read:contacts', 'create:contacts']
const api = await server.anApi({
  scopes,
  enforcePolicies: true,
  skipConsentForVerifiableFirstPartyClients: false,
})
const scope = `openid email ${scopes.join(' ')}`
const given = { scope, audience: api.identifier }

let count = 0
function anOwner(permitted: readonly string[]) {
  const permissions = permitted.map((value) => ({ audience: api.identifier, scope: value }))
  return server.aUser({ email: `owner${++count}@example.com`, permissions })
}

async function thirdParty(): Promise<TestClient> {
  const client = await server.aClient({ isFirstParty: false })
  const grant = { clientId: client.id, audience: api.identifier, subjectType: 'user' } as const
  await server.aClientGrant({ ...grant, scope: scopes })
  return client
}

/** The scopes that a page names. */
function named(html: string): readonly string[] {
  return [...html.matchAll(/<code>([a-z:]+)<\/code><\/label>|<code>([a-z:]+)<\/code> <em>/g)].map(
    ([, optional, required]) => optional ?? required ?? '',
  )
}

test('RFC 6749 §10.2: an owner is asked for no scope that the owner has no permission for', async () => {
  const client = await thirdParty()
  const user = await anOwner(['read:contacts'])
  const browser = server.browser()
  const login = await browser.open(authorizationUrl(server, client, given))
  const page = await browser.logIn(login, user)
  assert.deepEqual(named(page.html), ['openid', 'email', 'read:contacts'])
  const code = answerOf(await browser.allow(page, ['read:contacts'])).get('code') ?? ''
  assert.equal((await granted(await redeem(server, client, code))).scope, 'openid read:contacts')
  const consent = await rowsOf(server).consents.find(user.id, client.id, api.identifier)
  assert.deepEqual([consent?.granted, consent?.declined], [['openid', 'read:contacts'], ['email']])
})

test('RFC 6749 §3.3: a scope that the page did not offer cannot be added to its answer', async () => {
  const client = await thirdParty()
  const user = await anOwner(['read:contacts'])
  const browser = server.browser()
  const page = await browser.logIn(await browser.open(authorizationUrl(server, client, given)), user)
  const code = answerOf(await browser.allow(page, scopes)).get('code') ?? ''
  assert.equal((await granted(await redeem(server, client, code))).scope, 'openid read:contacts')
  const consent = await rowsOf(server).consents.find(user.id, client.id, api.identifier)
  assert.equal(consent?.granted.includes('create:contacts'), false)
})

test('OIDC Core §3.1.2.4: an owner is asked again once there is more to give', async () => {
  const client = await thirdParty()
  const user = await anOwner(['read:contacts'])
  const browser = server.browser()
  await throughPages(server, { client, user, browser }, given)
  const silent = answerOf(await browser.open(authorizationUrl(server, client, { ...given, prompt: 'none' })))
  assert.ok(silent.has('code'), 'nothing is left to ask for')
  const { password: _password, ...row } = user
  const permissions = scopes.map((value) => ({ audience: api.identifier, scope: value }))
  await rowsOf(server).users.update({ ...row, permissions })
  const page = await browser.open(authorizationUrl(server, client, given))
  assert.equal(pageOf(page), '/u/consent')
  assert.deepEqual(named(page.html), ['openid', 'email', ...scopes])
})

test("OIDC Core §3.1.2.4: the tenant's own client does not ask an owner who has nothing to give", async () => {
  const client = await server.aClient()
  const browser = server.browser()
  const login = await browser.open(authorizationUrl(server, client, given))
  const answer = answerOf(await browser.logIn(login, await anOwner([])))
  assert.equal((await granted(await redeem(server, client, answer.get('code') ?? ''))).scope, 'openid email')
})

test('OIDC Core §3.1.2.4: a page with nothing to give is still answered', async () => {
  const client = await thirdParty()
  const browser = server.browser()
  const url = authorizationUrl(server, client, { ...given, scope: 'read:contacts' })
  const page = await browser.logIn(await browser.open(url), await anOwner([]))
  assert.deepEqual([pageOf(page), named(page.html)], ['/u/consent', []])
  const code = answerOf(await browser.allow(page)).get('code') ?? ''
  assert.equal('scope' in (await granted(await redeem(server, client, code))), false)
})

test('RFC 8628 §3.3: an owner gives a device no more either', async () => {
  const device = await aDeviceClient(server)
  const user = await anOwner(['create:contacts'])
  const codes = await codesFor(server, device, given)
  const browser = server.browser()
  const page = await toConsent(server, browser, user, codes.user_code)
  assert.deepEqual(named(page.html), ['openid', 'email', 'create:contacts'])
  await browser.allow(page)
  const tokens = await granted(await poll(server, device, codes.device_code))
  assert.equal(tokens.scope, 'openid email create:contacts')
})

test('RFC 6749 §4.3: a password gives no more either', async () => {
  const client = await server.aClient({ grantTypes: ['password'] })
  const [connection] = (await rowsOf(server).connections.list({ limit: 1 })).items
  const tenant = await server.store.tenants.find('main' as TenantId)
  assert.ok(tenant && connection)
  const settings = { ...tenant.settings, defaultDirectory: connection.name }
  await server.store.tenants.update({ ...tenant, settings })
  const user = await anOwner(['create:contacts'])
  const { email: username, password } = user
  for (const asked of [scope, undefined]) {
    const owner = { grant_type: 'password', username, password, audience: api.identifier, scope: asked }
    const tokens = await granted(await token(server, { ...credentials(client), ...owner }))
    const held = String(claimsOf(tokens.access_token).scope).split(' ')
    assert.deepEqual([held.includes('create:contacts'), held.includes('read:contacts')], [true, false])
  }
})
