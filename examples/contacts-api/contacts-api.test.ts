import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { type ContactsApi, startContactsApi } from './contacts-api.ts'

const issuer = 'https://auth.example/'
const audience = 'https://contacts.example/api'
const keys = await generateKeyPair('RS256')
const jwks = { keys: [{ ...(await exportJWK(keys.publicKey)), kid: 'key-1', alg: 'RS256' }] }

let api: ContactsApi

before(async () => {
  api = await startContactsApi({ issuer, audience, port: 0, fetch: authorizationServer })
})

after(() => api.close())

test('RFC 6750 §3: a request without a token is asked for one', async () => {
  const response = await call('GET', '/contacts')
  assert.equal(response.status, 401)
  assert.match(response.headers.get('www-authenticate') ?? '', /^Bearer /)
})

test('a token with the scope of the route may pass', async () => {
  const response = await call('GET', '/contacts', await token({ scope: 'read:contacts' }))
  assert.equal(response.status, 200)
  const { contacts } = (await response.json()) as { contacts: readonly unknown[] }
  assert.equal(contacts.length, 3)
})

const lacking: readonly (readonly [string, string, string])[] = [
  ['GET', '/contacts', 'create:contacts delete:contacts'],
  ['POST', '/contacts', 'read:contacts delete:contacts'],
  ['DELETE', '/contacts/grace-hopper', 'read:contacts create:contacts'],
]

for (const [method, path, scope] of lacking) {
  test(`RFC 6750 §3.1: ${method} ${path} is refused with insufficient_scope when the token says ${scope}`, async () => {
    const response = await call(method, path, await token({ scope }))
    assert.equal(response.status, 403)
    assert.match(response.headers.get('www-authenticate') ?? '', /error="insufficient_scope"/)
  })
}

test('RFC 9068 §4: a token for another API is refused with invalid_token', async () => {
  const response = await call(
    'GET',
    '/contacts',
    await token({ scope: 'read:contacts', aud: 'https://other.example' }),
  )
  assert.equal(response.status, 401)
  assert.match(response.headers.get('www-authenticate') ?? '', /error="invalid_token"/)
})

test('an owner adds and deletes contacts that nobody else sees', async () => {
  const scope = 'read:contacts create:contacts delete:contacts'
  const [ada, eve] = [await token({ scope }), await token({ scope, sub: 'auth0|eve' })]
  const created = await call(
    'POST',
    '/contacts',
    ada,
    '{"name":"Charles Babbage","email":"charles@example.com"}',
  )
  assert.equal(created.status, 201)
  const path = created.headers.get('location') ?? ''
  assert.equal((await call('DELETE', path, eve)).status, 404)
  assert.equal((await call('DELETE', path, ada)).status, 204)
  assert.equal((await call('DELETE', path, ada)).status, 404)
})

const bodies: readonly (readonly [string, number, string])[] = [
  ['text that is not JSON', 400, '{"name":'],
  ['null', 400, 'null'],
  ['no email address', 400, '{"name":"Charles"}'],
  ['a name that is a number', 400, '{"name":1,"email":"c@example.com"}'],
  ['a body of 20 kilobytes', 413, JSON.stringify({ name: 'x'.repeat(20_000) })],
]

for (const [name, status, body] of bodies) {
  test(`${name} is answered with ${status}`, async () => {
    const response = await call('POST', '/contacts', await token({ scope: 'create:contacts' }), body)
    assert.equal(response.status, status)
  })
}

test('an unknown path and an unknown method are told apart', async () => {
  assert.equal((await call('GET', '/unknown')).status, 404)
  const response = await call('PUT', '/contacts')
  assert.deepEqual([response.status, response.headers.get('allow')], [405, 'GET, POST'])
})

function call(method: string, path: string, accessToken?: string, body?: string): Promise<Response> {
  return fetch(`${api.url}${path}`, {
    method,
    headers: {
      ...(accessToken && { authorization: `Bearer ${accessToken}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body }),
  })
}

function token(claims: { scope: string; aud?: string; sub?: string }): Promise<string> {
  return new SignJWT({ iss: issuer, aud: audience, sub: 'auth0|ada', ...claims })
    .setProtectedHeader({ alg: 'RS256', kid: 'key-1' })
    .setIssuedAt()
    .setExpirationTime('1h')
    .sign(keys.privateKey)
}

async function authorizationServer(input: string | URL | Request): Promise<Response> {
  const { pathname } = new URL(input instanceof Request ? input.url : input)
  return Response.json(pathname.endsWith('jwks.json') ? jwks : { issuer, jwks_uri: `${issuer}jwks.json` })
}
