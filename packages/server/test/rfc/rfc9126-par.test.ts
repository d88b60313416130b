import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { startTestServer, type TestClient } from '../../src/testkit/testkit.ts'
import { messageIn } from '../oidc/pages.ts'
import { assertionClaims, clientKey, jwtBearer, signedBy } from './client-keys.ts'
import {
  answerOf,
  assertJsonRefusal,
  assertPageRefusal,
  authorizationParameters,
  basic,
  credentials,
  form,
  type Given,
  granted,
  json,
  pageOf,
  redeem,
  rowsOf,
} from './requests.ts'

const server = await startTestServer()
after(() => server.close())
const user = await server.aUser()
const client = await server.aClient()

function push(from: TestClient, given: Given = {}, headers: Readonly<Record<string, string>> = {}) {
  const body = authorizationParameters(from, { ...credentials(from), ...given })
  return server.fetch(`${server.issuer}oauth/par`, { method: 'POST', body, headers })
}

async function pushed(from: TestClient, given: Given = {}): Promise<string> {
  const response = await push(from, given)
  assert.equal(response.status, 201, await response.clone().text())
  return String((await json(response)).request_uri)
}

function urlOf(from: TestClient, requestUri: string, given: Given = {}): string {
  return `${server.issuer}authorize?${form({ client_id: from.id, request_uri: requestUri, ...given })}`
}

function open(from: TestClient, requestUri: string, given: Given = {}) {
  return server.fetch(urlOf(from, requestUri, given), { redirect: 'manual' })
}

test('RFC 9126 §2.2: a pushed request gets 201, a random reference and its lifetime', async () => {
  const response = await push(client)
  assert.equal(response.status, 201)
  assert.equal(response.headers.get('cache-control'), 'no-store')
  const body = await json(response)
  assert.match(String(body.request_uri), /^urn:ietf:params:oauth:request_uri:[A-Za-z0-9_-]{43}$/)
  assert.equal(body.expires_in, 30)
})

test('RFC 9126 §5: discovery names the endpoint', async () => {
  const document = await json(await server.fetch(`${server.issuer}.well-known/openid-configuration`))
  assert.equal(document.pushed_authorization_request_endpoint, `${server.issuer}oauth/par`)
})

test('RFC 9126 §4: a pushed request goes on with client_id and request_uri alone', async () => {
  const requestUri = await pushed(client, { state: 'pushed', nonce: 'n' })
  const browser = server.browser()
  const shown = await browser.logIn(await browser.open(urlOf(client, requestUri)), user)
  const answer = answerOf(shown)
  assert.deepEqual([answer.get('state'), answer.get('iss')], ['pushed', server.issuer])
  const tokens = await granted(await redeem(server, client, answer.get('code') ?? ''))
  assert.ok(tokens.id_token)
})

test('RFC 9126 §4: nothing else in the authorization request counts', async () => {
  const requestUri = await pushed(client, { state: 'inside' })
  const others = {
    state: 'outside',
    redirect_uri: 'https://evil.test/',
    scope: 'openid email',
    prompt: 'none',
  }
  const browser = server.browser()
  const shown = await browser.logIn(await browser.open(urlOf(client, requestUri, others)), user)
  const answer = answerOf(shown)
  assert.equal(answer.get('state'), 'inside')
  const tokens = await granted(await redeem(server, client, answer.get('code') ?? ''))
  assert.equal(tokens.scope, 'openid')
})

test('RFC 9126 §4: the page may be loaded twice, and the request is used up by its response', async () => {
  const requestUri = await pushed(client)
  const [first, second] = [server.browser(), server.browser()]
  const pages = [await first.open(urlOf(client, requestUri)), await second.open(urlOf(client, requestUri))]
  assert.deepEqual(pages.map(pageOf), ['/u/login', '/u/login'])
  const [page, other] = pages
  assert.ok(page && other)
  assert.ok(answerOf(await first.logIn(page, user)).get('code'))
  const late = await second.logIn(other, user)
  assert.equal(answerOf(late).get('error'), 'invalid_request_uri')
  assert.equal(server.lastRefusal(), 'par.request_uri_unusable')
  await assertPageRefusal(server, await open(client, requestUri), 'par.request_uri_unusable')
})

test('RFC 9126 §4: who comes too late is told in the mode of what was pushed', async () => {
  const framing = await server.aClient({ webOrigins: ['https://app.test'] })
  const requestUri = await pushed(framing, { response_mode: 'web_message', state: 'pushed' })
  const [first, second] = [server.browser(), server.browser()]
  const page = await first.open(urlOf(framing, requestUri))
  const other = await second.open(urlOf(framing, requestUri))
  await first.logIn(page, user)
  const late = await second.logIn(other, user)
  const { error, state } = messageIn(late.html)?.response ?? {}
  assert.deepEqual([error, state], ['invalid_request_uri', 'pushed'])
  assert.equal(late.headers.get('x-frame-options'), null)
  assert.match(late.headers.get('content-security-policy') ?? '', /frame-ancestors https:\/\/app\.test;/)
})

