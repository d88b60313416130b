import assert from 'node:assert/strict'
import { test } from 'node:test'
import { asksForMetadata } from '../src/resource-metadata.ts'
import { anIssuer, aRequest, contactsApi, issuer } from './an-issuer.ts'

const server = await anIssuer()
const wellKnown = 'https://api.example.com/.well-known/oauth-protected-resource'

test('RFC 9728 §2: the document names the API, its issuer and how tokens may be sent', () => {
  const api = contactsApi(server, {
    resource: 'https://api.example.com/contacts',
    bearerMethods: ['header', 'query'],
    metadata: { scopes_supported: ['read:contacts'], resource_name: 'Contacts' },
  })
  assert.deepEqual(api.metadata()?.document, {
    resource: 'https://api.example.com/contacts',
    authorization_servers: [issuer],
    bearer_methods_supported: ['header', 'query'],
    scopes_supported: ['read:contacts'],
    resource_name: 'Contacts',
  })
})

test('RFC 9728 §2: extra members cannot contradict the settings', () => {
  const metadata = {
    authorization_servers: ['https://evil.example.com/'],
    resource: 'https://evil.example.com',
  }
  const document = contactsApi(server, { resource: 'https://api.example.com', metadata }).metadata()?.document
  assert.equal(document?.resource, 'https://api.example.com')
  assert.deepEqual(document?.authorization_servers, [issuer])
})

test('RFC 9728 §3.1: the well-known path goes between host and path', async (t) => {
  const urls = {
    'https://api.example.com': wellKnown,
    'https://api.example.com/': wellKnown,
    'https://api.example.com/contacts': `${wellKnown}/contacts`,
    'https://api.example.com/v1/contacts/': `${wellKnown}/v1/contacts/`,
    'https://api.example.com/contacts?tenant=1': `${wellKnown}/contacts?tenant=1`,
    'https://api.example.com/?tenant=1': `${wellKnown}?tenant=1`,
  }
  for (const [resource, url] of Object.entries(urls)) {
    await t.test(resource, () => {
      const published = contactsApi(server, { resource }).metadata()
      assert.equal(published?.url, url)
      // RFC 9728 §3.3: the document repeats the identifier letter by letter.
      assert.equal(published?.document.resource, resource)
    })
  }
})

test('RFC 9728 §5.1: every challenge points to the metadata', async () => {
  const api = contactsApi(server, { resource: 'https://api.example.com/contacts', realm: 'contacts' })
  const { headers } = await api.authenticate(aRequest(undefined))
  assert.equal(
    headers['www-authenticate'],
    `Bearer realm="contacts", resource_metadata="${wellKnown}/contacts"`,
  )
})

test('RFC 9728 §5.1: without a resource URL there is no metadata', async () => {
  const api = contactsApi(server)
  assert.equal(api.metadata(), undefined)
  assert.doesNotMatch(
    (await api.authenticate(aRequest(undefined))).headers['www-authenticate'] ?? '',
    /metadata/,
  )
})

test('RFC 9728 §3.1: only a GET for path and query of the document asks for it', async (t) => {
  const published = contactsApi(server, { resource: 'https://api.example.com/contacts?tenant=1' }).metadata()
  assert.ok(published)
  const path = '/.well-known/oauth-protected-resource/contacts'
  const requests = [
    { method: 'GET', url: `${path}?tenant=1`, asks: true },
    { method: 'HEAD', url: `http://internal:3000${path}?tenant=1`, asks: true },
    { method: 'POST', url: `${path}?tenant=1`, asks: false },
    { method: 'GET', url: path, asks: false },
    { method: 'GET', url: `${path}/?tenant=1`, asks: false },
    { method: 'GET', url: '//', asks: false },
    { method: 'GET', url: '*', asks: false },
  ]
  for (const { asks, ...request } of requests) {
    await t.test(`${request.method} ${request.url}`, () => {
      assert.equal(asksForMetadata(published, request), asks)
    })
  }
})
