// openid-client as it is published, in-process: its custom fetch ends in the server.
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import * as client from 'openid-client'
import type { SigningAlgorithm } from '../../src/domain/signing-key.ts'
import type { TestClient, TestServer } from '../../src/testkit/testkit.ts'
import { serverNow, visit } from './scene.ts'

const redirectUri = 'https://app.test/callback'
const audience = 'https://contacts.test/'

interface Scene {
  readonly server: TestServer
  readonly registered: TestClient
  readonly config: client.Configuration
}

type Registration = NonNullable<Parameters<TestServer['aClient']>[0]>

async function aScene(
  t: TestContext,
  given: Registration = {},
  authentication?: (secret: string) => client.ClientAuth,
): Promise<Scene> {
  const server = await serverNow(t)
  const registered = await server.aClient(given)
  const clientAuth = authentication ?? (registered.secret === '' ? client.None : client.ClientSecretPost)
  const config = await client.discovery(
    new URL(server.issuer),
    registered.id,
    { id_token_signed_response_alg: registered.idToken.signingAlgorithm },
    clientAuth(registered.secret),
    {
      // Without this, openid-client trusts the TLS connection and never looks at the signature of an ID token.
      execute: [client.enableNonRepudiationChecks],
      [client.customFetch]: (url, options) => server.fetch(url, options as RequestInit),
    },
  )
  return { server, registered, config }
}

interface Flow {
  readonly callback: URL
  readonly checks: client.AuthorizationCodeGrantChecks
}

/** The browser's half of the code flow, with everything that openid-client can check about it. */
async function authorize(
  { server, config }: Scene,
  parameters: Readonly<Record<string, string>> = {},
  answer: 'allow' | 'decline' = 'allow',
): Promise<Flow> {
  const checks = {
    pkceCodeVerifier: client.randomPKCECodeVerifier(),
    expectedState: client.randomState(),
    expectedNonce: client.randomNonce(),
    idTokenExpected: true,
  }
  const url = client.buildAuthorizationUrl(config, {
    redirect_uri: redirectUri,
    scope: 'openid profile email offline_access',
    code_challenge: await client.calculatePKCECodeChallenge(checks.pkceCodeVerifier),
    code_challenge_method: 'S256',
    state: checks.expectedState,
    nonce: checks.expectedNonce,
    ...parameters,
  })
  const callback = await visit(url, { user: await server.aUser(), browser: server.browser(), answer })
  return { callback, checks }
}

test('OIDC Discovery §4.3: openid-client finds every endpoint from the issuer alone', async (t) => {
  const { server, config } = await aScene(t)
  const found = config.serverMetadata()
  assert.equal(found.issuer, server.issuer)
  assert.equal(found.supportsPKCE(), true)
  assert.equal(found.authorization_response_iss_parameter_supported, true)
})

async function verifiesAnIdToken(t: TestContext, signingAlgorithm: SigningAlgorithm): Promise<void> {
  const scene = await aScene(t, { idToken: { signingAlgorithm, lifetimeSeconds: 3600 } })
  const { callback, checks } = await authorize(scene)
  const tokens = await client.authorizationCodeGrant(scene.config, callback, checks)
  const claims = tokens.claims()
  assert.ok(claims)
  assert.equal(claims.aud, scene.registered.id)
  assert.equal(claims.email, 'ada@example.com')
  assert.equal(tokens.token_type, 'bearer')
  // openid-client counts down with the real clock, which may have ticked.
  assert.ok([86_400, 86_399].includes(tokens.expiresIn() ?? 0))
}

test('OIDC Core §3.1.3.7: openid-client verifies an ID token that is signed with RS256', (t) =>
  verifiesAnIdToken(t, 'RS256'))

test('OIDC Core §3.1.3.7: openid-client verifies an ID token that is signed with PS256', (t) =>
  verifiesAnIdToken(t, 'PS256'))

test('OIDC Core §3.1.3.7: openid-client verifies an ID token that is signed with ES256', (t) =>
  verifiesAnIdToken(t, 'ES256'))

test('OIDC Core §3.1.3.7: openid-client verifies an ID token that is signed with EdDSA', (t) =>
  verifiesAnIdToken(t, 'EdDSA'))