test('RFC 9126 §4: of a reference that is over, the destination outside is told if it proves itself', async (t) => {
  const framing = await server.aClient({ webOrigins: ['https://app.test'] })
  const requestUri = await pushed(framing)
  server.advance('31s')
  const [redirect_uri] = framing.redirectUris
  const outside = { redirect_uri, response_mode: 'web_message', state: 'outside', prompt: 'none' }
  const told = messageIn(await (await open(framing, requestUri, outside)).text())
  assert.deepEqual([told?.origin, told?.response.error], ['https://app.test', 'invalid_request_uri'])
  assert.equal(told?.response.state, 'outside')
  const rows = [
    { name: 'none', from: framing, given: { response_mode: 'web_message' } },
    { name: 'another', from: framing, given: { ...outside, redirect_uri: 'https://evil.test/' } },
    { name: 'of a client without that origin', from: client, given: outside },
  ]
  for (const { name, from, given } of rows)
    await t.test(name, async () => {
      await assertPageRefusal(server, await open(from, requestUri, given), 'par.request_uri_unusable')
    })
})

test('RFC 9126 §4: a refusal by the owner uses the request up as well', async () => {
  const thirdParty = await server.aClient({ isFirstParty: false })
  const requestUri = await pushed(thirdParty)
  const browser = server.browser()
  const consent = await browser.logIn(await browser.open(urlOf(thirdParty, requestUri)), user)
  assert.equal(answerOf(await browser.decline(consent)).get('error'), 'access_denied')
  await assertPageRefusal(server, await open(thirdParty, requestUri), 'par.request_uri_unusable')
})

test('RFC 9126 §4: a login may take longer than the reference lives', async () => {
  const requestUri = await pushed(client)
  const browser = server.browser()
  const page = await browser.open(urlOf(client, requestUri))
  server.advance('10m')
  assert.ok(answerOf(await browser.logIn(page, user)).get('code'))
})

test('RFC 9126 §2.2: a reference ends when it said, 30 seconds or what the client registered', async () => {
  const patient = await server.aClient({ pushedRequestLifetimeSeconds: 90 })
  const body = await json(await push(patient))
  assert.equal(body.expires_in, 90)
  const short = await pushed(client)
  server.advance('29s')
  assert.equal((await open(client, short)).status, 302)
  server.advance('1s')
  await assertPageRefusal(server, await open(client, short), 'par.request_uri_unusable')
  assert.equal((await open(patient, String(body.request_uri))).status, 302)
  server.advance('60s')
  await assertPageRefusal(server, await open(patient, String(body.request_uri)), 'par.request_uri_unusable')
})

test('RFC 9126 §7.2: a reference is bound to its client', async () => {
  const other = await server.aClient()
  const requestUri = await pushed(client)
  await assertPageRefusal(server, await open(other, requestUri), 'par.request_uri_unusable')
  assert.equal((await open(client, requestUri)).status, 302)
})

test('RFC 9126 §7.1: a reference cannot be guessed or changed', async () => {
  const requestUri = await pushed(client)
  const rows = ['urn:ietf:params:oauth:request_uri:', `${requestUri}x`, requestUri.slice(0, -1)]
  for (const guess of rows)
    await assertPageRefusal(server, await open(client, guess), 'par.request_uri_unusable')
})

test('RFC 9126 §4: a reference needs the client_id', async () => {
  const requestUri = await pushed(client)
  const response = await open(client, requestUri, { client_id: undefined })
  await assertPageRefusal(server, response, 'parameter.missing')
  const unknown = await open(client, requestUri, { client_id: 'nobody' })
  await assertPageRefusal(server, unknown, 'authorize.client_unknown')
})

test('RFC 9126 §2.1: every method of client authentication works', async () => {
  const key = await clientKey('ES256')
  const signing = await server.aClient({
    tokenEndpointAuthMethod: 'private_key_jwt',
    jwks: { keys: [key.publicJwk] },
  })
  const assertion = await signedBy(key, assertionClaims(server, signing.id))
  const proof = { client_assertion: assertion, client_assertion_type: jwtBearer }
  const none = { client_id: undefined, client_secret: undefined }
  assert.equal((await push(signing, { ...none, ...proof })).status, 201)
  assert.equal((await push(client, none, basic(client.id, client.secret))).status, 201)
  const spa = await server.aClient({ applicationType: 'spa', tokenEndpointAuthMethod: 'none' })
  assert.equal((await push(spa)).status, 201)
})

