import assert from 'node:assert/strict'
import { createHmac, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { after, test } from 'node:test'
import { CompactSign } from 'jose'
import type { SigningKey } from '../../src/domain/signing-key.ts'
import { startTestServer } from '../../src/testkit/testkit.ts'
import { assertJsonRefusal, claimsOf, headerOf, rowsOf, userInfo } from './requests.ts'

const server = await startTestServer()
after(() => server.close())
const user = await server.aUser()
const client = await server.aClient()
const api = await server.anApi()
const tokens = await server.signIn({ client, user, api, scope: 'openid read:contacts' })
const header = headerOf(tokens.access_token)
const claims = claimsOf(tokens.access_token)
const attacker = generateKeyPairSync('rsa', { modulusLength: 2048 })
const invalid = { status: 401, error: 'invalid_token', rule: 'userinfo.invalid_token' } as const

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
const unsigned = (head: object, body: object) => `${encode(head)}.${encode(body)}`

function forged(head: object, key: KeyObject = attacker.privateKey): Promise<string> {
  const signing = new CompactSign(Buffer.from(JSON.stringify(claims)))
  return signing.setProtectedHeader({ alg: 'RS256', ...head }).sign(key)
}

async function signingKey(): Promise<SigningKey> {
  const key = (await rowsOf(server).signingKeys.list()).find(({ kid }) => kid === header.kid)
  assert.ok(key)
  return key
}

async function assertRefused(token: string): Promise<void> {
  await assertJsonRefusal(server, await userInfo(server, token), invalid)
}

test('RFC 8725 §3.1: the token that all forgeries begin with is good', async () => {
  assert.equal((await userInfo(server, tokens.access_token)).status, 200)
})

test('RFC 8725 §3.2: alg none is refused in any case', async () => {
  for (const alg of ['none', 'None', 'NONE', '']) {
    await assertRefused(`${unsigned({ ...header, alg }, claims)}.`)
    await assertRefused(`${unsigned({ ...header, alg }, claims)}.${tokens.access_token.split('.')[2]}`)
  }
})

test('RFC 8725 §2.1: HS256 with the public key as its secret is refused', async () => {
  const { publicJwk } = await signingKey()
  const pem = createPublicKey({ key: { ...publicJwk }, format: 'jwk' }).export({
    type: 'spki',
    format: 'pem',
  })
  for (const secret of [
    pem.toString(),
    pem.toString().trim(),
    JSON.stringify(publicJwk),
    String(publicJwk.n),
  ]) {
    const input = unsigned({ ...header, alg: 'HS256' }, claims)
    const signature = createHmac('sha256', secret).update(input).digest('base64url')
    await assertRefused(`${input}.${signature}`)
  }
})

test("RFC 8725 §3.1: a stranger's key is refused, whatever its header says", async (t) => {
  const jwk = attacker.publicKey.export({ format: 'jwk' })
  const rows = [
    { name: 'our kid', head: { typ: 'JWT', kid: String(header.kid) } },
    { name: 'no kid', head: { typ: 'JWT' } },
    { name: 'a foreign kid', head: { typ: 'JWT', kid: 'foreign' } },
    { name: 'an empty kid', head: { typ: 'JWT', kid: '' } },
    { name: 'a kid like a path', head: { typ: 'JWT', kid: '../../../dev/null' } },
    { name: 'its own key in the header', head: { typ: 'JWT', kid: String(header.kid), jwk } },
    { name: 'an address of keys', head: { typ: 'JWT', kid: '1', jku: 'https://evil.test/jwks.json' } },
    { name: 'a certificate address', head: { typ: 'JWT', kid: '1', x5u: 'https://evil.test/x' } },
    { name: 'another type', head: { typ: 'logout+jwt', kid: String(header.kid) } },
  ]
  for (const { name, head } of rows) {
    await t.test(name, async () => assertRefused(await forged(head)))
  }
})

test('RFC 8725 §3.1: a key of another algorithm does not verify', async () => {
  const keys = await rowsOf(server).signingKeys.list()
  for (const { kid, algorithm } of keys) {
    if (algorithm === 'RS256') continue
    await assertRefused(`${unsigned({ ...header, kid }, claims)}.${tokens.access_token.split('.')[2]}`)
    await assertRefused(await forged({ typ: 'JWT', kid }))
  }
})

test('RFC 8725 §3.1: a signature holds the claims and the header that it was made for', async () => {
  const [head = '', body = '', signature = ''] = tokens.access_token.split('.')
  await assertRefused(`${head}.${encode({ ...claims, sub: 'auth0|other' })}.${signature}`)
  await assertRefused(`${encode({ ...header, typ: 'at+jwt' })}.${body}.${signature}`)
  await assertRefused(`${head}.${body}.`)
  await assertRefused(`${head}.${body}`)
  await assertRefused(`${head}.${body}.${signature}.${signature}`)
  await assertRefused(`${head}.${body}.${signature.slice(0, -4)}`)
})

test('RFC 8725 §3.11: an ID token is no access token', async () => {
  assert.ok(tokens.id_token)
  await assertRefused(tokens.id_token)
})

test('RFC 8725 §3.11: a refresh token and a code are no access tokens', async () => {
  const { refresh_token = '' } = await server.signIn({ client, user, scope: 'openid offline_access' })
  await assertRefused(refresh_token)
  await assertRefused(refresh_token.split('.')[1] ?? '')
})

test('RFC 8725 §3.8: the token of another tenant, with keys of its own, is refused', async () => {
  const other = await startTestServer({ seed: 'other' })
  try {
    const theirs = await other.signIn({
      client: await other.aClient(),
      user: await other.aUser(),
      api: await other.anApi(),
      scope: 'openid read:contacts',
    })
    assert.equal(claimsOf(theirs.access_token).iss, server.issuer)
    await assertRefused(theirs.access_token)
  } finally {
    await other.close()
  }
})

test('RFC 8725 §3.8: the token of another issuer is refused, also with the very same keys', async () => {
  const masterKey = Buffer.alloc(32, 1).toString('base64url')
  const before = await startTestServer({ settings: { publicUrl: 'https://old.test', masterKey } })
  const moved = await startTestServer({ settings: { masterKey }, store: keptOpen(before.store) })
  try {
    const owner = { client: await before.aClient(), user: await before.aUser(), api: await before.anApi() }
    const theirs = await before.signIn({ ...owner, scope: 'openid read:contacts' })
    assert.equal((await userInfo(before, theirs.access_token)).status, 200)
    await assertJsonRefusal(moved, await userInfo(moved, theirs.access_token), invalid)
  } finally {
    await moved.close()
    await before.close()
  }
})

test('RFC 8725 §3.8: what was issued before a key was removed is refused', async () => {
  const key = await signingKey()
  await rowsOf(server).signingKeys.delete(key.algorithm, key.kid)
  await assertRefused(tokens.access_token)
})

// Two servers share a store that one of them closes.
function keptOpen<Store extends { close(): Promise<void> }>(store: Store): Store {
  return { ...store, close: async () => undefined }
}
