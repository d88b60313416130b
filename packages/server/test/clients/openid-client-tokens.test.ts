// openid-client as it is published: its ways to authenticate, devices, introspection, revocation and encryption.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { generateKeyPair } from 'jose'
import * as client from 'openid-client'
import { startTestServer } from '../../src/testkit/testkit.ts'
import { clientKey } from '../rfc/client-keys.ts'
import { approve, deviceGrantType, toConsent } from '../rfc/devices.ts'
import { aParty, signInWith } from './openid-client-scene.ts'

const server = await startTestServer({ startAt: new Date().toISOString() })
after(() => server.close())
const user = await server.aUser()
const api = await server.anApi()

async function authenticatesWithItsKey(alg: string): Promise<void> {
  const key = await clientKey(alg)
  const party = await aParty(
    server,
    { tokenEndpointAuthMethod: 'private_key_jwt', jwks: { keys: [key.publicJwk] } },
    () => client.PrivateKeyJwt({ key: key.privateKey, kid: key.kid }),
  )
  const tokens = await signInWith(server, party, user)
  const renewed = await client.refreshTokenGrant(party.config, tokens.refresh_token ?? '')
  assert.equal(renewed.claims()?.sub, user.id)
}

test('RFC 7523 §2.2: openid-client authenticates with a key of ES256', () => authenticatesWithItsKey('ES256'))

test('RFC 7523 §2.2: openid-client authenticates with a key of PS256', () => authenticatesWithItsKey('PS256'))

test('RFC 7523 §3: openid-client with a key that it did not register is invalid_client', async () => {
  const [registered, other] = [await clientKey('ES256'), await clientKey('ES256')]
  const { config } = await aParty(
    server,
    { tokenEndpointAuthMethod: 'private_key_jwt', jwks: { keys: [registered.publicJwk] } },
    () => client.PrivateKeyJwt({ key: other.privateKey, kid: other.kid }),
  )
  await assert.rejects(client.clientCredentialsGrant(config, { audience: api.identifier }), {
    error: 'invalid_client',
    status: 401,
  })
})

test('OIDC Core §9: openid-client authenticates with client_secret_jwt', async () => {
  const given = { tokenEndpointAuthMethod: 'client_secret_jwt' }
  const party = await aParty(server, given, client.ClientSecretJwt)
  assert.equal((await signInWith(server, party, user)).claims()?.sub, user.id)
})

test('RFC 7662 §2.2: openid-client introspects its tokens, and RFC 7009 §2.1: revokes them', async () => {
  const { config, registered } = await aParty(server)
  const tokens = await signInWith(server, { config, registered }, user)
  const refreshToken = tokens.refresh_token ?? ''
  const before = await client.tokenIntrospection(config, refreshToken)
  assert.deepEqual([before.active, before.sub, before.client_id], [true, user.id, registered.id])
  await client.tokenRevocation(config, refreshToken, { token_type_hint: 'refresh_token' })
  assert.deepEqual(await client.tokenIntrospection(config, refreshToken), { active: false })
  assert.deepEqual(await client.tokenIntrospection(config, tokens.access_token), { active: false })
  await assert.rejects(client.refreshTokenGrant(config, refreshToken), { error: 'invalid_grant' })
})

test('RFC 7009 §2.2: openid-client may revoke a token that nobody knows', async () => {
  const { config } = await aParty(server)
  await client.tokenRevocation(config, 'unknown')
})

test('RFC 9701 §5: openid-client gets and verifies a signed introspection answer', async () => {
  const { config, registered } = await aParty(server)
  const { access_token } = await signInWith(server, { config, registered }, user)
  const signed = new client.Configuration(
    config.serverMetadata(),
    registered.id,
    { introspection_signed_response_alg: 'RS256' },
    client.ClientSecretPost(registered.secret),
  )
  signed[client.customFetch] = (url, options) => server.fetch(url, options as RequestInit)
  client.enableNonRepudiationChecks(signed)
  assert.equal((await client.tokenIntrospection(signed, access_token)).active, true)
})

test('OIDC Core §10.2: openid-client decrypts and verifies an ID token that is encrypted to it', async () => {
  const { publicKey, privateKey } = await generateKeyPair('ECDH-ES', { extractable: true })
  const jwk = await crypto.subtle.exportKey('jwk', publicKey)
  const { kty = '', crv = '', x = '', y = '' } = jwk
  const party = await aParty(server, {
    jwks: { keys: [{ kty, crv, x, y, kid: 'enc', use: 'enc', alg: 'ECDH-ES' }] },
    idToken: {
      signingAlgorithm: 'RS256',
      lifetimeSeconds: 3600,
      encryption: { keyManagement: 'ECDH-ES', content: 'A256GCM' },
    },
  })
  client.enableDecryptingResponses(party.config, ['A256GCM'], { key: privateKey, alg: 'ECDH-ES', kid: 'enc' })
  const tokens = await signInWith(server, party, user)
  assert.equal(tokens.id_token?.split('.').length, 5)
  assert.equal(tokens.claims()?.sub, user.id)
})

/** A device whose polls find the clock of the server moved on, so that the test does not wait. */
async function aDevice() {
  const party = await aParty(
    server,
    {
      applicationType: 'native',
      tokenEndpointAuthMethod: 'none',
      grantTypes: [deviceGrantType, 'refresh_token'],
    },
    client.None,
  )
  const scope = 'openid offline_access'
  const codes = await client.initiateDeviceAuthorization(party.config, { scope })
  assert.equal(codes.interval, 5)
  return { ...party, codes: { ...codes, interval: 0 } }
}

test('RFC 8628 §3.4: openid-client polls until the owner agrees, and gets tokens', async () => {
  const { config, codes } = await aDevice()
  const answers: number[] = []
  config[client.customFetch] = async (url, options) => {
    const response = await server.fetch(url, options as RequestInit)
    if (url.endsWith('/oauth/token')) {
      answers.push(response.status)
      server.advance('6s')
      if (answers.length === 1) await approve(server, user, codes.user_code)
    }
    return response
  }
  const tokens = await client.pollDeviceAuthorizationGrant(config, codes)
  assert.deepEqual(answers, [400, 200])
  assert.equal(tokens.claims()?.sub, user.id)
  assert.ok((await client.refreshTokenGrant(config, tokens.refresh_token ?? '')).access_token)
})

test('RFC 8628 §3.5: openid-client is told access_denied when the owner declines', async () => {
  const { config, codes } = await aDevice()
  const browser = server.browser()
  await browser.decline(await toConsent(server, browser, user, codes.user_code))
  await assert.rejects(client.pollDeviceAuthorizationGrant(config, codes), { error: 'access_denied' })
})

test('RFC 8628 §3.5: openid-client is told expired_token when nobody comes', async () => {
  const { config, codes } = await aDevice()
  server.advance('16m')
  await assert.rejects(client.pollDeviceAuthorizationGrant(config, codes), { error: 'expired_token' })
})
