// express-oauth2-jwt-bearer as it is published: an Express API that knows nothing but our issuer and its own identifier.
import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { type TestContext, test } from 'node:test'
import express, { type ErrorRequestHandler } from 'express'
import { type AuthOptions, auth, requiredScopes } from 'express-oauth2-jwt-bearer'
import type { SigningAlgorithm } from '../../src/domain/signing-key.ts'
import type { GivenApi, TestClient, TestServer } from '../../src/testkit/testkit.ts'
import { onLoopback, serverOnLoopback } from './scene.ts'

const audience = 'https://contacts.test/'

/** Serves GET, which needs read:contacts, and POST, which needs create:contacts; answers the subject or the error. */
async function protectedApi(t: TestContext, options: AuthOptions): Promise<string> {
  const api = express()
  api.use(auth(options))
  api.get('/contacts', requiredScopes('read:contacts'), (request, response) => {
    response.json({ subject: request.auth?.payload.sub })
  })
  api.post(
    '/contacts',
    requiredScopes('create:contacts'),
    (_, response) => void response.status(201).json({}),
  )
  const failed: ErrorRequestHandler = (error, _request, response, _next) => {
    response
      .status(error.status ?? 500)
      .set(error.headers)
      .json({ error: error.code, message: error.message })
  }
  api.use(failed)
  return `http://127.0.0.1:${await onLoopback(t, api)}/contacts`
}

interface Scene {
  readonly server: TestServer
  readonly client: TestClient
}

async function aScene(t: TestContext, given: GivenApi = {}): Promise<Scene> {
  const server = await serverOnLoopback(t)
  await server.anApi(given)
  const client = await server.aClient()
  await server.aClientGrant({ clientId: client.id, audience, scope: ['read:contacts'] })
  return { server, client }
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

async function ask(url: string, token?: string, method = 'GET'): Promise<Response> {
  return fetch(url, { method, headers: token === undefined ? {} : { authorization: `Bearer ${token}` } })
}

async function accepts(t: TestContext, given: GivenApi, strict: boolean): Promise<void> {
  const scene = await aScene(t, given)
  const url = await protectedApi(t, { issuerBaseURL: scene.server.issuer, audience, strict })
  const answer = await ask(url, await tokenFor(scene))
  assert.equal(answer.status, 200)
  assert.deepEqual(await answer.json(), { subject: `${scene.client.id}@clients` })
}

async function acceptsSignedWith(t: TestContext, signingAlgorithm: SigningAlgorithm): Promise<void> {
  await accepts(t, { signingAlgorithm }, false)
}

test('RFC 7515 §5.2: a token that is signed with RS256 passes', (t) => acceptsSignedWith(t, 'RS256'))

test('RFC 7515 §5.2: a token that is signed with PS256 passes', (t) => acceptsSignedWith(t, 'PS256'))

test('RFC 7515 §5.2: a token that is signed with ES256 passes', (t) => acceptsSignedWith(t, 'ES256'))

test('RFC 7515 §5.2: a token that is signed with EdDSA passes', (t) => acceptsSignedWith(t, 'EdDSA'))

test('RFC 9068 §4: a token in the dialect rfc9068_profile passes the strict checks', (t) =>
  accepts(t, { tokenDialect: 'rfc9068_profile' }, true))

test('RFC 9068 §2.1: a token in the dialect of Auth0 does not pass the strict checks', async (t) => {
  const scene = await aScene(t)
  const url = await protectedApi(t, { issuerBaseURL: scene.server.issuer, audience, strict: true })
  const answer = await ask(url, await tokenFor(scene))
  assert.equal(answer.status, 401)
  assert.equal((await answer.json()).error, 'invalid_token')
})

test("RFC 6749 §4.1: a user's token passes, and the API learns whose it is", async (t) => {
  const server = await serverOnLoopback(t)
  const api = await server.anApi()
  const client = await server.aClient()
  const user = await server.aUser()
  const url = await protectedApi(t, { issuerBaseURL: server.issuer, audience })
  // With `openid` the token is for UserInfo too, so that its audience is a list.
  const tokens = await server.signIn({ client, user, api, scope: 'openid read:contacts' })
  assert.deepEqual(await (await ask(url, tokens.access_token)).json(), { subject: user.id })
})

test('RFC 9068 §4: an ID token is no access token', async (t) => {
  const server = await serverOnLoopback(t)
  const client = await server.aClient()
  const url = await protectedApi(t, { issuerBaseURL: server.issuer, audience })
  const { id_token } = await server.signIn({ client, user: await server.aUser() })
  assert.equal((await ask(url, id_token)).status, 401)
})

test('RFC 6750 §3.1: a token without the scope is answered with 403 insufficient_scope', async (t) => {
  const scene = await aScene(t)
  const url = await protectedApi(t, { issuerBaseURL: scene.server.issuer, audience })
  const answer = await ask(url, await tokenFor(scene), 'POST')
  assert.equal(answer.status, 403)
  assert.match(answer.headers.get('www-authenticate') ?? '', /insufficient_scope.*create:contacts/)
})

test('RFC 9068 §4: a token for another API is answered with 401', async (t) => {
  const scene = await aScene(t)
  const finance = 'https://finance.test/'
  await scene.server.anApi({ identifier: finance })
  await scene.server.aClientGrant({ clientId: scene.client.id, audience: finance, scope: ['read:contacts'] })
  const url = await protectedApi(t, { issuerBaseURL: scene.server.issuer, audience })
  const answer = await ask(url, await tokenFor(scene, finance))
  assert.equal(answer.status, 401)
  assert.match((await answer.json()).message, /aud/)
})

test('RFC 9068 §4: an expired token is answered with 401', async (t) => {
  // The server lives an hour ago, so that what it issues for a minute is over by the clock of the API.
  const server = await serverOnLoopback(t, { startAt: new Date(Date.now() - 3_600_000).toISOString() })
  await server.anApi({ tokenLifetimeSeconds: 60 })
  const client = await server.aClient()
  await server.aClientGrant({ clientId: client.id, audience, scope: ['read:contacts'] })
  const url = await protectedApi(t, { issuerBaseURL: server.issuer, audience })
  const answer = await ask(url, await tokenFor({ server, client }))
  assert.equal(answer.status, 401)
  assert.match((await answer.json()).message, /exp/)
})

test('RFC 6750 §3: a request without a token is answered with 401 and a challenge', async (t) => {
  const scene = await aScene(t)
  const url = await protectedApi(t, { issuerBaseURL: scene.server.issuer, audience })
  const answer = await ask(url)
  assert.equal(answer.status, 401)
  assert.match(answer.headers.get('www-authenticate') ?? '', /^Bearer realm="api"/)
})

test('RFC 8725 §3.1: a token that is signed with our public key as a shared secret is answered with 401', async (t) => {
  const scene = await aScene(t)
  const url = await protectedApi(t, { issuerBaseURL: scene.server.issuer, audience })
  const [header = '', payload = ''] = (await tokenFor(scene)).split('.')
  const { kid } = JSON.parse(Buffer.from(header, 'base64url').toString())
  const jwks = await (await scene.server.fetch(`${scene.server.issuer}.well-known/jwks.json`)).json()
  const key = JSON.stringify(jwks.keys.find((candidate: { kid: string }) => candidate.kid === kid))
  const input = `${Buffer.from(JSON.stringify({ alg: 'HS256', typ: 'JWT', kid })).toString('base64url')}.${payload}`
  const forged = `${input}.${createHmac('sha256', key).update(input).digest('base64url')}`
  assert.equal((await ask(url, forged)).status, 401)
})