test('RFC 7636 §4.5: a public client gets its tokens with PKCE and without a secret', async (t) => {
  const scene = await aScene(t, { tokenEndpointAuthMethod: 'none' })
  const { callback, checks } = await authorize(scene)
  const tokens = await client.authorizationCodeGrant(scene.config, callback, checks)
  const refreshed = await client.refreshTokenGrant(scene.config, tokens.refresh_token ?? '')
  assert.equal(refreshed.claims()?.sub, tokens.claims()?.sub)
})

test('OIDC Core §5.3: openid-client reads UserInfo and finds the subject of the ID token', async (t) => {
  const scene = await aScene(t)
  const { callback, checks } = await authorize(scene)
  const tokens = await client.authorizationCodeGrant(scene.config, callback, checks)
  const subject = tokens.claims()?.sub ?? ''
  const info = await client.fetchUserInfo(scene.config, tokens.access_token, subject)
  assert.equal(info.name, 'Ada Lovelace')
  assert.equal(info.email_verified, true)
  await assert.rejects(client.fetchUserInfo(scene.config, tokens.access_token, 'someone else'), {
    code: 'OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED',
  })
})

test('OIDC Core §3.1.2.1: max_age and prompt=login are answered with an auth_time that satisfies', async (t) => {
  const scene = await aScene(t)
  const { callback, checks } = await authorize(scene, { max_age: '60', prompt: 'login' })
  const tokens = await client.authorizationCodeGrant(scene.config, callback, { ...checks, maxAge: 60 })
  assert.equal(tokens.claims()?.auth_time, scene.server.now())
})

test('RFC 6749 §6: openid-client refreshes again and again, each time with a new refresh token', async (t) => {
  const scene = await aScene(t)
  const { callback, checks } = await authorize(scene)
  const first = await client.authorizationCodeGrant(scene.config, callback, checks)
  const seen = new Set([first.refresh_token])
  let newest = first.refresh_token ?? ''
  for (let times = 1; times <= 3; times++) {
    scene.server.advance('1s')
    const tokens = await client.refreshTokenGrant(scene.config, newest)
    assert.equal(tokens.claims()?.sub, first.claims()?.sub)
    assert.equal(tokens.claims()?.nonce, undefined)
    await client.fetchUserInfo(scene.config, tokens.access_token, tokens.claims()?.sub ?? '')
    newest = tokens.refresh_token ?? ''
    seen.add(newest)
  }
  assert.equal(seen.size, 4)
})

test('RFC 9700 §4.14.2: a stale refresh token is invalid_grant for openid-client, and so is the newest then', async (t) => {
  const scene = await aScene(t)
  const { callback, checks } = await authorize(scene)
  const first = await client.authorizationCodeGrant(scene.config, callback, checks)
  const second = await client.refreshTokenGrant(scene.config, first.refresh_token ?? '')
  scene.server.advance('1s')
  const refused = { name: 'ResponseBodyError', error: 'invalid_grant', status: 400 }
  await assert.rejects(client.refreshTokenGrant(scene.config, first.refresh_token ?? ''), refused)
  await assert.rejects(client.refreshTokenGrant(scene.config, second.refresh_token ?? ''), refused)
})

test('RFC 6749 §4.1.2: a code that openid-client sends twice is invalid_grant, and its tokens are revoked', async (t) => {
  const scene = await aScene(t)
  const { callback, checks } = await authorize(scene)
  const tokens = await client.authorizationCodeGrant(scene.config, callback, checks)
  await assert.rejects(client.authorizationCodeGrant(scene.config, callback, checks), {
    name: 'ResponseBodyError',
    error: 'invalid_grant',
    status: 400,
  })
  await assert.rejects(
    client.fetchUserInfo(scene.config, tokens.access_token, tokens.claims()?.sub ?? ''),
    (error) => error instanceof client.WWWAuthenticateChallengeError && error.status === 401,
  )
})

test('RFC 7636 §4.6: openid-client with another verifier gets invalid_grant', async (t) => {
  const scene = await aScene(t)
  const { callback, checks } = await authorize(scene)
  const stolen = { ...checks, pkceCodeVerifier: client.randomPKCECodeVerifier() }
  await assert.rejects(client.authorizationCodeGrant(scene.config, callback, stolen), {
    error: 'invalid_grant',
  })
})

test('RFC 6749 §4.1.2.1: who declines is access_denied for openid-client, with state and issuer intact', async (t) => {
  const scene = await aScene(t, { isFirstParty: false })
  const { callback, checks } = await authorize(scene, {}, 'decline')
  await assert.rejects(client.authorizationCodeGrant(scene.config, callback, checks), {
    name: 'AuthorizationResponseError',
    error: 'access_denied',
  })
})

