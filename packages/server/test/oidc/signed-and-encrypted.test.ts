import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { compactDecrypt, createLocalJWKSet, exportJWK, generateKeyPair, jwtVerify } from 'jose'
import type { Client } from '../../src/domain/client.ts'
import type { Json } from '../../src/domain/ids.ts'
import { startTestServer } from '../../src/testkit/testkit.ts'
import { fakeNetwork } from '../rfc/client-keys.ts'
import {
  answerOf,
  assertJsonRefusal,
  claimsOf,
  codeFor,
  granted,
  headerOf,
  json,
  redeem,
  throughPages,
  userInfo,
} from '../rfc/requests.ts'

const network = fakeNetwork()
const server = await startTestServer({ fetcher: network.fetcher })
after(() => server.close())
const user = await server.aUser()
const keySet = await json(await server.fetch(`${server.issuer}.well-known/jwks.json`))
const ourKeys = createLocalJWKSet(JSON.parse(JSON.stringify(keySet)))
const rsa = await encryptionKey('RSA-OAEP-256')
const ec = await encryptionKey('ECDH-ES+A128KW')
const oaep = await encryptionKey('RSA-OAEP')
const clock = new Date(server.now() * 1000)

async function encryptionKey(alg: string) {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true })
  const members: Record<string, Json> = JSON.parse(JSON.stringify(await exportJWK(publicKey)))
  return { privateKey, publicJwk: { ...members, kid: `${alg}-1`, use: 'enc' } }
}

async function tokensOf(given: Partial<Client>) {
  const client = await server.aClient(given)
  const code = await codeFor(server, { client, user }, { scope: 'openid email' })
  return { client, tokens: await granted(await redeem(server, client, code)) }
}

async function decrypted(jwe: string, privateKey: CryptoKey) {
  const { plaintext, protectedHeader } = await compactDecrypt(jwe, privateKey)
  return { text: new TextDecoder().decode(plaintext), header: protectedHeader }
}

test('OIDC Core §5.3.2: UserInfo as a signed JWT, with iss and aud', async (t) => {
  for (const alg of ['RS256', 'ES256', 'PS256', 'EdDSA'] as const)
    await t.test(alg, async () => {
      const { client, tokens } = await tokensOf({ userInfo: { signingAlgorithm: alg } })
      const response = await userInfo(server, tokens.access_token ?? '')
      assert.equal(response.headers.get('content-type'), 'application/jwt')
      assert.equal(response.headers.get('cache-control'), 'no-store')
      assert.equal(response.headers.get('access-control-allow-origin'), '*')
      const jwt = await response.text()
      const { payload, protectedHeader } = await jwtVerify(jwt, ourKeys)
      assert.deepEqual([protectedHeader.alg, protectedHeader.typ], [alg, 'userinfo+jwt'])
      const { iss, aud, sub, email } = payload
      assert.deepEqual([iss, aud, sub, email], [server.issuer, client.id, user.id, user.email])
    })
})

test('OIDC Core §5.3.2: signed first, then encrypted', async () => {
  const encryption = { keyManagement: 'ECDH-ES+A128KW', content: 'A256GCM' }
  const jwks = { keys: [rsa.publicJwk, ec.publicJwk] }
  const { client, tokens } = await tokensOf({ jwks, userInfo: { signingAlgorithm: 'ES256', encryption } })
  const jwe = await (await userInfo(server, tokens.access_token ?? '')).text()
  const { text, header } = await decrypted(jwe, ec.privateKey)
  assert.deepEqual([header.alg, header.enc, header.cty], ['ECDH-ES+A128KW', 'A256GCM', 'JWT'])
  assert.equal(header.kid, ec.publicJwk.kid)
  const { payload } = await jwtVerify(text, ourKeys)
  assert.deepEqual([payload.aud, payload.sub], [client.id, user.id])
})

test('OIDC Core §5.3.2: encrypted without a signature', async () => {
  const encryption = { keyManagement: 'RSA-OAEP-256', content: 'A128CBC-HS256' }
  const { tokens } = await tokensOf({ jwks: { keys: [rsa.publicJwk] }, userInfo: { encryption } })
  const response = await userInfo(server, tokens.access_token ?? '')
  assert.equal(response.headers.get('content-type'), 'application/jwt')
  const { text, header } = await decrypted(await response.text(), rsa.privateKey)
  assert.equal(header.cty, undefined)
  assert.equal(JSON.parse(text).sub, user.id)
})

