import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { SigningAlgorithm } from '../../src/domain/signing-key.ts'
import { nextKeyKnownAt, revokeKey, rotateKeys } from '../../src/oauth/keys/signing-keys.ts'
import { openPorts } from '../../src/ports/ports.ts'
import { startTestServer } from '../../src/testkit/testkit.ts'
import { headerOf, rowsOf, userInfo } from './requests.ts'

const masterKey = Buffer.alloc(32, 3).toString('base64url')
const server = await startTestServer({ settings: { masterKey } })
after(() => server.close())
const user = await server.aUser()
const client = await server.aClient()
const api = await server.anApi()
const algorithms: readonly SigningAlgorithm[] = ['RS256', 'ES256', 'PS256', 'EdDSA']

interface Jwk extends Readonly<Record<string, string>> {
  readonly kid: string
  readonly alg: string
}

async function published(): Promise<readonly Jwk[]> {
  const response = await server.fetch(`${server.issuer}.well-known/jwks.json`)
  return ((await response.json()) as { readonly keys: readonly Jwk[] }).keys
}

async function signedWith(): Promise<string> {
  const { access_token } = await server.signIn({ client, user, api, scope: 'openid read:contacts' })
  return String(headerOf(access_token).kid)
}

function somePorts() {
  return openPorts({
    dataDirectory: '.',
    masterKey,
    store: { engine: 'sqlite', sqlite: {} },
    mail: { from: 'a@b.test' },
    log: { level: 'silent' },
    outgoing: { allowedHosts: [] },
  })
}

function rotate(algorithm: SigningAlgorithm) {
  return rotateKeys(rowsOf(server), somePorts(), algorithm, server.now())
}

function revoke(kid: string) {
  return revokeKey(rowsOf(server), somePorts(), kid, server.now())
}

test('RFC 7517 §4: every key has kid, use and alg, and nothing private', async () => {
  const keys = await published()
  assert.equal(new Set(keys.map(({ kid }) => kid)).size, keys.length)
  const members: Readonly<Record<string, readonly string[]>> = {
    RSA: ['alg', 'e', 'kid', 'kty', 'n', 'use'],
    EC: ['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y'],
    OKP: ['alg', 'crv', 'kid', 'kty', 'use', 'x'],
  }
  for (const key of keys) {
    assert.deepEqual(Object.keys(key).sort(), members[key.kty ?? ''])
    assert.equal(key.use, 'sig')
  }
})

test('RFC 7518 §6.3.1: RSA keys have 2,048 bits', async () => {
  for (const { kty, n = '' } of await published()) {
    if (kty === 'RSA') assert.equal(Buffer.from(n, 'base64url').length, 256)
  }
})

test('RFC 7517 §5: the next key of each algorithm is published before it signs', async () => {
  const keys = await published()
  for (const algorithm of algorithms) assert.equal(keys.filter(({ alg }) => alg === algorithm).length, 2)
  const next = (await rowsOf(server).signingKeys.list()).find(({ algorithm }) => algorithm === 'RS256')
  assert.notEqual(await signedWith(), next?.kid)
})

test('RFC 7517 §5: the set is JSON for every page, and cached briefly', async () => {
  const { headers } = await server.fetch(`${server.issuer}.well-known/jwks.json`)
  assert.equal(headers.get('content-type'), 'application/json')
  assert.equal(headers.get('cache-control'), 'public, max-age=60')
  assert.equal(headers.get('access-control-allow-origin'), '*')
})

test('OIDC Core §10.1.1: a rotation lets the next key sign, and the previous one still verifies', async () => {
  const tokens = await server.signIn({ client, user, api, scope: 'openid read:contacts' })
  const before = await published()
  const newest = await rotate('RS256')
  const after = await published()
  assert.deepEqual(
    after.filter(({ kid }) => !before.some((key) => key.kid === kid)).map(({ kid }) => kid),
    [newest.kid],
  )
  const signer = await signedWith()
  assert.notEqual(signer, headerOf(tokens.access_token).kid)
  assert.ok(
    before.some(({ kid }) => kid === signer),
    'verifiers knew the key before it signed',
  )
  assert.equal((await userInfo(server, tokens.access_token)).status, 200)
})

test('OIDC Core §10.1.1: a rotation of one algorithm leaves the others', async () => {
  const before = (await published()).filter(({ alg }) => alg !== 'ES256')
  await rotate('ES256')
  assert.deepEqual(
    (await published()).filter(({ alg }) => alg !== 'ES256'),
    before,
  )
})

test('OIDC Core §10.1.1: verifiers get ten minutes to learn a key before it signs', async () => {
  await rotate('PS256')
  assert.equal(await nextKeyKnownAt(rowsOf(server), 'PS256'), server.now() + 600)
})

test('RFC 7517 §5: a current key that is withdrawn leaves the set, its tokens are refused, and the next one signs', async () => {
  const tokens = await server.signIn({ client, user, api, scope: 'openid read:contacts' })
  const kid = String(headerOf(tokens.access_token).kid)
  const next = (await rowsOf(server).signingKeys.list()).find(({ algorithm }) => algorithm === 'RS256')
  assert.equal(await revoke(kid), 'revoked')
  assert.ok(!(await published()).some((key) => key.kid === kid))
  assert.equal((await userInfo(server, tokens.access_token)).status, 401)
  assert.equal(await signedWith(), next?.kid)
  assert.equal(await revoke(kid), 'unknown')
})

test('RFC 7517 §5: a previous key that is withdrawn leaves the current one in its place', async () => {
  const tokens = await server.signIn({ client, user, api, scope: 'openid read:contacts' })
  const kid = String(headerOf(tokens.access_token).kid)
  await rotate('RS256')
  const signer = await signedWith()
  assert.equal(await revoke(kid), 'revoked')
  assert.equal(await signedWith(), signer)
  assert.equal((await userInfo(server, tokens.access_token)).status, 401)
})

test('RFC 7517 §5: the next key is not withdrawn, since nothing would wait in its place', async () => {
  const next = (await rowsOf(server).signingKeys.list()).find(({ algorithm }) => algorithm === 'RS256')
  const before = await published()
  assert.equal(await revoke(next?.kid ?? ''), 'is_next')
  assert.deepEqual(await published(), before)
})

test('RFC 7517 §5: a rotation removes the keys whose last token has expired, and no other', async () => {
  const ed = async () => (await published()).filter(({ alg }) => alg === 'EdDSA').map(({ kid }) => kid)
  const [, first] = await ed()
  await rotate('EdDSA')
  server.advance('30d')
  await rotate('EdDSA')
  assert.ok((await ed()).includes(first ?? ''), 'its last token is 30 days old and may just live')
  server.advance('1s')
  await rotate('EdDSA')
  assert.ok(!(await ed()).includes(first ?? ''))
  assert.equal((await ed()).length, 4)
})

test('RFC 7517 §9.2: private keys and client secrets lie sealed in the store', async () => {
  for (const { privateJwk } of await rowsOf(server).signingKeys.list()) {
    assert.doesNotMatch(privateJwk, /kty|"d"/)
    assert.doesNotMatch(Buffer.from(privateJwk, 'base64url').toString('latin1'), /"kty"|"d":/)
  }
  const stored = await rowsOf(server).clients.find(client.id)
  assert.ok(!JSON.stringify(stored).includes(client.secret))
})