test('OIDC Core §3.1.2.6: prompt=none without a session is login_required for openid-client', async (t) => {
  const scene = await aScene(t)
  const { callback, checks } = await authorize(scene, { prompt: 'none' })
  await assert.rejects(client.authorizationCodeGrant(scene.config, callback, checks), {
    error: 'login_required',
  })
})

test('RFC 9207 §2.4: openid-client refuses an answer of another issuer, of nobody, or for another state', async (t) => {
  const scene = await aScene(t)
  const { callback, checks } = await authorize(scene)
  const answeredWith = (name: string, value: string) => {
    const url = new URL(callback)
    url.searchParams.set(name, value)
    if (value === '') url.searchParams.delete(name)
    return client.authorizationCodeGrant(scene.config, url, checks)
  }
  const invalid = { code: 'OAUTH_INVALID_RESPONSE' }
  await assert.rejects(answeredWith('iss', 'https://attacker.test/'), invalid)
  await assert.rejects(answeredWith('iss', ''), invalid)
  await assert.rejects(answeredWith('state', 'another'), invalid)
  // None of them reached the server: the code is still good.
  assert.ok(await client.authorizationCodeGrant(scene.config, callback, checks))
})

const basic = {
  given: { tokenEndpointAuthMethod: 'client_secret_basic' },
  authentication: client.ClientSecretBasic,
  wrongSecret: { name: 'WWWAuthenticateChallengeError', status: 401 },
}
const post = {
  given: { tokenEndpointAuthMethod: 'client_secret_post' },
  authentication: client.ClientSecretPost,
  wrongSecret: { name: 'ResponseBodyError', error: 'invalid_client', status: 401 },
}
type Method = typeof basic | typeof post

async function getsATokenForItself(t: TestContext, { given, authentication }: Method): Promise<void> {
  const scene = await aScene(t, given, authentication)
  await scene.server.anApi()
  await scene.server.aClientGrant({ clientId: scene.registered.id, audience, scope: ['read:contacts'] })
  const tokens = await client.clientCredentialsGrant(scene.config, { audience })
  assert.equal(tokens.scope, 'read:contacts')
  assert.equal(tokens.refresh_token, undefined)
}

test('RFC 6749 §4.4: openid-client gets a token for itself with client_secret_basic', (t) =>
  getsATokenForItself(t, basic))

test('RFC 6749 §4.4: openid-client gets a token for itself with client_secret_post', (t) =>
  getsATokenForItself(t, post))

async function isToldOfAWrongSecret(t: TestContext, method: Method): Promise<void> {
  const scene = await aScene(t, method.given, () => method.authentication('wrong'))
  await assert.rejects(client.clientCredentialsGrant(scene.config, { audience }), method.wrongSecret)
}

test('RFC 6749 §5.2: openid-client with a wrong secret by client_secret_basic gets 401 and a challenge', (t) =>
  isToldOfAWrongSecret(t, basic))

test('RFC 6749 §5.2: openid-client with a wrong secret by client_secret_post gets 401 invalid_client', (t) =>
  isToldOfAWrongSecret(t, post))

test('RFC 6749 §2.3.1: openid-client runs the code flow and refreshes with client_secret_basic', async (t) => {
  const scene = await aScene(t, basic.given, basic.authentication)
  const { callback, checks } = await authorize(scene)
  const tokens = await client.authorizationCodeGrant(scene.config, callback, checks)
  assert.ok((await client.refreshTokenGrant(scene.config, tokens.refresh_token ?? '')).access_token)
})

test('RFC 8707 §2: openid-client asks for an API by resource, and what it gets is a token for that API', async (t) => {
  const scene = await aScene(t)
  await scene.server.anApi()
  await scene.server.aClientGrant({ clientId: scene.registered.id, audience, scope: ['read:contacts'] })
  const { access_token } = await client.clientCredentialsGrant(scene.config, { resource: audience })
  const payload = JSON.parse(Buffer.from(access_token.split('.')[1] ?? '', 'base64url').toString())
  assert.equal(payload.aud, audience)
  await assert.rejects(client.clientCredentialsGrant(scene.config, { resource: 'https://unknown.test/' }), {
    name: 'ResponseBodyError',
    error: 'invalid_target',
  })
})
