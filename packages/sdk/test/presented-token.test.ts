import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { BearerMethod, ResourceRequest } from '../src/sdk.ts'
import { anIssuer, aRequest, contactsApi, outcome } from './an-issuer.ts'

const server = await anIssuer()
const token = await server.token()
const everyMethod: readonly BearerMethod[] = ['header', 'body', 'query']
const formType = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' }

async function judged(request: ResourceRequest, bearerMethods: readonly BearerMethod[] = everyMethod) {
  return outcome(await contactsApi(server, { bearerMethods }).authenticate(request))
}

function posted(fields: Record<string, unknown>, changed: Partial<ResourceRequest> = {}): ResourceRequest {
  return aRequest(undefined, { method: 'POST', headers: formType, form: () => fields, ...changed })
}

test('RFC 6750 §2.1: a token in the Authorization header is accepted', async () => {
  assert.equal(await judged(aRequest(token), ['header']), 'allowed')
})

test('RFC 9110 §11.1: the scheme is compared without regard to case', async () => {
  assert.equal(
    await judged(aRequest(undefined, { headers: { authorization: `bearer ${token}` } })),
    'allowed',
  )
})

test('RFC 6750 §2.1: a Headers object is read like plain headers', async () => {
  const headers = new Headers({ Authorization: `Bearer ${token}` })
  assert.equal(await judged(aRequest(undefined, { headers })), 'allowed')
})

test('RFC 6750 §3.1: a request without credentials is refused with 401', async () => {
  assert.equal(await judged(aRequest(undefined)), '401 no error code')
})

test('RFC 6750 §3.1: credentials of another scheme are no credentials', async () => {
  const headers = { authorization: 'Basic YTpi' }
  assert.equal(await judged(aRequest(undefined, { headers })), '401 no error code')
})

test('RFC 9449 §7.1: a token sent with the DPoP scheme is not taken for a bearer token', async () => {
  const headers = { authorization: `DPoP ${token}` }
  assert.equal(await judged(aRequest(undefined, { headers })), '401 no error code')
})

test('RFC 6750 §2.1: malformed credentials are refused with invalid_request', async (t) => {
  const malformed = {
    'no token': 'Bearer',
    'only a space': 'Bearer ',
    'two words': `Bearer ${token} ${token}`,
    'a quote': 'Bearer "abc"',
    'padding in the middle': 'Bearer ab=c',
    'two headers joined by a proxy': `Bearer ${token}, Bearer ${token}`,
  }
  for (const [name, authorization] of Object.entries(malformed)) {
    await t.test(name, async () => {
      assert.equal(await judged(aRequest(undefined, { headers: { authorization } })), '400 invalid_request')
    })
  }
})

test('RFC 6750 §3.1: two Authorization headers are refused with invalid_request', async () => {
  const headers = { authorization: [`Bearer ${token}`, `Bearer ${token}`] }
  assert.equal(await judged(aRequest(undefined, { headers })), '400 invalid_request')
})

test('RFC 6750 §3.1: a token longer than 16384 characters is refused before it is read', async () => {
  const sentBefore = server.sent.length
  assert.equal(await judged(aRequest(`${token}${'A'.repeat(16_384)}`)), '401 invalid_token')
  assert.equal(server.sent.length, sentBefore)
})

test('RFC 6750 §2.2: a token in a form body is accepted when the API opts in', async () => {
  assert.equal(await judged(posted({ access_token: token })), 'allowed')
  const form = () => new URLSearchParams({ access_token: token })
  assert.equal(await judged(posted({}, { form })), 'allowed')
})

test('RFC 6750 §2.2: a token in a form body is not looked at unless the API opts in', async () => {
  assert.equal(await judged(posted({ access_token: token }), ['header', 'query']), '401 no error code')
})

test('RFC 6750 §2.2: a body of a GET request is never looked at', async () => {
  assert.equal(await judged(posted({ access_token: token }, { method: 'GET' })), '401 no error code')
})

test('RFC 6750 §2.2: a body that is not form-encoded is never looked at', async () => {
  const headers = { 'content-type': 'application/json' }
  assert.equal(await judged(posted({ access_token: token }, { headers })), '401 no error code')
  assert.equal(await judged(posted({ access_token: token }, { headers: {} })), '401 no error code')
})

test('RFC 6750 §2.2: a field that a parser made into an object is refused with invalid_request', async () => {
  assert.equal(await judged(posted({ access_token: { a: token } })), '400 invalid_request')
})

test('RFC 6750 §3.1: a repeated field is refused with invalid_request', async () => {
  assert.equal(await judged(posted({ access_token: [token, token] })), '400 invalid_request')
})

test('RFC 6750 §2.3: a token in the query is accepted when the API opts in, and the answer is private', async () => {
  const api = contactsApi(server, { bearerMethods: everyMethod })
  const verdict = await api.authenticate(
    aRequest(undefined, { url: `/contacts?a=b&access_token=${token}#top` }),
  )
  assert.equal(outcome(verdict), 'allowed')
  assert.deepEqual(verdict.headers, { 'cache-control': 'private' })
})

test('RFC 6750 §2.3: a token in the query is not looked at unless the API opts in', async () => {
  const request = aRequest(undefined, { url: `/contacts?access_token=${token}` })
  assert.equal(await judged(request, ['header', 'body']), '401 no error code')
})

test('RFC 6750 §3.1: a repeated query parameter is refused with invalid_request', async () => {
  const url = `/contacts?access_token=${token}&access_token=${token}`
  assert.equal(await judged(aRequest(undefined, { url })), '400 invalid_request')
})

test('RFC 6750 §2.3: an empty query parameter is refused with invalid_request', async () => {
  assert.equal(await judged(aRequest(undefined, { url: '/contacts?access_token=' })), '400 invalid_request')
})

test('RFC 6750 §2: more than one way of sending a token is refused with invalid_request', async (t) => {
  const header = { authorization: `Bearer ${token}` }
  const query = { url: `/contacts?access_token=${token}` }
  const requests = {
    'header and query': aRequest(token, query),
    'header and body': posted({ access_token: token }, { headers: { ...formType, ...header } }),
    'body and query': posted({ access_token: token }, query),
  }
  for (const [name, request] of Object.entries(requests)) {
    await t.test(name, async () => assert.equal(await judged(request), '400 invalid_request'))
  }
})
