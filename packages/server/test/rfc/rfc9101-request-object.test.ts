import assert from 'node:assert/strict'
import { createPublicKey } from 'node:crypto'
import { after, test } from 'node:test'
import { startTestServer, type TestClient } from '../../src/testkit/testkit.ts'
import { assertionClaims, type ClientKey, clientKey, fakeNetwork, signedBy, unsigned } from './client-keys.ts'
import {
  answerOf,
  assertJsonRefusal,
  assertPageRefusal,
  assertRedirectRefusal,
  authorizationParameters,
  credentials,
  form,
  type Given,
  granted,
  json,
  redeem,
} from './requests.ts'

const network = fakeNetwork()
const server = await startTestServer({ fetcher: network.fetcher })
after(() => server.close())
const user = await server.aUser()
const key = await clientKey('ES256')
const keys = { jwks: { keys: [key.publicJwk] } }
const client = await server.aClient({
  ...keys,
  redirectUris: ['https://app.test/callback', 'https://app.test/b'],
})

type Claims = Readonly<Record<string, unknown>>

/** Claims of a request object that passes, with the changes of a test. */
function objectClaims(from: TestClient, claims: Claims = {}): Claims {
  const parameters = Object.fromEntries(authorizationParameters(from))
  return { iss: from.id, aud: server.issuer, ...parameters, ...claims }
}

function signed(from: TestClient, claims: Claims = {}, by: ClientKey = key, header: Claims = {}) {
  return signedBy(by, objectClaims(from, claims), header)
}

/** An authorization request that holds a request object and what OpenID Connect Core §6.1 demands outside. */
function urlWith(from: TestClient, given: Given): string {
  const outside = { client_id: from.id, response_type: 'code', scope: 'openid' }
  return `${server.issuer}authorize?${form({ ...outside, ...given })}`
}

function authorize(from: TestClient, given: Given) {
  return server.fetch(urlWith(from, given), { redirect: 'manual' })
}

async function answered(from: TestClient, given: Given): Promise<URLSearchParams> {
  const browser = server.browser()
  return answerOf(await browser.logIn(await browser.open(urlWith(from, given)), user))
}

test('OIDC Core §6.1: what is inside a request object wins over the query', async () => {
  const inside = { state: 'inside', redirect_uri: 'https://app.test/b', scope: 'openid email', max_age: 300 }
  const request = await signed(client, inside)
  const outside = { state: 'outside', redirect_uri: 'https://app.test/callback', request }
  const browser = server.browser()
  const shown = await browser.logIn(await browser.open(urlWith(client, outside)), user)
  assert.equal(shown.leftTo?.url.pathname, '/b')
  assert.equal(answerOf(shown).get('state'), 'inside')
  const code = answerOf(shown).get('code') ?? ''
  const tokens = await granted(await redeem(server, client, code, { redirect_uri: 'https://app.test/b' }))
  assert.equal(tokens.scope, 'openid email')
})

test('OIDC Core §6.1: an OpenID request may leave the rest outside', async () => {
  const claims = { iss: client.id, aud: server.issuer, nonce: 'inside', state: undefined }
  const request = await signedBy(key, claims)
  const outside = Object.fromEntries(authorizationParameters(client, { state: 'outside' }))
  const answer = await answered(client, { ...outside, request })
  assert.equal(answer.get('state'), 'outside')
})

test('RFC 9101 §5: without the scope openid outside, only what is inside counts', async () => {
  const request = await signed(client, { state: undefined })
  const bare = { scope: undefined, response_type: undefined, request }
  const answer = await answered(client, { ...bare, state: 'outside', prompt: 'none' })
  assert.ok(answer.get('code'))
  assert.equal(answer.get('state'), null)
})

test('RFC 9101 §10.5: a client that signs everything: the query is ignored, and must not be all there is', async () => {
  const signing = await server.aClient({ ...keys, requestObject: { required: true } })
  const answer = await answered(signing, { request: await signed(signing, { state: undefined }), state: 'x' })
  assert.equal(answer.get('state'), null)
  const direct = await authorize(signing, Object.fromEntries(authorizationParameters(signing)))
  assertRedirectRefusal(server, direct, {
    error: 'invalid_request',
    rule: 'authorize.request_object_required',
  })
  const body = authorizationParameters(signing, credentials(signing))
  const response = await server.fetch(`${server.issuer}oauth/par`, { method: 'POST', body })
  await assertJsonRefusal(server, response, {
    error: 'invalid_request',
    rule: 'authorize.request_object_required',
  })
})

