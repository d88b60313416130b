import assert from 'node:assert/strict'
import { createPublicKey } from 'node:crypto'
import { after, test } from 'node:test'
import { exportJWK } from 'jose'
import { startTestServer, type TestClient } from '../../src/testkit/testkit.ts'
import {
  assertionClaims,
  type Changes,
  type ClientKey,
  clientKey,
  fakeNetwork,
  jwtBearer,
  signedBy,
  unsigned,
} from './client-keys.ts'
import { assertJsonRefusal, basic, type Given, granted, json, rowsOf, token } from './requests.ts'

const network = fakeNetwork()
const server = await startTestServer({ fetcher: network.fetcher })
after(() => server.close())
const api = await server.anApi()
const request = { grant_type: 'client_credentials', audience: api.identifier }
const key = await clientKey('ES256')
const client = await aMachine({ jwks: { keys: [key.publicJwk] } })
const withSecret = await aMachine({ tokenEndpointAuthMethod: 'client_secret_jwt' })

async function aMachine(given: Parameters<typeof server.aClient>[0]): Promise<TestClient> {
  const made = await server.aClient({ tokenEndpointAuthMethod: 'private_key_jwt', ...given })
  await server.aClientGrant({ clientId: made.id, audience: api.identifier, scope: ['read:contacts'] })
  return made
}

function byAssertion(assertion: string, given: Given = {}) {
  const proof = { client_assertion: assertion, client_assertion_type: jwtBearer }
  return token(server, { ...request, ...proof, ...given })
}

async function assertion({ claims, header }: Changes = {}, from = client, by: ClientKey = key) {
  return signedBy(by, { ...assertionClaims(server, from.id), ...claims }, header)
}

async function secretAssertion(secret: string, changes: Changes = {}, from = withSecret, alg = 'HS256') {
  const by = { alg, kid: 'secret', privateKey: new TextEncoder().encode(secret) }
  const claims = { ...assertionClaims(server, from.id), ...changes.claims }
  return signedBy(by, claims, { kid: undefined, ...changes.header })
}

async function refused(response: Response, rule: string) {
  const refusal = { status: 401, error: 'invalid_client', rule } as const
  await assertJsonRefusal(server, response, refusal)
}

test('RFC 7523 §2.2: a client authenticates with its private key, with and without client_id', async () => {
  await granted(await byAssertion(await assertion()))
  await granted(await byAssertion(await assertion(), { client_id: client.id }))
})

test('RFC 7523 §3: every algorithm that discovery announces works', async (t) => {
  const document = await json(await server.fetch(`${server.issuer}.well-known/openid-configuration`))
  const announced = document.token_endpoint_auth_signing_alg_values_supported
  assert.ok(Array.isArray(announced))
  const asymmetric = announced.filter((alg) => !String(alg).startsWith('HS'))
  assert.deepEqual([announced.length, asymmetric.length], [11, 8])
  for (const alg of asymmetric) {
    await t.test(alg, async () => {
      const by = await clientKey(alg)
      const machine = await aMachine({ jwks: { keys: [by.publicJwk] } })
      await granted(await byAssertion(await assertion({}, machine, by)))
    })
  }
})

test('OIDC Core §9: client_secret_jwt with any of the algorithms of its family', async () => {
  for (const alg of ['HS256', 'HS384', 'HS512'])
    await granted(await byAssertion(await secretAssertion(withSecret.secret, {}, withSecret, alg)))
})

test('OIDC Core §9: each of several live secrets works while one is being rotated', async () => {
  // A secret is sealed for its client, so that the same one is made twice.
  const older = await aMachine({ tokenEndpointAuthMethod: 'client_secret_jwt' })
  await rowsOf(server).clients.delete(older.id)
  const rotating = await aMachine({ tokenEndpointAuthMethod: 'client_secret_jwt', id: older.id })
  const secrets = [...older.secrets, ...rotating.secrets]
  assert.equal((await rowsOf(server).clients.update({ ...rotating, secrets })).kind, 'updated')
  await granted(await byAssertion(await secretAssertion(older.secret, {}, rotating)))
  await granted(await byAssertion(await secretAssertion(rotating.secret, {}, rotating)))
})

test('RFC 7523 §3: each of several keys works while one is being rotated, also without kid', async () => {
  const [first, second] = await Promise.all([clientKey('ES256', 'a'), clientKey('ES256', 'b')])
  const rotating = await aMachine({ jwks: { keys: [first.publicJwk, second.publicJwk] } })
  for (const by of [first, second]) {
    await granted(await byAssertion(await assertion({}, rotating, by)))
    await granted(await byAssertion(await assertion({ header: { kid: undefined } }, rotating, by)))
  }
})

