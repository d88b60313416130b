// Our resource-server SDK against our server. Its own tests meet only servers of others.
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { type TestContext, test } from 'node:test'
import { type ProtectOptions, protectResource, type Verdict } from '@valetkey/sdk'
import { protectExpress } from '@valetkey/sdk/express'
import express from 'express'
import { decodeProtectedHeader } from 'jose'
import type { TenantId } from '../../src/domain/ids.ts'
import type { Ports } from '../../src/domain/ports.ts'
import type { TokenDialect } from '../../src/domain/resource-server.ts'
import type { SigningAlgorithm } from '../../src/domain/signing-key.ts'
import { rotateKeys } from '../../src/oauth/keys/signing-keys.ts'
import { openPorts } from '../../src/ports/ports.ts'
import type { GivenApi, TestClient, TestServer } from '../../src/testkit/testkit.ts'
import { onLoopback, serverNow } from './scene.ts'

const audience = 'https://contacts.test/'

interface Scene {
  readonly server: TestServer
  readonly client: TestClient
  readonly ports: Ports
  /** The paths that the SDK asked for. */
  readonly asked: readonly string[]
  readonly options: ProtectOptions
}

async function aScene(t: TestContext, given: GivenApi = {}): Promise<Scene> {
  const masterKey = randomBytes(32).toString('base64url')
  const server = await serverNow(t, { settings: { masterKey } })
  await server.anApi(given)
  const client = await server.aClient()
  await server.aClientGrant({ clientId: client.id, audience, scope: ['read:contacts'] })
  const ports = openPorts({
    masterKey,
    store: { engine: 'postgres' },
    dataDirectory: '.',
    mail: { from: '' },
    log: { level: 'silent' },
    outgoing: { allowedHosts: [] },
  })
  const asked: string[] = []
  const options: ProtectOptions = {
    issuer: server.issuer,
    audience,
    // By the clock of the server: both stand still until the test moves them.
    now: server.now,
    fetch: (input, init) => {
      const request = new Request(input, init)
      asked.push(new URL(request.url).pathname)
      return server.fetch(request)
    },
  }
  return { server, client, ports, asked, options }
}