test('RFC 9126 §2.1: a client that does not prove itself is refused', async () => {
  const wrong = await push(client, { client_secret: 'wrong' })
  await assertJsonRefusal(server, wrong, {
    status: 401,
    error: 'invalid_client',
    rule: 'client_auth.wrong_proof',
  })
  const other = await server.aClient()
  const mixed = await push(client, { client_id: other.id }, basic(client.id, client.secret))
  await assertJsonRefusal(server, mixed, { error: 'invalid_request', rule: 'client_auth.two_methods' })
  const named = await push(
    client,
    { client_id: other.id, client_secret: undefined },
    basic(client.id, client.secret),
  )
  await assertJsonRefusal(server, named, { error: 'invalid_request', rule: 'client_auth.two_clients' })
})

test('RFC 9126 §2.1: request_uri cannot be pushed', async () => {
  const refusal = { error: 'invalid_request', rule: 'par.request_uri' } as const
  await assertJsonRefusal(server, await push(client, { request_uri: await pushed(client) }), refusal)
  await assertJsonRefusal(server, await push(client, { request_uri: 'https://app.test/request' }), refusal)
})

test('RFC 9126 §2.3: what is wrong with a request is said as JSON', async (t) => {
  const several = await server.aClient({ redirectUris: ['https://app.test/a', 'https://app.test/b'] })
  const code = { code_challenge: undefined, code_challenge_method: undefined }
  const spa = await server.aClient({ tokenEndpointAuthMethod: 'none' })
  const rows = [
    {
      name: 'an unregistered redirect_uri',
      from: client,
      given: { redirect_uri: 'https://evil.test/' },
      error: 'invalid_request',
      rule: 'authorize.redirect_uri_not_registered',
    },
    {
      name: 'no redirect_uri',
      from: several,
      given: { redirect_uri: undefined },
      error: 'invalid_request',
      rule: 'authorize.redirect_uri_missing',
    },
    {
      name: 'no response_type',
      from: client,
      given: { response_type: undefined },
      error: 'invalid_request',
      rule: 'authorize.response_type_missing',
    },
    {
      name: 'an unknown response_type',
      from: client,
      given: { response_type: 'magic' },
      error: 'unsupported_response_type',
      rule: 'authorize.response_type_unsupported',
    },
    {
      name: 'a response_type that is not allowed',
      from: client,
      given: { response_type: 'id_token', nonce: 'n' },
      error: 'unauthorized_client',
      rule: 'authorize.implicit_not_allowed',
    },
    {
      name: 'no code_challenge',
      from: spa,
      given: code,
      error: 'invalid_request',
      rule: 'pkce.challenge_required',
    },
    {
      name: 'a plain challenge',
      from: client,
      given: { code_challenge_method: 'plain' },
      error: 'invalid_request',
      rule: 'pkce.plain_not_allowed',
    },
    {
      name: 'a repeated parameter',
      from: client,
      given: { scope: ['openid', 'email'] },
      error: 'invalid_request',
      rule: 'parameter.repeated',
    },
    {
      name: 'a malformed scope',
      from: client,
      given: { scope: 'open"id' },
      error: 'invalid_scope',
      rule: 'scope.malformed',
    },
    {
      name: 'an unknown resource',
      from: client,
      given: { resource: 'https://nowhere.test/' },
      error: 'invalid_target',
      rule: 'target.resource_unknown',
    },
  ] as const
  for (const { name, from, given, error, rule } of rows)
    await t.test(name, async () => {
      await assertJsonRefusal(server, await push(from, given), { error, rule })
    })
})

test('RFC 9126 §2: only POST', async () => {
  const response = await server.fetch(`${server.issuer}oauth/par?${authorizationParameters(client)}`)
  assert.deepEqual([response.status, response.headers.get('allow')], [405, 'POST'])
})

test('RFC 9126 §5: a client that registered so must push its requests', async () => {
  const pushing = await server.aClient({ requirePushedAuthorizationRequests: true })
  const direct = await server.fetch(`${server.issuer}authorize?${authorizationParameters(pushing)}`, {
    redirect: 'manual',
  })
  const location = new URL(direct.headers.get('location') ?? '')
  assert.equal(location.searchParams.get('error'), 'invalid_request')
  assert.equal(server.lastRefusal(), 'authorize.par_required')
  assert.equal((await open(pushing, await pushed(pushing))).status, 302)
})

test('RFC 9126 §2.4: what changed since the push is checked again', async () => {
  const moving = await server.aClient()
  const requestUri = await pushed(moving)
  const { clients } = rowsOf(server)
  const stored = await clients.find(moving.id)
  assert.ok(stored)
  await clients.update({ ...stored, redirectUris: ['https://elsewhere.test/callback'] })
  await assertPageRefusal(server, await open(moving, requestUri), 'authorize.redirect_uri_not_registered')
})

test('RFC 9126 §2.1: a secret is not stored with the request', async () => {
  const requestUri = await pushed(client, { unknown: 'kept', client_assertion_type: jwtBearer })
  const shown = await server.browser().open(urlOf(client, requestUri))
  assert.ok(!shown.html.includes(client.secret))
})