test('OIDC Core §5.3.2: a signed UserInfo answer is no access token', async () => {
  const { tokens } = await tokensOf({ userInfo: { signingAlgorithm: 'RS256' } })
  const jwt = await (await userInfo(server, tokens.access_token ?? '')).text()
  assert.equal((await userInfo(server, jwt)).status, 401)
  assert.equal(server.lastRefusal(), 'userinfo.invalid_token')
})

test('OIDC Core §10.2: an encrypted ID token holds a signed one', async (t) => {
  const rows = [
    { alg: 'RSA-OAEP-256', enc: 'A128CBC-HS256', key: rsa },
    { alg: 'RSA-OAEP-256', enc: 'A256GCM', key: rsa },
    { alg: 'RSA-OAEP', enc: 'A128GCM', key: oaep },
    { alg: 'ECDH-ES', enc: 'A128CBC-HS256', key: ec },
    { alg: 'ECDH-ES+A128KW', enc: 'A256CBC-HS512', key: ec },
    { alg: 'ECDH-ES+A256KW', enc: 'A256GCM', key: ec },
  ]
  for (const { alg, enc, key } of rows)
    await t.test(`${alg} ${enc}`, async () => {
      const encryption = { keyManagement: alg, content: enc }
      const idToken = { signingAlgorithm: 'RS256', lifetimeSeconds: 60, encryption } as const
      const { client, tokens } = await tokensOf({ jwks: { keys: [key.publicJwk] }, idToken })
      const { text, header } = await decrypted(tokens.id_token ?? '', key.privateKey)
      assert.deepEqual([header.alg, header.enc, header.cty], [alg, enc, 'JWT'])
      const { payload } = await jwtVerify(text, ourKeys, { currentDate: clock, audience: client.id })
      assert.equal(payload.sub, user.id)
    })
})

const encrypting = {
  signingAlgorithm: 'RS256',
  lifetimeSeconds: 60,
  encryption: { keyManagement: 'RSA-OAEP-256', content: 'A128CBC-HS256' },
} as const

test('OIDC Core §10.2.1: the key comes from jwks_uri', async () => {
  const jwksUri = 'https://client.test/jwks'
  network.serve(jwksUri, { text: JSON.stringify({ keys: [rsa.publicJwk] }) })
  const { tokens } = await tokensOf({ jwksUri, idToken: encrypting })
  assert.equal(headerOf(tokens.id_token).alg, 'RSA-OAEP-256')
})

test('OIDC Core §10.2: without a key to encrypt to nothing is sent in the clear', async (t) => {
  const signing = { ...rsa.publicJwk, use: 'sig' }
  const rows: readonly { readonly name: string; readonly keys: readonly Record<string, Json>[] }[] = [
    { name: 'no key', keys: [] },
    { name: 'a key of another type', keys: [ec.publicJwk] },
    { name: 'a key for signatures', keys: [signing] },
    { name: 'a key for another algorithm', keys: [{ ...rsa.publicJwk, alg: 'RSA-OAEP' }] },
  ]
  for (const { name, keys } of rows)
    await t.test(name, async () => {
      const client = await server.aClient({ jwks: { keys }, idToken: encrypting })
      const code = await codeFor(server, { client, user })
      const response = await redeem(server, client, code)
      await assertJsonRefusal(server, response, { error: 'invalid_request', rule: 'encryption.no_key' })
    })
})

test('OIDC Core §10.2: a front channel without a key to encrypt to gets the error', async () => {
  const client = await server.aClient({ grantTypes: ['implicit'], idToken: encrypting })
  const shown = await throughPages(server, { client, user }, { response_type: 'id_token', nonce: 'n' })
  assert.equal(answerOf(shown).get('error'), 'invalid_request')
  assert.equal(answerOf(shown).get('id_token'), null)
})

test('OIDC Discovery §3: discovery names the algorithms', async () => {
  const document = await json(await server.fetch(`${server.issuer}.well-known/openid-configuration`))
  for (const member of ['id_token', 'userinfo'].flatMap((what) => [
    `${what}_signing_alg_values_supported`,
    `${what}_encryption_alg_values_supported`,
    `${what}_encryption_enc_values_supported`,
  ]))
    assert.ok(Array.isArray(document[member]) && document[member].length > 0, member)
  const { tokens } = await tokensOf({})
  assert.equal(claimsOf(tokens.id_token).sub, user.id)
})