test('RFC 9126 §3: a pushed request object, beside which nothing counts', async () => {
  const signing = await server.aClient({ ...keys, requestObject: { required: true } })
  const push = async (claims: Claims, given: Given = {}) => {
    const body = form({ ...credentials(signing), request: await signed(signing, claims), ...given })
    return server.fetch(`${server.issuer}oauth/par`, { method: 'POST', body })
  }
  const outside = { state: 'outside', redirect_uri: 'https://evil.test/', scope: 'openid' }
  const { request_uri } = await json(await push({ state: 'inside' }, outside))
  const answer = await answered(signing, { request_uri: String(request_uri) })
  assert.equal(answer.get('state'), 'inside')
  await assertJsonRefusal(server, await push({ client_id: client.id }), {
    error: 'invalid_request_object',
    rule: 'request_object.client_id',
  })
})

test('RFC 9101 §6: a request object that cannot be trusted ends on a page', async (t) => {
  const now = server.now()
  const stranger = await clientKey('ES256', 'stranger')
  await server.aClient({ jwks: { keys: [stranger.publicJwk] } })
  const object = await signed(client)
  const [head = '', payload = '', signature = ''] = object.split('.')
  const changed = Buffer.from(JSON.stringify(objectClaims(client, { state: 'x' }))).toString('base64url')
  const rs = await clientKey('RS256')
  const pem = createPublicKey({ key: { ...rs.publicJwk }, format: 'jwk' })
    .export({ format: 'pem', type: 'spki' })
    .toString()
  const hmac = { alg: 'HS256', kid: rs.kid, privateKey: new TextEncoder().encode(pem) }
  const links = { jku: 'https://evil.test/keys', x5u: 'https://evil.test/keys', jwk: stranger.publicJwk }
  const rows = [
    { name: 'not a JWT', request: 'nothing', rule: 'request_object.malformed' },
    { name: 'encrypted', request: 'a.b.c.d.e', rule: 'request_object.malformed' },
    {
      name: 'another kind of JWT',
      request: await signed(client, {}, key, { typ: 'at+jwt' }),
      rule: 'request_object.malformed',
    },
    { name: 'alg none', request: unsigned(objectClaims(client)), rule: 'request_object.algorithm' },
    {
      name: 'the public key as a secret',
      request: await signedBy(hmac, objectClaims(client)),
      rule: 'request_object.algorithm',
    },
    {
      name: 'a foreign kid',
      request: await signed(client, {}, stranger),
      rule: 'request_object.key_unknown',
    },
    {
      name: "another client's key",
      request: await signed(client, {}, stranger, { kid: key.kid }),
      rule: 'request_object.signature',
    },
    {
      name: 'a key that it points to',
      request: await signed(client, {}, stranger, { ...links, kid: key.kid }),
      rule: 'request_object.signature',
    },
    {
      name: 'a changed payload',
      request: `${head}.${changed}.${signature}`,
      rule: 'request_object.signature',
    },
    { name: 'no signature', request: `${head}.${payload}.`, rule: 'request_object.signature' },
    { name: 'another iss', request: await signed(client, { iss: 'other' }), rule: 'request_object.issuer' },
    {
      name: 'another aud',
      request: await signed(client, { aud: 'https://other.test/' }),
      rule: 'request_object.audience',
    },
    { name: 'expired', request: await signed(client, { exp: now }), rule: 'request_object.expired' },
    {
      name: 'from the future',
      request: await signed(client, { nbf: now + 60 }),
      rule: 'request_object.not_yet_valid',
    },
    {
      name: 'a request object inside',
      request: await signed(client, { request: object }),
      rule: 'request_object.nested',
    },
    {
      name: 'a request_uri inside',
      request: await signed(client, { request_uri: 'https://x.test/' }),
      rule: 'request_object.nested',
    },
    {
      name: 'another client_id',
      request: await signed(client, { client_id: 'other' }),
      rule: 'request_object.client_id',
    },
    {
      name: 'another response_type',
      request: await signed(client, { response_type: 'id_token' }),
      rule: 'request_object.response_type',
    },
  ]
  for (const { name, request, rule } of rows)
    await t.test(name, async () => {
      await assertPageRefusal(server, await authorize(client, { request }), rule)
    })
  assert.deepEqual(network.asked, [])
})

