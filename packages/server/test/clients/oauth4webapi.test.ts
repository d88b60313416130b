// oauth4webapi as it is published, in-process: every request and every check of a client, step by step.
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import * as oauth from 'oauth4webapi'
import type { TestClient, TestServer } from '../../src/testkit/testkit.ts'
import { serverNow, visit } from './scene.ts'

const redirectUri = 'https://app.test/callback'
const audience = 'https://contacts.test/'

type Registration = NonNullable<Parameters<TestServer['aClient']>[0]>

interface Scene {
  readonly server: TestServer
  readonly as: oauth.AuthorizationServer
  readonly registered: TestClient
  readonly client: oauth.Client
  readonly authentication: oauth.ClientAuth
  readonly http: { readonly [oauth.customFetch]: (url: string, options: object) => Promise<Response> }
}

async function aScene(t: TestContext, given: Registration = {}): Promise<Scene> {
  const server = await serverNow(t)
  const http = { [oauth.customFetch]: (url: string, options: object) => server.fetch(url, options) }
  const issuer = new URL(server.issuer)
  const as = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, http))
  const registered = await server.aClient(given)
  const client = { client_id: registered.id }
  return { server, as, registered, client, authentication: authenticationOf(registered), http }
}

function authenticationOf({ tokenEndpointAuthMethod, secret }: TestClient): oauth.ClientAuth {
  if (tokenEndpointAuthMethod === 'none') return oauth.None()
  return tokenEndpointAuthMethod === 'client_secret_basic'
    ? oauth.ClientSecretBasic(secret)
    : oauth.ClientSecretPost(secret)
}

interface Asked {
  readonly verifier: string
  readonly nonce: string
  readonly state: string
  readonly callback: URL
}

async function authorize(
  { server, as, client }: Scene,
  parameters: Readonly<Record<string, string>> = {},
  answer: 'allow' | 'decline' = 'allow',
): Promise<Asked> {
  const verifier = oauth.generateRandomCodeVerifier()
  const nonce = oauth.generateRandomNonce()
  const state = oauth.generateRandomState()
  const url = new URL(as.authorization_endpoint ?? '')
  url.search = new URLSearchParams({
    client_id: client.client_id,
    redirect_uri: redirectUri,
    response_type: 'code',
    scope: 'openid profile email offline_access',
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    nonce,
    state,
    ...parameters,
  }).toString()
  const user = await server.aUser()
  const callback = await visit(url, { user, browser: server.browser(), answer })
  return { verifier, nonce, state, callback }
}

/** Redeems the code of a callback; the ID token's signature is checked against the published keys. */
async function redeem(scene: Scene, asked: Asked): Promise<oauth.TokenEndpointResponse> {
  const { as, client, authentication, http } = scene
  const parameters = oauth.validateAuthResponse(as, client, asked.callback, asked.state)
  const response = await oauth.authorizationCodeGrantRequest(
    as,
    client,
    authentication,
    parameters,
    redirectUri,
    asked.verifier,
    http,
  )
  const tokens = await oauth.processAuthorizationCodeResponse(as, client, response, {
    expectedNonce: asked.nonce,
    requireIdToken: true,
  })
  await oauth.validateApplicationLevelSignature(as, response, http)
  return tokens
}

async function refresh(
  { as, client, authentication, http }: Scene,
  token: string | undefined,
): Promise<oauth.TokenEndpointResponse> {
  const response = await oauth.refreshTokenGrantRequest(as, client, authentication, token ?? '', http)
  const tokens = await oauth.processRefreshTokenResponse(as, client, response)
  await oauth.validateApplicationLevelSignature(as, response, http)
  return tokens
}

async function clientCredentials(
  { as, client, authentication, http }: Scene,
  parameters: Record<string, string>,
): Promise<oauth.TokenEndpointResponse> {
  const response = await oauth.clientCredentialsGrantRequest(as, client, authentication, parameters, http)
  return oauth.processClientCredentialsResponse(as, client, response)
}

async function runsTheCodeFlow(t: TestContext, tokenEndpointAuthMethod: string): Promise<void> {
  const scene = await aScene(t, { tokenEndpointAuthMethod })
  const tokens = await redeem(scene, await authorize(scene))
  const claims = oauth.getValidatedIdTokenClaims(tokens)
  assert.ok(claims)
  assert.equal(claims.name, 'Ada Lovelace')
  const answer = await oauth.userInfoRequest(scene.as, scene.client, tokens.access_token, scene.http)
  const info = await oauth.processUserInfoResponse(scene.as, scene.client, claims.sub, answer)
  assert.equal(info.email, 'ada@example.com')
  const refreshed = await refresh(scene, tokens.refresh_token)
  assert.equal(oauth.getValidatedIdTokenClaims(refreshed)?.sub, claims.sub)
  assert.notEqual(refreshed.refresh_token, tokens.refresh_token)
}