async function tokenFor({ server, client }: Scene, api = audience): Promise<string> {
  const body = { grant_type: 'client_credentials', client_id: client.id, client_secret: client.secret }
  const response = await server.fetch(`${server.issuer}oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({ ...body, audience: api }),
  })
  assert.equal(response.status, 200)
  return (await response.json()).access_token
}

function request(token: string): Request {
  return new Request(audience, { headers: { authorization: `Bearer ${token}` } })
}

function rotate({ server, ports }: Scene, algorithm: SigningAlgorithm): Promise<unknown> {
  return rotateKeys(server.store.forTenant('main' as TenantId), ports, algorithm, server.now())
}

function outcome(verdict: Verdict): string {
  return verdict.kind === 'allowed' ? 'allowed' : `${verdict.status}`
}

async function accepts(t: TestContext, algorithm: SigningAlgorithm, dialect: TokenDialect): Promise<void> {
  const scene = await aScene(t, { signingAlgorithm: algorithm, tokenDialect: dialect })
  const contacts = protectResource({ ...scene.options, strict: dialect === 'rfc9068_profile' })
  const token = await tokenFor(scene)
  const verdict = await contacts.authenticate(request(token), { scopes: ['read:contacts'] })
  assert.ok(verdict.kind === 'allowed')
  assert.equal(decodeProtectedHeader(token).alg, algorithm)
  assert.equal(verdict.token.clientId, scene.client.id)
  assert.equal(verdict.token.subject, `${scene.client.id}@clients`)
}

test("RFC 7515 §5.2: the SDK accepts a token of Auth0's dialect that is signed with RS256", (t) =>
  accepts(t, 'RS256', 'access_token'))

test("RFC 7515 §5.2: the SDK accepts a token of Auth0's dialect that is signed with PS256", (t) =>
  accepts(t, 'PS256', 'access_token'))

test("RFC 7515 §5.2: the SDK accepts a token of Auth0's dialect that is signed with ES256", (t) =>
  accepts(t, 'ES256', 'access_token'))

test("RFC 7515 §5.2: the SDK accepts a token of Auth0's dialect that is signed with EdDSA", (t) =>
  accepts(t, 'EdDSA', 'access_token'))

test('RFC 9068 §4: the SDK accepts strictly an at+jwt that is signed with RS256', (t) =>
  accepts(t, 'RS256', 'rfc9068_profile'))

test('RFC 9068 §4: the SDK accepts strictly an at+jwt that is signed with PS256', (t) =>
  accepts(t, 'PS256', 'rfc9068_profile'))

test('RFC 9068 §4: the SDK accepts strictly an at+jwt that is signed with ES256', (t) =>
  accepts(t, 'ES256', 'rfc9068_profile'))

test('RFC 9068 §4: the SDK accepts strictly an at+jwt that is signed with EdDSA', (t) =>
  accepts(t, 'EdDSA', 'rfc9068_profile'))

test("RFC 6749 §4.1: the SDK tells the API whose a user's token is", async (t) => {
  const { server, client, options } = await aScene(t)
  const user = await server.aUser()
  const api = await server.store.forTenant('main' as TenantId).resourceServers.findByIdentifier(audience)
  assert.ok(api)
  const tokens = await server.signIn({ client, user, api, scope: 'openid read:contacts' })
  const verdict = await protectResource(options).authenticate(request(tokens.access_token))
  assert.ok(verdict.kind === 'allowed')
  assert.equal(verdict.token.subject, user.id)
  assert.deepEqual(verdict.token.scopes, ['openid', 'read:contacts'])
})

test('RFC 9068 §4: the SDK refuses our ID token and our opaque token', async (t) => {
  const { server, client, options } = await aScene(t)
  const { id_token = '', access_token } = await server.signIn({ client, user: await server.aUser() })
  for (const audience of [options.audience, client.id]) {
    const api = protectResource({ ...options, audience })
    assert.equal(outcome(await api.authenticate(request(id_token))), '401')
    assert.equal(outcome(await api.authenticate(request(access_token))), '401')
  }
})

test('RFC 9068 §4: the SDK refuses a token for another API', async (t) => {
  const scene = await aScene(t)
  const finance = 'https://finance.test/'
  await scene.server.anApi({ identifier: finance })
  await scene.server.aClientGrant({ clientId: scene.client.id, audience: finance, scope: [] })
  const contacts = protectResource(scene.options)
  assert.equal(outcome(await contacts.authenticate(request(await tokenFor(scene, finance)))), '401')
})

test('RFC 9068 §4: the SDK refuses a token as soon as it has expired', async (t) => {
  const scene = await aScene(t, { tokenLifetimeSeconds: 60 })
  const contacts = protectResource({ ...scene.options, clockToleranceSeconds: 0 })
  const token = await tokenFor(scene)
  scene.server.advance('59s')
  assert.equal(outcome(await contacts.authenticate(request(token))), 'allowed')
  scene.server.advance('1s')
  assert.equal(outcome(await contacts.authenticate(request(token))), '401')
})

test('RFC 6750 §3.1: a token without the scope is answered with 403 over HTTP', async (t) => {
  const scene = await aScene(t)
  const { requireScopes, token } = protectExpress(protectResource(scene.options))
  const api = express()
  api.get('/contacts', requireScopes('read:contacts'), (request, response) => {
    response.json({ client: token(request).clientId })
  })
  api.post('/contacts', requireScopes('read:contacts', 'create:contacts'), (_, response) => {
    response.sendStatus(201)
  })
  const url = `http://127.0.0.1:${await onLoopback(t, api)}/contacts`
  const headers = { authorization: `Bearer ${await tokenFor(scene)}` }
  assert.deepEqual(await (await fetch(url, { headers })).json(), { client: scene.client.id })
  const refused = await fetch(url, { method: 'POST', headers })
  assert.equal(refused.status, 403)
  assert.match(refused.headers.get('www-authenticate') ?? '', /error="insufficient_scope"/)
})

