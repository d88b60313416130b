import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { defineTokenFormat } from 'valetkey/extend'
import { startTestServer } from 'valetkey/testkit'
import { readSimpleWebToken, simpleWebToken } from './simple-web-token.ts'

const key = crypto.getRandomValues(new Uint8Array(32))
/** A format that looks at nothing, not even at the lifetime. */
const careless = defineTokenFormat({
  name: 'careless',
  mint: async (claims) => `careless ${JSON.stringify(claims)}`,
  read: async (token) => (token.startsWith('careless ') ? JSON.parse(token.slice(9)) : undefined),
})
const server = await startTestServer({ extensions: [simpleWebToken(key), careless] })
after(() => server.close())
const user = await server.aUser()
const client = await server.aClient()
const api = await server.anApi({ tokenFormat: 'swt' })

function signIn() {
  return server.signIn({ client, user, api, scope: 'openid email read:contacts' })
}

function userInfo(token: string): Promise<Response> {
  return server.fetch(`${server.issuer}userinfo`, { headers: { authorization: `Bearer ${token}` } })
}

async function introspect(token: string): Promise<Record<string, unknown>> {
  const body = new URLSearchParams({ client_id: client.id, client_secret: client.secret, token })
  const response = await server.fetch(`${server.issuer}oauth/introspect`, { method: 'POST', body })
  return (await response.json()) as Record<string, unknown>
}

test('the API reads what it needs with the key that it shares with the server', async () => {
  const { access_token } = await signIn()
  const fields = await readSimpleWebToken(access_token, key)
  assert.equal(fields?.get('Issuer'), server.issuer)
  assert.ok(fields?.get('Audience')?.split(' ').includes(api.identifier))
  assert.equal(fields?.get('ExpiresOn'), String(server.now() + api.tokenLifetimeSeconds))
  assert.equal(fields?.get('sub'), user.id)
  assert.equal(fields?.get('scope'), 'openid email read:contacts')
})

test('another key or another byte makes it worthless', async () => {
  const { access_token } = await signIn()
  const otherKey = crypto.getRandomValues(new Uint8Array(32))
  assert.equal(await readSimpleWebToken(access_token, otherKey), undefined)
  const forged = access_token.replace('read%3Acontacts', 'create%3Acontacts')
  assert.equal(await readSimpleWebToken(forged, key), undefined)
  assert.equal((await userInfo(forged)).status, 401)
})

test('OpenID Connect Core §5.3: UserInfo takes it as it takes every format', async () => {
  const { access_token } = await signIn()
  const claims = (await (await userInfo(access_token)).json()) as Record<string, unknown>
  assert.equal(claims.email, user.email)
})

test('RFC 7662 §2.2: introspection knows it until it ends', async () => {
  const { access_token } = await signIn()
  const asked = await introspect(access_token)
  assert.deepEqual([asked.active, asked.sub], [true, user.id])
  server.advance('1d')
  assert.deepEqual(await introspect(access_token), { active: false })
})

test('RFC 7009 §2: it can be revoked', async () => {
  const { access_token } = await signIn()
  const body = new URLSearchParams({
    client_id: client.id,
    client_secret: client.secret,
    token: access_token,
  })
  assert.equal((await server.fetch(`${server.issuer}oauth/revoke`, { method: 'POST', body })).status, 200)
  assert.equal((await userInfo(access_token)).status, 401)
})

test('other APIs go on with JWTs', async () => {
  const other = await server.anApi({ identifier: 'https://other.test/' })
  const { access_token } = await server.signIn({ client, user, api: other, scope: 'read:contacts' })
  assert.equal(access_token.split('.').length, 3)
})

test('RFC 6750 §3.1: a format that forgets to look does not make an ended token good', async () => {
  const other = await server.anApi({ identifier: 'https://careless.test/', tokenFormat: 'careless' })
  const { access_token } = await server.signIn({ client, user, api: other, scope: 'openid' })
  assert.equal((await userInfo(access_token)).status, 200)
  server.advance('1d')
  assert.equal((await userInfo(access_token)).status, 401)
})
