import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { testBrowser } from '../../src/testkit/browser.ts'
import { makeClient, makeClientGrant, type TestClient } from '../../src/testkit/builders.ts'
import { clientKey, jwtBearer, signedBy } from '../rfc/client-keys.ts'
import { deviceGrantType } from '../rfc/devices.ts'
import { freshDatabase } from '../support/postgres.ts'
import {
  type Answer,
  answerOf,
  audience,
  fill,
  fillTenant,
  postgresSettings,
  type Settings,
  sqliteSettings,
  type Tenant,
} from './scene.ts'
import { logIn } from './session.ts'
import { fiftyAtOnce, startTwo, type Two } from './two.ts'

const assertionGrantType = 'urn:ietf:params:oauth:grant-type:jwt-bearer'
const assertionIssuer = 'https://idp.test'
const key = await clientKey()

interface Scene {
  readonly nodes: Two
  readonly tenant: Tenant
  readonly device: TestClient
  readonly signer: TestClient
  readonly trusting: TestClient
}

async function twoProcesses(t: TestContext, settings: Settings): Promise<Scene> {
  const tenant = await fillTenant(settings)
  const clients = await fill(settings, async (call) => {
    const device = await makeClient(call, { grantTypes: [deviceGrantType] })
    const signer = await makeClient(call, {
      tokenEndpointAuthMethod: 'private_key_jwt',
      jwks: { keys: [key.publicJwk] },
    })
    const jwks = { keys: [key.publicJwk] }
    const trusted = { issuer: assertionIssuer, jwks, algorithms: ['ES256'], subjects: 'all' } as const
    const trusting = await makeClient(call, { grantTypes: [assertionGrantType], trustedIssuers: [trusted] })
    const scope = ['read:contacts']
    await makeClientGrant(call, { clientId: signer.id, audience, scope })
    await makeClientGrant(call, { clientId: trusting.id, audience, scope, subjectType: 'user' })
    return { device, signer, trusting }
  })
  return { nodes: await startTwo(t, settings), tenant, ...clients }
}

function post(node: Two[0], path: string, given: Readonly<Record<string, string>>) {
  return answerOf(node, path, { method: 'POST', body: new URLSearchParams(given) })
}

function credentials(client: TestClient) {
  return { client_id: client.id, client_secret: client.secret }
}

/** One of the answers has tokens, and all others are refused in one of these ways. */
function assertOneWins(answers: readonly (Answer | undefined)[], ...refusals: readonly string[]): void {
  assert.equal(answers.filter((answer) => answer?.status === 200).length, 1)
  for (const answer of answers)
    if (answer?.status !== 200) assert.ok(refusals.includes(`${answer?.status} ${answer?.body.error}`))
}

async function oneDeviceCode({ nodes, tenant: { user }, device }: Scene): Promise<void> {
  const codes = await post(nodes[0], 'oauth/device/code', { ...credentials(device), scope: 'openid' })
  const { device_code, user_code } = codes?.body ?? {}
  const browser = testBrowser(nodes[1])
  const page = await browser.open(`${nodes[1].issuer}activate`)
  const login = await browser.submit(page, { user_code: String(user_code), action: 'continue' })
  await browser.allow(await browser.logIn(login, user))
  const poll = {
    grant_type: deviceGrantType,
    ...credentials(device),
    device_code: String(device_code),
  }
  const answers = await fiftyAtOnce(nodes, (node) => post(node, 'oauth/token', poll))
  // RFC 8628 §3.5: polls that come together are too fast as well.
  assertOneWins(answers, '400 invalid_grant', '400 slow_down')
}

async function onePushedRequest({ nodes, tenant }: Scene): Promise<void> {
  const { strict } = tenant
  const pushed = await post(nodes[0], 'oauth/par', {
    ...credentials(strict),
    response_type: 'code',
    redirect_uri: strict.redirectUris[0] ?? '',
    scope: 'openid',
  })
  const cookie = (await logIn(nodes[1], tenant)).cookie()
  const query = new URLSearchParams({
    client_id: strict.id,
    request_uri: String(pushed?.body.request_uri),
  })
  const responses = await fiftyAtOnce(nodes, (node) =>
    node.fetch(new Request(`${node.issuer}authorize?${query}`, { headers: { cookie } })),
  )
  const locations = responses.map(({ headers }) => headers.get('location') ?? '')
  assert.equal(locations.filter((location) => location.includes('code=')).length, 1)
  const told = locations.filter((location) => location.includes('error=invalid_request_uri'))
  assert.equal(told.length + responses.filter(({ status }) => status === 400).length, 49)
}

async function oneClientAssertion({ nodes, signer }: Scene): Promise<void> {
  const request = {
    grant_type: 'client_credentials',
    audience,
    client_assertion: await assertion(nodes[0].issuer, signer.id, signer.id),
    client_assertion_type: jwtBearer,
  }
  const answers = await fiftyAtOnce(nodes, (node) => post(node, 'oauth/token', request))
  assertOneWins(answers, '401 invalid_client')
}

async function oneAssertion({ nodes, trusting, tenant: { user } }: Scene): Promise<void> {
  const request = {
    grant_type: assertionGrantType,
    ...credentials(trusting),
    audience,
    assertion: await assertion(nodes[0].issuer, assertionIssuer, user.id),
  }
  const answers = await fiftyAtOnce(nodes, (node) => post(node, 'oauth/token', request))
  assertOneWins(answers, '400 invalid_grant')
}

function assertion(aud: string, iss: string, sub: string): Promise<string> {
  const now = Math.floor(Date.now() / 1000)
  return signedBy(key, { iss, sub, aud, jti: crypto.randomUUID(), iat: now, exp: now + 60 })
}

async function oneOfFifty(t: TestContext, settings: Settings): Promise<void> {
  const scene = await twoProcesses(t, settings)
  await t.test('RFC 8628 §3.4: device code', () => oneDeviceCode(scene))
  await t.test('RFC 9126 §4: pushed request', () => onePushedRequest(scene))
  await t.test('RFC 7523 §3: assertion that authenticates a client', () => oneClientAssertion(scene))
  await t.test('RFC 7523 §2.1: assertion for a token', () => oneAssertion(scene))
}

test('of fifty uses at once at two processes on one SQLite file, one is heard', async (t) =>
  oneOfFifty(t, await sqliteSettings(t)))

test('of fifty uses at once at two processes on one PostgreSQL, one is heard', async (t) => {
  const database = await freshDatabase()
  t.after(() => database.drop())
  await oneOfFifty(t, await postgresSettings(t, database.url))
})