test('OIDC Core §6.1: a signed part of an OpenID request may leave out iss and aud', async () => {
  const request = await signed(client, { iss: undefined, aud: undefined, state: 'inside' })
  assert.equal((await answered(client, { request })).get('state'), 'inside')
})

test('RFC 9101 §4: a request object that is all there is of the request names iss and aud', async (t) => {
  const signing = await server.aClient({ ...keys, requestObject: { required: true } })
  const rows = [
    {
      name: 'no iss',
      from: client,
      without: 'iss',
      given: { scope: undefined },
      rule: 'request_object.issuer',
    },
    {
      name: 'no aud',
      from: client,
      without: 'aud',
      given: { scope: undefined },
      rule: 'request_object.audience',
    },
    {
      name: 'no iss of a client that signs everything',
      from: signing,
      without: 'iss',
      given: {},
      rule: 'request_object.issuer',
    },
    {
      name: 'no aud of a client that signs everything',
      from: signing,
      without: 'aud',
      given: {},
      rule: 'request_object.audience',
    },
  ]
  for (const { name, from, without, given, rule } of rows)
    await t.test(name, async () => {
      const request = await signed(from, { [without]: undefined })
      await assertPageRefusal(server, await authorize(from, { ...given, request }), rule)
    })
})

test('RFC 9101 §7: the error goes to a destination that the query proves by itself', async () => {
  const outside = { redirect_uri: 'https://app.test/callback', state: 's', request: 'nothing' }
  const refusal = { error: 'invalid_request_object', rule: 'request_object.malformed' } as const
  assertRedirectRefusal(server, await authorize(client, outside), refusal)
  const foreign = await authorize(client, { ...outside, redirect_uri: 'https://evil.test/' })
  await assertPageRefusal(server, foreign, 'request_object.malformed')
})

test('RFC 9101 §6.2: exp and nbf that hold, and aud as an array', async () => {
  const now = server.now()
  const aud = ['https://other.test/', server.issuer]
  const request = await signed(client, { exp: now + 60, nbf: now + 8, iat: now, jti: 'x', aud })
  assert.ok((await answered(client, { request })).get('code'))
})

test('RFC 9101 §4: a redirect_uri inside is checked as registered', async () => {
  const request = await signed(client, { redirect_uri: 'https://evil.test/' })
  const outside = { redirect_uri: 'https://app.test/callback', request }
  await assertPageRefusal(server, await authorize(client, outside), 'authorize.redirect_uri_not_registered')
})

test('RFC 9101 §4: a value that no parameter can have is refused', async () => {
  const request = await signed(client, { prompt: { x: 1 } })
  assertRedirectRefusal(server, await authorize(client, { request }), {
    error: 'invalid_request',
    rule: 'authorize.prompt_unknown',
  })
})

test('RFC 9101 §10.8: a client assertion is no request object', async () => {
  const assertion = await signedBy(key, assertionClaims(server, client.id))
  const response = await authorize(client, { scope: undefined, response_type: undefined, request: assertion })
  await assertPageRefusal(server, response, 'authorize.redirect_uri_missing')
})

test('OIDC Core §6.1: an unsigned request object works for a client that registered so, and for no other', async () => {
  const lax = await server.aClient({ ...keys, requestObject: { signingAlgorithm: 'none' } })
  const request = unsigned(objectClaims(lax, { state: 'inside' }))
  assert.equal((await answered(lax, { request })).get('state'), 'inside')
  const pretending = `${request}c2lnbmF0dXJl`
  await assertPageRefusal(server, await authorize(lax, { request: pretending }), 'request_object.algorithm')
  await assertPageRefusal(
    server,
    await authorize(lax, { request: await signed(lax) }),
    'request_object.algorithm',
  )
})