test('RFC 6749 §4.1: oauth4webapi runs code, PKCE, UserInfo and refresh with client_secret_post', (t) =>
  runsTheCodeFlow(t, 'client_secret_post'))

test('RFC 6749 §4.1: oauth4webapi runs code, PKCE, UserInfo and refresh with client_secret_basic', (t) =>
  runsTheCodeFlow(t, 'client_secret_basic'))

test('RFC 6749 §4.1: oauth4webapi runs code, PKCE, UserInfo and refresh as a public client', (t) =>
  runsTheCodeFlow(t, 'none'))

test('RFC 8414 §3: oauth4webapi discovers an OAuth server without OpenID Connect too', async (t) => {
  const { server, as, http } = await aScene(t)
  const issuer = new URL(server.issuer)
  const response = await oauth.discoveryRequest(issuer, { ...http, algorithm: 'oauth2' })
  assert.deepEqual(await oauth.processDiscoveryResponse(issuer, response), as)
})

test('RFC 9207 §2.4: oauth4webapi refuses the answer of another issuer', async (t) => {
  const scene = await aScene(t)
  const { callback, state } = await authorize(scene)
  callback.searchParams.set('iss', 'https://attacker.test/')
  assert.throws(() => oauth.validateAuthResponse(scene.as, scene.client, callback, state), {
    code: oauth.INVALID_RESPONSE,
  })
})

test('OIDC Core §3.1.3.7: oauth4webapi notices an ID token that answers another nonce', async (t) => {
  const scene = await aScene(t)
  const asked = await authorize(scene)
  await assert.rejects(redeem(scene, { ...asked, nonce: oauth.generateRandomNonce() }), {
    code: oauth.JWT_CLAIM_COMPARISON,
  })
})

test('RFC 6749 §4.1.2.1: who declines is access_denied for oauth4webapi', async (t) => {
  const scene = await aScene(t, { isFirstParty: false })
  const { callback, state } = await authorize(scene, {}, 'decline')
  assert.throws(() => oauth.validateAuthResponse(scene.as, scene.client, callback, state), {
    name: 'AuthorizationResponseError',
    error: 'access_denied',
  })
})

test('RFC 6749 §5.2: a code of the past is invalid_grant for oauth4webapi', async (t) => {
  const scene = await aScene(t)
  const asked = await authorize(scene)
  scene.server.advance('1h')
  await assert.rejects(redeem(scene, asked), {
    name: 'ResponseBodyError',
    error: 'invalid_grant',
    status: 400,
  })
})

test('RFC 9700 §4.14.2: a stale refresh token is invalid_grant for oauth4webapi and ends the family', async (t) => {
  const scene = await aScene(t)
  const tokens = await redeem(scene, await authorize(scene))
  const newer = await refresh(scene, tokens.refresh_token)
  scene.server.advance('1s')
  await assert.rejects(refresh(scene, tokens.refresh_token), { error: 'invalid_grant' })
  await assert.rejects(refresh(scene, newer.refresh_token), { error: 'invalid_grant' })
})

async function getsATokenForItself(t: TestContext, tokenEndpointAuthMethod: string): Promise<void> {
  const scene = await aScene(t, { tokenEndpointAuthMethod })
  await scene.server.anApi()
  await scene.server.aClientGrant({
    clientId: scene.registered.id,
    audience,
    scope: ['read:contacts', 'create:contacts'],
  })
  const tokens = await clientCredentials(scene, { audience, scope: 'read:contacts' })
  assert.equal(tokens.scope, 'read:contacts')
}

test('RFC 6749 §4.4: oauth4webapi gets a token for itself with client_secret_basic', (t) =>
  getsATokenForItself(t, 'client_secret_basic'))

test('RFC 6749 §4.4: oauth4webapi gets a token for itself with client_secret_post', (t) =>
  getsATokenForItself(t, 'client_secret_post'))

test('RFC 6749 §5.2: a client without a grant for the API is access_denied for oauth4webapi', async (t) => {
  const scene = await aScene(t)
  await scene.server.anApi()
  await assert.rejects(clientCredentials(scene, { audience }), {
    name: 'ResponseBodyError',
    error: 'access_denied',
    status: 403,
  })
})

test('RFC 9068 §4: oauth4webapi accepts our access token as an API would, and none for another API', async (t) => {
  const scene = await aScene(t)
  await scene.server.anApi({ tokenDialect: 'rfc9068_profile' })
  await scene.server.aClientGrant({ clientId: scene.registered.id, audience, scope: ['read:contacts'] })
  const { access_token } = await clientCredentials(scene, { audience })
  const validate = (expected: string) => {
    const request = new Request(audience, { headers: { authorization: `Bearer ${access_token}` } })
    return oauth.validateJwtAccessToken(scene.as, request, expected, scene.http)
  }
  assert.equal((await validate(audience)).scope, 'read:contacts')
  await assert.rejects(validate('https://finance.test/'), { code: oauth.JWT_CLAIM_COMPARISON })
})