test('RFC 7523 §3: the times of an assertion', async (t) => {
  const now = server.now()
  const rows = [
    { name: 'no exp', claims: { exp: undefined }, rule: 'client_assertion.expiry_missing' },
    { name: 'exp is text', claims: { exp: String(now + 60) }, rule: 'client_assertion.malformed' },
    { name: 'expired now', claims: { exp: now }, rule: 'client_assertion.expired' },
    { name: 'expired five minutes ago', claims: { exp: now - 300 }, rule: 'client_assertion.expired' },
    { name: 'good for an hour', claims: { exp: now + 3600 }, rule: 'client_assertion.too_long' },
    { name: 'not before a minute', claims: { nbf: now + 60 }, rule: 'client_assertion.not_yet_valid' },
    { name: 'issued in a minute', claims: { iat: now + 60 }, rule: 'client_assertion.not_yet_valid' },
  ]
  for (const { name, claims, rule } of rows)
    await t.test(name, async () => {
      const response = await byAssertion(await assertion({ claims }))
      if (rule === 'client_assertion.malformed') assert.equal(response.status, 401)
      else await refused(response, rule)
    })
  await t.test('ten seconds ahead is the clock of the client', async () => {
    await granted(await byAssertion(await assertion({ claims: { iat: now + 10, nbf: now + 10 } })))
  })
})

test('OIDC Core §9: jti is needed', async () => {
  for (const jti of [undefined, '', 7]) {
    const response = await byAssertion(await assertion({ claims: { jti } }))
    assert.equal(response.status, 401)
  }
  const without = await byAssertion(await assertion({ claims: { jti: undefined } }))
  await refused(without, 'client_assertion.jti_missing')
})

test('RFC 7523 §3: an assertion works once', async () => {
  const once = await assertion()
  await granted(await byAssertion(once))
  await refused(await byAssertion(once), 'client_assertion.replayed')
  const sameId = { claims: { jti: 'the same' } }
  await granted(await byAssertion(await assertion(sameId)))
  await refused(await byAssertion(await assertion(sameId)), 'client_assertion.replayed')
})

test('RFC 7523 §3: the jti of one client is free for another', async () => {
  const other = await aMachine({ jwks: { keys: [key.publicJwk] } })
  await granted(await byAssertion(await assertion({ claims: { jti: 'shared' } })))
  await granted(await byAssertion(await assertion({ claims: { jti: 'shared' } }, other)))
})

test('RFC 7523 §3: an assertion that is refused is not used up by a stranger', async () => {
  const jti = 'guessed'
  const forged = await assertion({ claims: { jti } }, client, await clientKey('ES256'))
  await refused(await byAssertion(forged), 'client_assertion.signature')
  await granted(await byAssertion(await assertion({ claims: { jti } })))
})

test('RFC 7521 §4.2: what is no assertion is refused', async (t) => {
  const id = client.id
  const rows = [
    { name: 'not a JWT', assertion: 'not a JWT' },
    { name: 'five parts', assertion: 'a.b.c.d.e' },
    { name: 'a payload that is no object', assertion: 'eyJhbGciOiJFUzI1NiJ9.W10.c2ln' },
    { name: 'no sub', assertion: await assertion({ claims: { sub: undefined } }) },
    { name: 'no iss', assertion: await assertion({ claims: { iss: undefined } }) },
    { name: 'another iss', assertion: await assertion({ claims: { iss: 'other' } }) },
    { name: 'kid is no text', assertion: unsigned(assertionClaims(server, id), { alg: 'ES256', kid: 7 }) },
  ]
  for (const { name, assertion: text } of rows)
    await t.test(name, async () => refused(await byAssertion(text), 'client_assertion.malformed'))
  await t.test('another type', async () => {
    const saml = 'urn:ietf:params:oauth:client-assertion-type:saml2-bearer'
    const response = await byAssertion(await assertion(), { client_assertion_type: saml })
    await refused(response, 'client_assertion.type_unsupported')
  })
  await t.test('no type', async () => {
    const response = await byAssertion(await assertion(), { client_assertion_type: undefined })
    await refused(response, 'client_assertion.type_unsupported')
  })
})

test('RFC 8725 §3.1: alg none is refused', async () => {
  const claims = assertionClaims(server, client.id)
  for (const alg of ['none', 'None', 'nOnE', 'RS1', ''])
    await refused(await byAssertion(unsigned(claims, { alg })), 'client_assertion.algorithm')
})

test('RFC 8725 §2.1: HS256 with the public key as its secret is refused', async () => {
  const by = await clientKey('RS256')
  const victim = await aMachine({ jwks: { keys: [by.publicJwk] } })
  const publicKey = createPublicKey({ key: { ...by.publicJwk }, format: 'jwk' })
  const secrets = [
    publicKey.export({ format: 'pem', type: 'spki' }).toString(),
    publicKey.export({ format: 'der', type: 'spki' }).toString('latin1'),
    JSON.stringify(by.publicJwk),
    String(by.publicJwk.n),
  ]
  for (const secret of secrets)
    await refused(await byAssertion(await secretAssertion(secret, {}, victim)), 'client_auth.wrong_method')
})