test('OIDC Registration §2: a client that registered one algorithm is refused with another', async () => {
  const rs = await clientKey('RS256')
  const jwks = { keys: [key.publicJwk, rs.publicJwk] }
  const strict = await server.aClient({ jwks, requestObject: { signingAlgorithm: 'RS256' } })
  assert.ok((await answered(strict, { request: await signed(strict, {}, rs) })).get('code'))
  const weak = await authorize(strict, { request: await signed(strict) })
  await assertPageRefusal(server, weak, 'request_object.algorithm')
})

const registered = 'https://app.test/request.jwt'
const byReference = await server.aClient({ ...keys, requestUris: [`${registered}#old`] })

test('OIDC Core §6.2: a request object by reference, whatever the fragment', async (t) => {
  const rows = [
    'application/oauth-authz-req+jwt',
    'application/jwt',
    'text/plain; charset=utf-8',
    'Application/JWT',
  ]
  for (const contentType of rows)
    await t.test(contentType, async () => {
      network.serve(registered, { contentType, text: `${await signed(byReference, { state: 'there' })}\n` })
      const answer = await answered(byReference, { request_uri: `${registered}#new` })
      assert.equal(answer.get('state'), 'there')
    })
})

test('OIDC Core §6.2: only registered references are fetched', async (t) => {
  const before = network.asked.length
  const rows = [
    { name: 'another path', request_uri: 'https://app.test/other.jwt' },
    { name: 'a query', request_uri: `${registered}?x` },
    { name: 'another host', request_uri: 'https://evil.test/request.jwt' },
    { name: 'cloud metadata', request_uri: 'http://169.254.169.254/latest/meta-data/' },
    { name: 'a file', request_uri: 'file:///etc/passwd' },
    { name: 'no URL', request_uri: 'x' },
    { name: 'almost a pushed one', request_uri: 'urn:ietf:params:oauth:request_urn:x' },
  ]
  for (const { name, request_uri } of rows)
    await t.test(name, async () => {
      await assertPageRefusal(
        server,
        await authorize(byReference, { request_uri }),
        'request_uri.not_registered',
      )
    })
  const none = await authorize(client, { request_uri: registered })
  await assertPageRefusal(server, none, 'request_uri.not_registered')
  assert.equal(network.asked.length, before)
})

test('RFC 9101 §5.2.3: a reference that does not answer with a JWT', async (t) => {
  const text = await signed(byReference)
  const rows = [
    { name: 'nobody answers', answer: undefined, rule: 'request_uri.unreachable' },
    {
      name: 'not found',
      answer: { status: 404, contentType: 'text/plain', text },
      rule: 'request_uri.unreachable',
    },
    { name: 'an image', answer: { contentType: 'image/png', text }, rule: 'request_uri.media_type' },
    { name: 'a page', answer: { contentType: 'text/html', text: '<p>' }, rule: 'request_object.malformed' },
  ]
  for (const { name, answer, rule } of rows)
    await t.test(name, async () => {
      network.serve(registered, answer)
      await assertPageRefusal(server, await authorize(byReference, { request_uri: registered }), rule)
    })
})

test('RFC 9101 §5: request and request_uri exclude each other', async () => {
  const both = { request: await signed(byReference), request_uri: registered }
  await assertPageRefusal(server, await authorize(byReference, both), 'authorize.request_and_request_uri')
})

test('RFC 9101 §5: a request object without a client_id outside names nobody', async () => {
  const response = await authorize(client, { client_id: undefined, request: await signed(client) })
  await assertPageRefusal(server, response, 'parameter.missing')
})

test('OIDC Discovery §3: what discovery says about request objects', async () => {
  const document = await json(await server.fetch(`${server.issuer}.well-known/openid-configuration`))
  const algorithms = document.request_object_signing_alg_values_supported
  assert.ok(Array.isArray(algorithms) && algorithms.includes('RS256') && !algorithms.includes('none'))
  assert.equal(document.request_parameter_supported, true)
  assert.equal(document.request_uri_parameter_supported, true)
  assert.equal(document.require_request_uri_registration, true)
})
