import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ClientId } from '../../src/domain/ids.ts'
import { hashed } from '../../src/domain/secrets.ts'
import { aTarget } from './a-target.ts'

const key = { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo', kid: 'a' }

function fileWith(members: object): object {
  return { clients: [{ name: 'Web', client_id: 'web', ...members }] }
}

async function stored(target: Awaited<ReturnType<typeof aTarget>>) {
  const client = await target.rows.clients.find('web' as ClientId)
  assert.ok(client)
  return client
}

test('RFC 7591 §2: what a file says about keys and requests is kept, also by a file that does not say it', async () => {
  const target = await aTarget()
  const members = {
    token_endpoint_auth_method: 'private_key_jwt',
    jwks_uri: 'https://web.example/jwks',
    require_pushed_authorization_requests: true,
    par_request_expiry: 60,
    signed_request_object: { required: true },
    valetkey: {
      token_endpoint_auth_signing_alg: 'PS256',
      request_object_signing_alg: 'ES256',
      request_uris: ['https://web.example/request.jwt#x'],
      userinfo_signed_response_alg: 'ES256',
      userinfo_encrypted_response_alg: 'ECDH-ES',
      userinfo_encrypted_response_enc: 'A256GCM',
      id_token_encrypted_response_alg: 'RSA-OAEP-256',
    },
  }
  const report = await target.applied(fileWith(members))
  assert.deepEqual(report.secrets, [])
  const client = await stored(target)
  assert.deepEqual(
    {
      secrets: client.secrets,
      jwksUri: client.jwksUri,
      alg: client.tokenEndpointAuthSigningAlgorithm,
      requirePar: client.requirePushedAuthorizationRequests,
      lifetime: client.pushedRequestLifetimeSeconds,
      requestObject: client.requestObject,
      requestUris: client.requestUris,
      userInfo: client.userInfo,
      encryption: client.idToken.encryption,
    },
    {
      secrets: [],
      jwksUri: 'https://web.example/jwks',
      alg: 'PS256',
      requirePar: true,
      lifetime: 60,
      requestObject: { signingAlgorithm: 'ES256', required: true },
      requestUris: ['https://web.example/request.jwt#x'],
      userInfo: {
        signingAlgorithm: 'ES256',
        encryption: { keyManagement: 'ECDH-ES', content: 'A256GCM' },
      },
      encryption: { keyManagement: 'RSA-OAEP-256', content: 'A128CBC-HS256' },
    },
  )
  await target.applied(fileWith({}))
  const { version: _version, updatedAt: _updatedAt, ...again } = await stored(target)
  const { version, updatedAt, ...before } = client
  assert.deepEqual(again, before)
})

test('RFC 7591 §2: keys by value and at an address take the place of each other', async () => {
  const target = await aTarget()
  await target.applied(fileWith({ jwks_uri: 'https://web.example/jwks' }))
  await target.applied(fileWith({ valetkey: { jwks: { keys: [key] } } }))
  assert.deepEqual(
    [(await stored(target)).jwks, (await stored(target)).jwksUri],
    [{ keys: [key] }, undefined],
  )
  await target.applied(fileWith({ jwks_uri: 'https://web.example/jwks' }))
  const { jwks, jwksUri } = await stored(target)
  assert.deepEqual([jwks, jwksUri], [undefined, 'https://web.example/jwks'])
  await target.applied(fileWith({ jwks_uri: '' }))
  assert.equal((await stored(target)).jwksUri, undefined)
})

test('RFC 8705 §2.1.2: the name in the certificate', async () => {
  const target = await aTarget()
  const tls_client_auth = { subject_dn: 'CN=web.example,O=Example' }
  const members = { token_endpoint_auth_method: 'tls_client_auth', valetkey: { tls_client_auth } }
  await target.applied(fileWith(members))
  const expected = { kind: 'subject_dn', value: 'CN=web.example,O=Example' }
  assert.deepEqual((await stored(target)).tlsClientAuth, expected)
})

test('RFC 9126 §2.2: par_request_expiry null says nothing, as with Auth0', async () => {
  const target = await aTarget()
  await target.applied(fileWith({ par_request_expiry: 600 }))
  await target.applied(fileWith({ par_request_expiry: null }))
  assert.equal((await stored(target)).pushedRequestLifetimeSeconds, 600)
})

test('RFC 7591 §2: what contradicts itself is refused', async (t) => {
  const noKeys = 'needs keys of the client: set jwks_uri or valetkey.jwks'
  const rows = [
    {
      name: 'private_key_jwt without keys',
      members: { token_endpoint_auth_method: 'private_key_jwt' },
      mistake: `clients[0].token_endpoint_auth_method: ${noKeys}`,
    },
    {
      name: 'a self-signed certificate that nobody knows',
      members: { token_endpoint_auth_method: 'self_signed_tls_client_auth' },
      mistake: `clients[0].token_endpoint_auth_method: ${noKeys}`,
    },
    {
      name: 'a certificate without a name',
      members: { token_endpoint_auth_method: 'tls_client_auth' },
      mistake:
        'clients[0].token_endpoint_auth_method: tls_client_auth needs the name in the certificate: set valetkey.tls_client_auth',
    },
    {
      name: 'signed requests without keys',
      members: { signed_request_object: { required: true } },
      mistake: `clients[0].signed_request_object.required: ${noKeys}`,
    },
    {
      name: 'encryption to nobody',
      members: { valetkey: { id_token_encrypted_response_alg: 'ECDH-ES' } },
      mistake: `clients[0].valetkey.id_token_encrypted_response_alg: ${noKeys}`,
    },
    {
      name: 'UserInfo for nobody',
      members: { valetkey: { userinfo_encrypted_response_alg: 'ECDH-ES' } },
      mistake: `clients[0].valetkey.userinfo_encrypted_response_alg: ${noKeys}`,
    },
    {
      name: 'keys in two places',
      members: { jwks_uri: 'https://x.example/', valetkey: { jwks: { keys: [key] } } },
      mistake: 'clients[0].jwks_uri: contradicts valetkey.jwks (RFC 7591 §2)',
    },
    {
      name: 'signed with nothing',
      members: {
        signed_request_object: { required: true },
        valetkey: { jwks: { keys: [key] }, request_object_signing_alg: 'none' },
      },
      mistake:
        'clients[0].valetkey.request_object_signing_alg: none contradicts signed_request_object.required (RFC 9101 §10.5)',
    },
    {
      name: 'a secret beside keys',
      members: {
        client_secret: 'x'.repeat(32),
        token_endpoint_auth_method: 'private_key_jwt',
        valetkey: { jwks: { keys: [key] } },
      },
      mistake:
        'clients[0].client_secret: a client that does not authenticate with a secret has none: remove it, or set token_endpoint_auth_method',
    },
  ]
  for (const { name, members, mistake } of rows)
    await t.test(name, async () => {
      const { mistakes } = await aTarget()
      assert.deepEqual(await mistakes(fileWith(members)), [mistake])
    })
})

test('RFC 7518 §3.3: a key that nothing could be done with is refused', async (t) => {
  const sound = 'expected a sound public key; of RSA 2048 to 4096 bits, and an exponent of 32 bits at most'
  const weak = { kty: 'RSA', n: Buffer.alloc(128, 255).toString('base64url'), e: 'AQAB' }
  const issuer = { issuer: 'https://i.example', algorithms: ['RS256'], subjects: 'all' }
  const rows = [
    {
      name: 'RSA of 1024 bits',
      valetkey: { jwks: { keys: [key, weak] } },
      mistake: `clients[0].valetkey.jwks.keys[1]: ${sound}`,
    },
    {
      name: 'no key at all',
      valetkey: { jwks: { keys: [{ ...key, x: 'AQAB' }] } },
      mistake: `clients[0].valetkey.jwks.keys[0]: ${sound}`,
    },
    {
      name: 'RSA of 1024 bits of a trusted issuer',
      valetkey: { trusted_issuers: [{ ...issuer, jwks: { keys: [weak] } }] },
      mistake: `clients[0].valetkey.trusted_issuers[0].jwks.keys[0]: ${sound}`,
    },
    {
      name: 'twenty-one keys',
      valetkey: { jwks: { keys: Array.from({ length: 21 }, () => key) } },
      mistake: 'clients[0].valetkey.jwks.keys: expected at most 20 keys',
    },
    {
      name: 'encryption for which there is no key',
      valetkey: { jwks: { keys: [key] }, id_token_encrypted_response_alg: 'ECDH-ES' },
      mistake: 'clients[0].valetkey.id_token_encrypted_response_alg: no key of valetkey.jwks is for ECDH-ES',
    },
    {
      name: 'encrypted UserInfo for which there is no key',
      valetkey: { jwks: { keys: [key] }, userinfo_encrypted_response_alg: 'RSA-OAEP' },
      mistake: 'clients[0].valetkey.userinfo_encrypted_response_alg: no key of valetkey.jwks is for RSA-OAEP',
    },
  ]
  for (const { name, valetkey, mistake } of rows)
    await t.test(name, async () => {
      const { mistakes } = await aTarget()
      assert.deepEqual(await mistakes(fileWith({ valetkey })), [mistake])
    })
})

test('RFC 7517 §4: what is no public key, no address and no algorithm is refused', async (t) => {
  const rows = [
    { name: 'a private key', members: { valetkey: { jwks: { keys: [{ ...key, d: 'x' }] } } } },
    { name: 'a symmetric key', members: { valetkey: { jwks: { keys: [{ kty: 'oct', k: 'x' }] } } } },
    { name: 'a request_uri by http', members: { valetkey: { request_uris: ['http://x.example/'] } } },
    {
      name: 'a request_uri with a password',
      members: { valetkey: { request_uris: ['https://a:b@x.example/'] } },
    },
    { name: 'RSA1_5', members: { valetkey: { id_token_encrypted_response_alg: 'RSA1_5' } } },
    { name: 'none for assertions', members: { valetkey: { token_endpoint_auth_signing_alg: 'none' } } },
    { name: 'two names', members: { valetkey: { tls_client_auth: { san_dns: 'a', san_ip: '::1' } } } },
    { name: 'no name', members: { valetkey: { tls_client_auth: {} } } },
    { name: 'four seconds', members: { par_request_expiry: 4 } },
    { name: 'eleven minutes', members: { par_request_expiry: 660 } },
    { name: 'another method', members: { token_endpoint_auth_method: 'magic' } },
  ]
  for (const { name, members } of rows)
    await t.test(name, async () => {
      const { mistakes } = await aTarget()
      assert.equal((await mistakes(fileWith(members))).length, 1)
    })
})

test('OIDC Registration §2: a file takes nothing away that it has no member for', async () => {
  const target = await aTarget()
  await target.applied(fileWith({}))
  const client = await stored(target)
  const registered = {
    pairwise: { sectorIdentifierUri: 'https://web.example/sector' },
    defaultMaxAgeSeconds: 300,
    requireAuthTime: true,
    defaultAcrValues: ['urn:example:strong'],
    registration: { accessToken: hashed('token'), metadata: { client_name: 'Web' } },
  }
  await target.rows.clients.update({ ...client, ...registered })
  await target.applied(fileWith({ description: 'changed' }))
  const { pairwise, defaultMaxAgeSeconds, requireAuthTime, defaultAcrValues, registration } =
    await stored(target)
  const kept = { pairwise, defaultMaxAgeSeconds, requireAuthTime, defaultAcrValues, registration }
  assert.deepEqual(kept, registered)
})
