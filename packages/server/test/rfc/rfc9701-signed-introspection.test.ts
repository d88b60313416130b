import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { createLocalJWKSet, jwtVerify } from 'jose'
import { startTestServer } from '../../src/testkit/testkit.ts'
import { assertJsonRefusal, claimsOf, credentials, form, headerOf, json } from './requests.ts'

const server = await startTestServer()
after(() => server.close())
const user = await server.aUser()
const client = await server.aClient()
const api = await server.anApi()
const contacts = await server.aClient({
  applicationType: 'resource_server',
  resourceServerIdentifier: api.identifier,
})
const mediaType = 'application/token-introspection+jwt'

function ask(presented: string, accept: string, secret = contacts.secret): Promise<Response> {
  return server.fetch(`${server.issuer}oauth/introspect`, {
    method: 'POST',
    headers: { accept },
    body: form({ ...credentials({ ...contacts, secret }), token: presented }),
  })
}

test('RFC 9701 §5: the answer is signed for the API, and its claims are one member', async () => {
  const { access_token } = await server.signIn({ client, user, api, scope: 'read:contacts' })
  const response = await ask(access_token, mediaType)
  assert.deepEqual([response.status, response.headers.get('content-type')], [200, mediaType])
  assert.equal(response.headers.get('cache-control'), 'no-store')
  const signed = await response.text()
  const keys = JSON.parse(await (await server.fetch(`${server.issuer}.well-known/jwks.json`)).text())
  const { payload, protectedHeader } = await jwtVerify(signed, createLocalJWKSet(keys), {
    issuer: server.issuer,
    audience: api.identifier,
    typ: 'token-introspection+jwt',
    currentDate: new Date(server.now() * 1000),
  })
  assert.equal(protectedHeader.alg, 'RS256')
  assert.deepEqual(Object.keys(payload).sort(), ['aud', 'iat', 'iss', 'token_introspection'])
  const plain = await json(await ask(access_token, 'application/json'))
  assert.deepEqual(payload.token_introspection, plain)
})

test('RFC 9701 §5: a signed answer about a token that is not active says no more either', async () => {
  const signed = await (await ask('unknown', mediaType)).text()
  assert.deepEqual(claimsOf(signed).token_introspection, { active: false })
})

test('RFC 8725 §3.11: a signed answer is no access token', async () => {
  const { access_token } = await server.signIn({ client, user, api, scope: 'openid read:contacts' })
  const signed = await (await ask(access_token, mediaType)).text()
  assert.equal(headerOf(signed).typ, 'token-introspection+jwt')
  const headers = { authorization: `Bearer ${signed}` }
  assert.equal((await server.fetch(`${server.issuer}userinfo`, { headers })).status, 401)
})

test('RFC 9701 §4: only who prefers the signed answer gets it', async (t) => {
  const rows = [
    { name: 'nothing said', accept: '', type: 'application/json' },
    { name: 'anything', accept: '*/*', type: 'application/json' },
    { name: 'JSON', accept: 'application/json', type: 'application/json' },
    { name: 'both alike', accept: `application/json, ${mediaType}`, type: mediaType },
    { name: 'JSON rather', accept: `application/json, ${mediaType};q=0.5`, type: 'application/json' },
    { name: 'signed rather', accept: `application/json;q=0.5, ${mediaType}`, type: mediaType },
    { name: 'signed on no account', accept: `${mediaType};q=0`, type: 'application/json' },
    { name: 'in other letters', accept: mediaType.toUpperCase(), type: mediaType },
  ]
  for (const { name, accept, type } of rows) {
    await t.test(name, async () => {
      assert.equal((await ask('unknown', accept)).headers.get('content-type'), type)
    })
  }
})

test('RFC 9701 §5: an error is JSON whatever is accepted', async () => {
  await assertJsonRefusal(server, await ask('unknown', mediaType, 'wrong'), {
    status: 401,
    error: 'invalid_client',
    rule: 'client_auth.wrong_proof',
  })
})

test('RFC 9701 §7: the metadata names the algorithm', async () => {
  const metadata = await json(await server.fetch(`${server.issuer}.well-known/openid-configuration`))
  assert.deepEqual(metadata.introspection_signing_alg_values_supported, ['RS256'])
})
