// What keys of clients may cost: whoever registers chooses them, and whoever comes by makes the server try them.
import assert from 'node:assert/strict'
import { generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto'
import { after, test } from 'node:test'
import type { ClientJwk } from '../../src/domain/client.ts'
import { KeyCache } from '../../src/oauth/key-cache.ts'
import { startTestServer, type TestClient } from '../../src/testkit/testkit.ts'
import {
  assertionClaims,
  type ClientKey,
  clientKey,
  fakeNetwork,
  jwtBearer,
  signedBy,
} from './client-keys.ts'
import { allowRegistration, openToAll, register, registered, send } from './registrations.ts'
import { assertJsonRefusal, granted, json, token } from './requests.ts'

const network = fakeNetwork()
const server = await startTestServer({ fetcher: network.fetcher })
after(() => server.close())
await allowRegistration(server, openToAll)
const api = await server.anApi()

const rsa = publicJwk(generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey)
const ec = publicJwk(generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey)

function publicJwk(key: KeyObject): ClientJwk {
  return JSON.parse(JSON.stringify(key.export({ format: 'jwk' })))
}

/** A number of exactly so many bits; odd, as a modulus and an exponent have to be. */
function odd(bits: number): string {
  const bytes = randomBytes(bits / 8)
  bytes[0] = (bytes[0] ?? 0) | 0x80
  bytes[bytes.length - 1] = (bytes[bytes.length - 1] ?? 0) | 1
  return bytes.toString('base64url')
}

const unusable: readonly { readonly name: string; readonly key: ClientJwk }[] = [
  { name: 'an exponent as long as the modulus', key: { ...rsa, e: odd(2048) } },
  { name: 'an exponent of 33 bits', key: { ...rsa, e: 'AQAAAAE' } },
  { name: 'an even exponent', key: { ...rsa, e: 'AQAA' } },
  { name: 'an exponent of one', key: { ...rsa, e: 'AQ' } },
  { name: 'no exponent', key: { kty: 'RSA', n: String(rsa.n) } },
  { name: 'a modulus of 1024 bits', key: { ...rsa, n: odd(1024) } },
  { name: 'a modulus of 1024 bits behind zeros', key: { ...rsa, n: `${'A'.repeat(172)}${odd(1024)}` } },
  { name: 'a modulus of 16384 bits', key: { ...rsa, n: odd(16_384) } },
  { name: 'a modulus that is a number', key: { ...rsa, n: 2 ** 50 } },
  { name: 'a modulus that is no base64url', key: { ...rsa, n: '='.repeat(342) } },
  { name: 'a point that is not on its curve', key: { ...ec, x: String(ec.y), y: String(ec.x) } },
  { name: 'a curve that nobody knows', key: { ...ec, crv: 'P-1' } },
  { name: 'a short Edwards key', key: { kty: 'OKP', crv: 'Ed25519', x: 'AQAB' } },
]

async function aMachine(given: Parameters<typeof server.aClient>[0]): Promise<TestClient> {
  const made = await server.aClient({ tokenEndpointAuthMethod: 'private_key_jwt', ...given })
  await server.aClientGrant({ clientId: made.id, audience: api.identifier, scope: ['read:contacts'] })
  return made
}

async function byAssertion(from: TestClient, by: ClientKey, header: Readonly<Record<string, unknown>> = {}) {
  return token(server, {
    grant_type: 'client_credentials',
    audience: api.identifier,
    client_assertion: await signedBy(by, assertionClaims(server, from.id), header),
    client_assertion_type: jwtBearer,
  })
}

function withoutKid({ publicJwk: { kid: _, ...key } }: ClientKey): ClientJwk {
  return key
}

test('RFC 7518 §3.3: nobody registers a key that is costly, weak or broken', async (t) => {
  for (const { name, key } of unusable)
    await t.test(name, async () => {
      const refusal = { error: 'invalid_client_metadata', rule: 'registration.key_unusable' } as const
      const jwks = { keys: [rsa, key] }
      await assertJsonRefusal(
        server,
        await register(server, { redirect_uris: ['https://app.test/'], jwks }),
        refusal,
      )
      const { client_id, registration_client_uri, registration_access_token } = await registered(server)
      const changed = { client_id, redirect_uris: ['https://app.test/'], jwks }
      const put = await send(server, 'PUT', registration_client_uri, changed, registration_access_token)
      await assertJsonRefusal(server, put, refusal)
    })
})

test('RFC 7517 §5: nobody registers keys without end', async () => {
  const jwks = { keys: Array.from({ length: 21 }, (_, index) => ({ ...ec, kid: String(index) })) }
  const response = await register(server, { redirect_uris: ['https://app.test/'], jwks })
  await assertJsonRefusal(server, response, {
    error: 'invalid_client_metadata',
    rule: 'registration.key_unusable',
  })
  assert.equal(
    (await register(server, { redirect_uris: ['https://app.test/'], jwks: { keys: jwks.keys.slice(1) } }))
      .status,
    201,
  )
})

test('RFC 7518 §3.3: keys of 4096 bits, with an exponent of 32, are registered', async () => {
  const keys = [publicJwk(generateKeyPairSync('rsa', { modulusLength: 4096 }).publicKey)]
  await registered(server, { jwks: { keys } })
  await registered(server, { jwks: { keys: [{ ...rsa, e: '_____w' }, ec] } })
})

test('OIDC Core §10.2: who registers encryption and keys registers a key for it', async (t) => {
  const rows = [
    { name: 'another type', alg: 'RSA-OAEP', key: ec },
    { name: 'for signatures', alg: 'RSA-OAEP', key: { ...rsa, use: 'sig' } },
    { name: 'for another algorithm', alg: 'RSA-OAEP', key: { ...rsa, alg: 'RSA-OAEP-256' } },
  ]
  for (const { name, alg, key } of rows)
    await t.test(name, async () => {
      for (const member of ['id_token_encrypted_response_alg', 'userinfo_encrypted_response_alg']) {
        const metadata = { redirect_uris: ['https://app.test/'], jwks: { keys: [key] }, [member]: alg }
        await assertJsonRefusal(server, await register(server, metadata), {
          error: 'invalid_client_metadata',
          rule: 'registration.encryption_key_missing',
        })
      }
    })
  await registered(server, { jwks: { keys: [ec, rsa] }, id_token_encrypted_response_alg: 'RSA-OAEP' })
})

test('RFC 7517 §5: costly keys that a client has nevertheless, or publishes, verify nothing', async (t) => {
  const by = await clientKey('RS256')
  for (const { name, key } of unusable.filter((row) => row.key.kty === 'RSA')) {
    await t.test(name, async () => {
      const refusal = { status: 401, error: 'invalid_client', rule: 'client_assertion.key_unknown' } as const
      const stored = await aMachine({ jwks: { keys: [key] } })
      await assertJsonRefusal(server, await byAssertion(stored, by), refusal)
      const jwksUri = `https://client.test/${encodeURIComponent(name)}`
      network.serve(jwksUri, { text: JSON.stringify({ keys: [key] }) })
      await assertJsonRefusal(server, await byAssertion(await aMachine({ jwksUri }), by), refusal)
    })
  }
})

test('RFC 7517 §4.5: of keys without kid four are tried', async () => {
  const keys = await Promise.all(Array.from({ length: 5 }, () => clientKey('RS256')))
  const [first, , , fourth, fifth] = keys
  assert.ok(first && fourth && fifth)
  const client = await aMachine({ jwks: { keys: keys.map(withoutKid) } })
  await granted(await byAssertion(client, first, { kid: undefined }))
  await granted(await byAssertion(client, fourth, { kid: undefined }))
  const refusal = { status: 401, error: 'invalid_client', rule: 'client_assertion.signature' } as const
  await assertJsonRefusal(server, await byAssertion(client, fifth, { kid: undefined }), refusal)
  await assertJsonRefusal(server, await byAssertion(client, fifth), refusal)
})

test('RFC 7517 §4.5: the key that the kid names is tried before those without one', async () => {
  const others = await Promise.all(Array.from({ length: 5 }, () => clientKey('ES256')))
  const own = await clientKey('ES256', 'own')
  const client = await aMachine({ jwks: { keys: [...others.map(withoutKid), own.publicJwk] } })
  await granted(await byAssertion(client, own))
})

test('RFC 7517 §5: of a published set the first twenty affordable keys count', async () => {
  const [twentieth, next] = await Promise.all([clientKey('ES256', 'a'), clientKey('ES256', 'b')])
  const keys = [
    ...unusable.flatMap(({ key }) => (key.kty === 'RSA' ? [key] : [])),
    ...Array.from({ length: 19 }, (_, index) => ({ ...ec, kid: `filler ${index}` })),
    twentieth.publicJwk,
    next.publicJwk,
  ]
  const jwksUri = 'https://client.test/many'
  network.serve(jwksUri, { text: JSON.stringify({ keys }) })
  const client = await aMachine({ jwksUri })
  await granted(await byAssertion(client, twentieth))
  assert.equal((await json(await byAssertion(client, next))).error, 'invalid_client')
})

test('published keys are kept within a number of characters, the oldest leave first', () => {
  const cache = new KeyCache<string>(100)
  cache.set('a', 'first', 40)
  cache.set('b', 'second', 40)
  cache.set('a', 'third', 40)
  cache.set('c', 'fourth', 30)
  assert.deepEqual(
    ['a', 'b', 'c'].map((name) => cache.get(name)),
    ['third', undefined, 'fourth'],
  )
})
