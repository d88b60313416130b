import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Refused } from '../src/sdk.ts'
import { anIssuer, aRequest, contactsApi, outcome } from './an-issuer.ts'

const server = await anIssuer()

async function refusedBy(
  api: ReturnType<typeof contactsApi>,
  token?: string,
  scopes: readonly string[] = [],
) {
  const verdict = await api.authenticate(aRequest(token), { scopes })
  assert.equal(verdict.kind, 'refused')
  return verdict as Refused
}

test('RFC 6750 §3.1: without credentials the challenge carries no error code and the body is empty', async () => {
  const refused = await refusedBy(contactsApi(server, { realm: 'contacts' }))
  assert.equal(refused.status, 401)
  assert.equal(refused.headers['www-authenticate'], 'Bearer realm="contacts"')
  assert.equal(refused.body, '')
})

test('RFC 6750 §3: the challenge names the scopes that the route needs', async () => {
  const refused = await refusedBy(contactsApi(server, { realm: 'contacts' }), undefined, ['a:b', 'c:d'])
  assert.equal(refused.headers['www-authenticate'], 'Bearer realm="contacts", scope="a:b c:d"')
})

test('RFC 6750 §3.1: an expired token is refused with 401 invalid_token', async () => {
  const token = await server.token({ exp: server.now - 60 })
  const refused = await refusedBy(contactsApi(server, { realm: 'contacts' }), token)
  assert.equal(refused.status, 401)
  assert.equal(
    refused.headers['www-authenticate'],
    'Bearer realm="contacts", error="invalid_token", error_description="The access token expired"',
  )
  assert.deepEqual(JSON.parse(refused.body), {
    error: 'invalid_token',
    error_description: 'The access token expired',
  })
  assert.equal(refused.headers['content-type'], 'application/json')
  assert.equal(refused.headers['cache-control'], 'no-store')
})

test('RFC 6750 §3.1: a token without the scope is refused with 403 insufficient_scope', async () => {
  const refused = await refusedBy(contactsApi(server), await server.token(), [
    'read:contacts',
    'delete:contacts',
  ])
  assert.equal(refused.status, 403)
  assert.match(refused.headers['www-authenticate'] ?? '', /error="insufficient_scope"/)
  assert.match(refused.headers['www-authenticate'] ?? '', /scope="read:contacts delete:contacts"/)
})

test('RFC 6750 §3.1: a scope is compared whole, not as a part of another scope', async () => {
  const refused = await refusedBy(contactsApi(server), await server.token({ scope: 'read:contacts' }), [
    'read',
  ])
  assert.equal(refused.error, 'insufficient_scope')
})

test('RFC 6750 §3.1: a token without the permission is refused with 403 insufficient_scope', async () => {
  const token = await server.auth0Token({ permissions: ['read:contacts'] })
  const api = contactsApi(server)
  const reading = await api.authenticate(aRequest(token), { permissions: ['read:contacts'] })
  const deleting = await api.authenticate(aRequest(token), { permissions: ['delete:contacts'] })
  assert.equal(outcome(reading), 'allowed')
  assert.equal(outcome(deleting), '403 insufficient_scope')
})

test('RFC 6749 §3.3: a need that is not one scope is a mistake of the programmer', async () => {
  await assert.rejects(contactsApi(server).authenticate(aRequest(undefined), { scopes: ['a b'] }), TypeError)
  await assert.rejects(
    contactsApi(server).authenticate(aRequest(undefined), { scopes: ['a"\r\nb'] }),
    TypeError,
  )
})

test('RFC 9110 §5.6.4: quotes and backslashes in the realm are escaped', async () => {
  const refused = await refusedBy(contactsApi(server, { realm: 'the "best" \\ API' }))
  assert.equal(refused.headers['www-authenticate'], 'Bearer realm="the \\"best\\" \\\\ API"')
})

test('RFC 6750 §3.1: what was sent is never repeated in the response', async () => {
  const refused = await refusedBy(contactsApi(server), await server.token({ iss: 'https://marker.example/' }))
  assert.doesNotMatch(JSON.stringify([refused.headers, refused.body]), /marker/)
})

test('RFC 6750 §3: every refusal is heard by onRefused with a detail that is not sent', async () => {
  const heard: Refused[] = []
  const api = contactsApi(server, { onRefused: (refused) => heard.push(refused) })
  const refused = await refusedBy(api, await server.token({ aud: 'https://other.example.com' }))
  assert.deepEqual(heard, [refused])
  assert.match(refused.detail, /"aud"/)
  assert.doesNotMatch(refused.body, /"aud"/)
})
