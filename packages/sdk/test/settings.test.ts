import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ProtectOptions } from '../src/sdk.ts'
import { protectResource } from '../src/sdk.ts'
import { audience, issuer } from './an-issuer.ts'

function starts(changed: Partial<ProtectOptions>) {
  return () => protectResource({ issuer, audience, ...changed })
}

test('RFC 8414 §2: unsafe or contradictory settings are refused at the start', async (t) => {
  const settings = {
    'an issuer that is no URL': { issuer: 'login.example.com' },
    'an issuer without TLS': { issuer: 'http://login.example.com/' },
    'an issuer with a query': { issuer: `${issuer}?a` },
    'an issuer with a fragment': { issuer: `${issuer}#a` },
    'a key set without TLS': { jwksUri: 'http://login.example.com/jwks' },
    'a host that only begins like loopback': { issuer: 'http://127.0.0.1.example.com/' },
    'introspection without TLS': {
      introspection: { clientId: 'a', clientSecret: 'b', endpoint: 'http://login.example.com/i' },
    },
    'a negative cache': { introspection: { clientId: 'a', clientSecret: 'b', cacheSeconds: -1 } },
    'a cache of an hour': { introspection: { clientId: 'a', clientSecret: 'b', cacheSeconds: 3600 } },
    'no audience': { audience: [] },
    'an empty audience': { audience: '' },
    'no header': { bearerMethods: ['query'] as const },
    'no algorithm': { algorithms: [] },
    'the algorithm none': { algorithms: ['RS256', 'none'] },
    'a shared-secret algorithm': { algorithms: ['HS256'] },
    'a negative tolerance': { clockToleranceSeconds: -1 },
    'a tolerance of an hour': { clockToleranceSeconds: 3600 },
    'a realm that could end the header line': { realm: 'a\r\nset-cookie: b' },
    'a realm that no header can hold': { realm: 'café' },
  }
  for (const [name, changed] of Object.entries(settings)) {
    await t.test(name, () => assert.throws(starts(changed), TypeError))
  }
})

test('RFC 9728 §1.2: a resource is an https URL without a fragment', () => {
  assert.throws(starts({ resource: 'contacts' }), TypeError)
  assert.throws(starts({ resource: 'http://api.example.com' }), TypeError)
  assert.throws(starts({ resource: 'https://api.example.com#a' }), TypeError)
})

test('RFC 8252 §7.3: loopback needs no TLS', async (t) => {
  for (const host of ['localhost:3000', 'app.localhost', '127.0.0.1:9', '[::1]:3000']) {
    await t.test(host, () => assert.doesNotThrow(starts({ issuer: `http://${host}/` })))
  }
})

test('RFC 8414 §2: http is allowed elsewhere only when asked for', () => {
  assert.doesNotThrow(starts({ issuer: 'http://auth:3000/', allowHttp: true }))
  assert.throws(starts({ issuer: 'ftp://auth/', allowHttp: true }), TypeError)
})