test('RFC 7591 §2: a client that registered one algorithm is refused with another', async () => {
  const [es, rs] = await Promise.all([clientKey('ES256'), clientKey('RS256')])
  const keys = [es.publicJwk, rs.publicJwk]
  const strict = await aMachine({ jwks: { keys }, tokenEndpointAuthSigningAlgorithm: 'RS256' })
  await granted(await byAssertion(await assertion({}, strict, rs)))
  await refused(await byAssertion(await assertion({}, strict, es)), 'client_assertion.algorithm')
  const secret = await aMachine({
    tokenEndpointAuthMethod: 'client_secret_jwt',
    tokenEndpointAuthSigningAlgorithm: 'HS512',
  })
  const weaker = await secretAssertion(secret.secret, {}, secret, 'HS256')
  await refused(await byAssertion(weaker), 'client_assertion.algorithm')
})

test('RFC 7523 §3: only the keys of the client itself count', async (t) => {
  const stranger = await clientKey('ES256', 'stranger')
  const other = await aMachine({ jwks: { keys: [stranger.publicJwk] } })
  await t.test('the kid of another client', async () => {
    const foreign = await assertion({}, client, stranger)
    await refused(await byAssertion(foreign), 'client_assertion.key_unknown')
  })
  await t.test('the key of another client under our kid', async () => {
    const foreign = await assertion({ header: { kid: key.kid } }, client, stranger)
    await refused(await byAssertion(foreign), 'client_assertion.signature')
  })
  await t.test('a key that the assertion brings or points to', async () => {
    network.serve('https://evil.test/keys', { text: JSON.stringify({ keys: [stranger.publicJwk] }) })
    const header = {
      kid: key.kid,
      jwk: await exportJWK(createPublicKey({ key: { ...stranger.publicJwk }, format: 'jwk' })),
      jku: 'https://evil.test/keys',
      x5u: 'https://evil.test/keys',
      x5c: ['AAAA'],
    }
    const asked = network.asked.length
    await refused(
      await byAssertion(await assertion({ header }, client, stranger)),
      'client_assertion.signature',
    )
    assert.equal(network.asked.length, asked)
  })
  await t.test('a key for encryption', async () => {
    const by = await clientKey('ES256')
    const encrypting = await aMachine({ jwks: { keys: [{ ...by.publicJwk, use: 'enc' }] } })
    await refused(await byAssertion(await assertion({}, encrypting, by)), 'client_assertion.key_unknown')
  })
  await t.test('a client without keys', async () => {
    const keyless = await aMachine({})
    await refused(await byAssertion(await assertion({}, keyless)), 'client_assertion.key_unknown')
  })
  await granted(await byAssertion(await assertion({}, other, stranger)))
})

test('RFC 7523 §3: a changed assertion is refused', async () => {
  const [header = '', payload = '', signature = ''] = (await assertion()).split('.')
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString())
  const changed = Buffer.from(JSON.stringify({ ...claims, exp: claims.exp + 1 })).toString('base64url')
  await refused(await byAssertion(`${header}.${changed}.${signature}`), 'client_assertion.signature')
  await refused(await byAssertion(`${header}.${payload}.`), 'client_assertion.signature')
})

test('RFC 7515 §4.1.11: a critical header that nobody knows is refused', async () => {
  const claims = assertionClaims(server, client.id)
  const [, payload, signature] = (await signedBy(key, claims)).split('.')
  const header = { alg: 'ES256', kid: key.kid, crit: ['exp'], exp: 1 }
  const encoded = Buffer.from(JSON.stringify(header)).toString('base64url')
  await refused(await byAssertion(`${encoded}.${payload}.${signature}`), 'client_assertion.signature')
})

test('RFC 7591 §2: a client registered for one method is refused with another', async (t) => {
  const post = await aMachine({ tokenEndpointAuthMethod: 'client_secret_post' })
  const spa = await server.aClient({ tokenEndpointAuthMethod: 'none' })
  const rows = [
    {
      name: 'a secret signs where it should be sent',
      response: async () => byAssertion(await secretAssertion(post.secret, {}, post)),
    },
    {
      name: 'a key where a secret is registered',
      response: async () => byAssertion(await assertion({}, withSecret)),
    },
    { name: 'a key of a public client', response: async () => byAssertion(await assertion({}, spa)) },
    {
      name: 'a secret is sent where it should sign',
      response: async () =>
        token(server, { ...request, client_id: withSecret.id, client_secret: withSecret.secret }),
    },
    {
      name: 'a secret in the header where a key is registered',
      response: async () => token(server, request, basic(client.id, client.secret)),
    },
    {
      name: 'nothing where a key is registered',
      response: async () => token(server, { ...request, client_id: client.id }),
    },
  ]
  for (const { name, response } of rows)
    await t.test(name, async () => refused(await response(), 'client_auth.wrong_method'))
})