test('RFC 7517 §5: after a rotation the SDK verifies old and new tokens with the keys it already has', async (t) => {
  const scene = await aScene(t)
  const contacts = protectResource(scene.options)
  const old = await tokenFor(scene)
  assert.equal(outcome(await contacts.authenticate(request(old))), 'allowed')
  await rotate(scene, 'RS256')
  const renewed = await tokenFor(scene)
  assert.notEqual(decodeProtectedHeader(renewed).kid, decodeProtectedHeader(old).kid)
  assert.equal(outcome(await contacts.authenticate(request(renewed))), 'allowed')
  assert.equal(outcome(await contacts.authenticate(request(old))), 'allowed')
  assert.deepEqual(scene.asked, ['/.well-known/openid-configuration', '/.well-known/jwks.json'])
})

test('RFC 7517 §4.5: a key that the SDK has never seen makes it ask again, and old tokens go on working', async (t) => {
  const scene = await aScene(t, { signingAlgorithm: 'ES256' })
  const contacts = protectResource(scene.options)
  const old = await tokenFor(scene)
  assert.equal(outcome(await contacts.authenticate(request(old))), 'allowed')
  await rotate(scene, 'ES256')
  await rotate(scene, 'ES256')
  scene.server.advance('30s')
  assert.equal(outcome(await contacts.authenticate(request(await tokenFor(scene)))), 'allowed')
  assert.equal(outcome(await contacts.authenticate(request(old))), 'allowed')
  assert.equal(scene.asked.filter((path) => path === '/.well-known/jwks.json').length, 2)
})

test('RFC 7662 §2.2: with introspection.jwt the SDK refuses a token that was kept after its owner removed the access', async (t) => {
  const { server, options } = await aScene(t)
  const grantTypes = ['authorization_code', 'refresh_token'] as const
  const client = await server.aClient({ isFirstParty: false, grantTypes })
  await server.aClientGrant({
    clientId: client.id,
    audience,
    scope: ['read:contacts'],
    subjectType: 'user',
  })
  const api = await server.store.forTenant('main' as TenantId).resourceServers.findByIdentifier(audience)
  const user = await server.aUser()
  const browser = server.browser()
  assert.ok(api)
  const { access_token } = await server.signIn({ client, user, api, browser, scope: 'openid read:contacts' })

  const asking = await server.aClient({
    applicationType: 'resource_server',
    resourceServerIdentifier: audience,
  })
  const stranger = await server.aClient()
  const [alone, careful, unknown] = [undefined, asking, stranger].map((caller) =>
    protectResource({
      ...options,
      ...(caller && { introspection: { clientId: caller.id, clientSecret: caller.secret, jwt: true } }),
    }),
  )
  assert.ok(alone && careful && unknown)
  assert.equal(outcome(await careful.authenticate(request(access_token))), 'allowed')
  // RFC 7662 §4: who is not told about tokens of this API lets nobody in.
  assert.equal(outcome(await unknown.authenticate(request(access_token))), '401')

  const shown = await browser.open(`${server.issuer}account/applications`)
  const forms = shown.html.match(/<form[\s\S]*?<\/form>/g) ?? []
  const html = forms.find((one) => one.includes(`value="${client.id}"`)) ?? assert.fail('not listed')
  await browser.submit({ ...shown, html }, { action: 'revoke' })
  assert.equal(outcome(await careful.authenticate(request(access_token))), '401')
  // What the page tells the owner: an API that does not ask knows only when the token expires.
  assert.equal(outcome(await alone.authenticate(request(access_token))), 'allowed')
})
