// openid-client with keys: assertions, pushed requests, request objects, signed and encrypted answers.
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { exportJWK, generateKeyPair } from 'jose'
import * as client from 'openid-client'
import type { Client } from '../../src/domain/client.ts'
import type { Json } from '../../src/domain/ids.ts'
import { clientKey } from '../rfc/client-keys.ts'
import { serverNow, visit } from './scene.ts'

const redirectUri = 'https://app.test/callback'

interface Keys {
  readonly registration: Partial<Client>
  readonly metadata?: Partial<client.ClientMetadata>
  authentication(secret: string): client.ClientAuth
}

async function aScene(t: TestContext, { registration, metadata = {}, authentication }: Keys) {
  const server = await serverNow(t)
  const registered = await server.aClient(registration)
  const config = await client.discovery(
    new URL(server.issuer),
    registered.id,
    metadata,
    authentication(registered.secret),
    {
      execute: [client.enableNonRepudiationChecks],
      [client.customFetch]: (url, options) => server.fetch(url, options as RequestInit),
    },
  )
  return { server, config }
}

type Scene = Awaited<ReturnType<typeof aScene>>

/** What makes a code flow, and what it is checked against. */
async function aFlow() {
  const pkceCodeVerifier = client.randomPKCECodeVerifier()
  const checks = { pkceCodeVerifier, expectedState: client.randomState(), idTokenExpected: true }
  const parameters = {
    redirect_uri: redirectUri,
    scope: 'openid email',
    code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
    state: checks.expectedState,
  }
  return { checks, parameters }
}

async function finish({ server, config }: Scene, url: URL, checks: client.AuthorizationCodeGrantChecks) {
  const user = await server.aUser()
  const callback = await visit(url, { user, browser: server.browser(), answer: 'allow' })
  const tokens = await client.authorizationCodeGrant(config, callback, checks)
  assert.equal(tokens.claims()?.sub, user.id)
  const info = await client.fetchUserInfo(config, tokens.access_token, user.id)
  assert.equal(info.email, user.email)
}

for (const alg of ['RS256', 'PS256', 'ES256', 'EdDSA'] as const) {
  test(`OIDC Core §9: private_key_jwt with ${alg}, and PAR`, async (t) => {
    const { privateKey, kid, publicJwk } = await clientKey(alg)
    const scene = await aScene(t, {
      registration: {
        tokenEndpointAuthMethod: 'private_key_jwt',
        jwks: { keys: [publicJwk] },
        requirePushedAuthorizationRequests: true,
      },
      authentication: () => client.PrivateKeyJwt({ key: privateKey, kid }),
    })
    const { checks, parameters } = await aFlow()
    await finish(scene, await client.buildAuthorizationUrlWithPAR(scene.config, parameters), checks)
  })
}

test('OIDC Core §9: client_secret_jwt', async (t) => {
  const scene = await aScene(t, {
    registration: { tokenEndpointAuthMethod: 'client_secret_jwt' },
    authentication: (secret) => client.ClientSecretJwt(secret),
  })
  const { checks, parameters } = await aFlow()
  await finish(scene, client.buildAuthorizationUrl(scene.config, parameters), checks)
})

test('RFC 9101 §5: a request object, and one that is pushed', async (t) => {
  const { privateKey, kid, publicJwk } = await clientKey('ES256')
  const scene = await aScene(t, {
    registration: { jwks: { keys: [publicJwk] }, requestObject: { required: true } },
    authentication: (secret) => client.ClientSecretPost(secret),
  })
  const { checks, parameters } = await aFlow()
  const key = { key: privateKey, kid }
  const url = await client.buildAuthorizationUrlWithJAR(scene.config, parameters, key)
  await finish(scene, url, checks)
  const again = await aFlow()
  const object = await client.buildAuthorizationUrlWithJAR(scene.config, again.parameters, key)
  const pushed = await client.buildAuthorizationUrlWithPAR(scene.config, object.searchParams)
  const user = await scene.server.aUser({ email: 'grace@example.com' })
  const browser = scene.server.browser()
  const callback = await visit(pushed, { user, browser, answer: 'allow' })
  const tokens = await client.authorizationCodeGrant(scene.config, callback, again.checks)
  assert.equal(tokens.claims()?.sub, user.id)
})

test('OIDC Core §10.2: an encrypted ID token, and UserInfo that is signed and encrypted', async (t) => {
  const { publicKey, privateKey } = await generateKeyPair('ECDH-ES+A128KW', { extractable: true })
  const members: Record<string, Json> = JSON.parse(JSON.stringify(await exportJWK(publicKey)))
  const encryption = { keyManagement: 'ECDH-ES+A128KW', content: 'A256GCM' }
  const scene = await aScene(t, {
    registration: {
      jwks: { keys: [{ ...members, kid: 'enc', use: 'enc' }] },
      idToken: { signingAlgorithm: 'RS256', lifetimeSeconds: 300, encryption },
      userInfo: { signingAlgorithm: 'RS256', encryption },
    },
    metadata: { id_token_signed_response_alg: 'RS256', userinfo_signed_response_alg: 'RS256' },
    authentication: (secret) => client.ClientSecretPost(secret),
  })
  client.enableDecryptingResponses(scene.config, ['A256GCM'], {
    key: privateKey,
    kid: 'enc',
    alg: 'ECDH-ES+A128KW',
  })
  const { checks, parameters } = await aFlow()
  await finish(scene, client.buildAuthorizationUrl(scene.config, parameters), checks)
})