test('RFC 6749 §2.3: an assertion beside a secret is two methods', async () => {
  const refusal = { error: 'invalid_request', rule: 'client_auth.two_methods' } as const
  const withBody = await byAssertion(await assertion(), {
    client_id: client.id,
    client_secret: client.secret,
  })
  await assertJsonRefusal(server, withBody, refusal)
  const proof = { client_assertion: await assertion(), client_assertion_type: jwtBearer }
  const withHeader = await token(server, { ...request, ...proof }, basic(client.id, client.secret))
  await assertJsonRefusal(server, withHeader, refusal)
})

test('RFC 7521 §4.2: client_id must not name another client than the assertion', async () => {
  const response = await byAssertion(await assertion(), { client_id: withSecret.id })
  await assertJsonRefusal(server, response, { error: 'invalid_request', rule: 'client_auth.two_clients' })
})

test('RFC 7591 §2: keys at jwks_uri are asked for once, and again for an unknown kid', async () => {
  const url = 'https://keys.test/jwks'
  const asks = () => network.asked.filter((asked) => asked === url).length
  const publish = (...keys: readonly ClientKey[]) =>
    network.serve(url, { text: JSON.stringify({ keys: keys.map(({ publicJwk }) => publicJwk) }) })
  const [first, second] = await Promise.all([clientKey('ES256', 'a'), clientKey('ES256', 'b')])
  const remote = await aMachine({ jwksUri: url })
  publish(first)
  const together = Array.from({ length: 5 }, async () => byAssertion(await assertion({}, remote, first)))
  for (const response of await Promise.all(together)) await granted(response)
  assert.equal(asks(), 1)
  publish(first, second)
  // Within the cool-down an unknown kid asks nobody: a stranger can send as many as he likes.
  await refused(await byAssertion(await assertion({}, remote, second)), 'client_assertion.key_unknown')
  assert.equal(asks(), 1)
  server.advance('15s')
  await granted(await byAssertion(await assertion({}, remote, second)))
  assert.equal(asks(), 2)
  await granted(await byAssertion(await assertion({}, remote, first)))
  assert.equal(asks(), 2)
  // A key that was withdrawn stops working once the answer is no longer fresh.
  publish(second)
  server.advance('10m')
  await refused(await byAssertion(await assertion({}, remote, first)), 'client_assertion.key_unknown')
})

test('RFC 7591 §2: when jwks_uri does not answer, keys are kept for an hour at most', async () => {
  const url = 'https://flaky.test/jwks'
  const by = await clientKey('ES256', 'a')
  const remote = await aMachine({ jwksUri: url })
  await refused(await byAssertion(await assertion({}, remote, by)), 'client_assertion.key_unknown')
  network.serve(url, { text: JSON.stringify({ keys: [by.publicJwk] }) })
  server.advance('15s')
  await granted(await byAssertion(await assertion({}, remote, by)))
  network.serve(url, undefined)
  server.advance('20m')
  await granted(await byAssertion(await assertion({}, remote, by)))
  server.advance('1h')
  await refused(await byAssertion(await assertion({}, remote, by)), 'client_assertion.key_unknown')
})

test('RFC 7517 §5: what is no key set holds no key', async (t) => {
  const by = await clientKey('ES256', 'a')
  const rows = [
    { name: 'no JSON', answer: { text: '<html>' } },
    { name: 'no keys', answer: { text: '{}' } },
    { name: 'not found', answer: { status: 404, text: JSON.stringify({ keys: [by.publicJwk] }) } },
    {
      name: 'a symmetric key',
      answer: { text: JSON.stringify({ keys: [{ kty: 'oct', k: 'AAAA', kid: 'a' }] }) },
    },
    { name: 'a private key', answer: { text: JSON.stringify({ keys: [{ ...by.publicJwk, d: 'AAAA' }] }) } },
    { name: 'no objects', answer: { text: JSON.stringify({ keys: [null, 7, 'key', []] }) } },
  ]
  for (const { name, answer } of rows)
    await t.test(name, async () => {
      const url = `https://keys.test/${encodeURIComponent(name)}`
      network.serve(url, answer)
      const remote = await aMachine({ jwksUri: url })
      await refused(await byAssertion(await assertion({}, remote, by)), 'client_assertion.key_unknown')
    })
})
