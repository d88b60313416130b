// The names of extensions in a tenant file: a token format per API, a client-authentication method per client.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseTenantFile } from '@valetkey/api'
import type { ClientId } from '../../src/domain/ids.ts'
import { applyTenantFile } from '../../src/tenants/apply.ts'
import { aTarget } from './a-target.ts'

const identifier = 'https://api.example/'
const withFormat = (token_format: string) => ({
  resourceServers: [{ identifier, valetkey: { token_format } }],
})

test('an API keeps its token format until the file empties it', async () => {
  const { applied, rows } = await aTarget()
  const format = async () => (await rows.resourceServers.findByIdentifier(identifier))?.tokenFormat
  await applied(withFormat('swt'))
  assert.equal(await format(), 'swt')
  await applied({ resourceServers: [{ identifier, name: 'API' }] })
  assert.equal(await format(), 'swt')
  await applied(withFormat(''))
  assert.equal(await format(), undefined)
})

test('a server that knows its extensions refuses the token format of none', async () => {
  const { target } = await aTarget()
  const knowing = { ...target, tokenFormats: ['jwt', 'opaque', 'swt'] }
  assert.equal((await applyTenantFile(parseTenantFile(withFormat('swt')), knowing)).kind, 'applied')
  const result = await applyTenantFile(parseTenantFile(withFormat('swtt')), knowing)
  assert.deepEqual(result.kind === 'mistaken' && result.mistakes, [
    {
      path: ['resourceServers', 0, 'valetkey', 'token_format'],
      message: 'is registered by no extension',
    },
  ])
})

test('RFC 7591 §2: a client may authenticate by a method whose name is an absolute URI', async () => {
  const { applied, rows } = await aTarget()
  const method = 'https://example.com/client-auth/mine'
  await applied({ clients: [{ name: 'App', client_id: 'app', token_endpoint_auth_method: method }] })
  const client = await rows.clients.find('app' as ClientId)
  assert.equal(client?.tokenEndpointAuthMethod, method)
  assert.equal(client?.secrets.length, 1)
})

test("Auth0's grants of one-time codes are kept for later, and the report says that they are not served yet", async () => {
  const { target, rows } = await aTarget()
  const grant_types = [
    'authorization_code',
    'http://auth0.com/oauth/grant-type/passwordless/otp',
    'http://auth0.com/oauth/grant-type/mfa-otp',
    'http://auth0.com/oauth/grant-type/mfa-oob',
    'http://auth0.com/oauth/grant-type/mfa-recovery-code',
    'https://example.com/grant',
  ]
  const document = { clients: [{ name: 'App', client_id: 'app', grant_types }] }
  const knowing = { ...target, grantTypes: ['authorization_code'] }
  const result = await applyTenantFile(parseTenantFile(document), knowing)
  assert.equal(result.kind, 'applied')
  assert.deepEqual(
    result.report.warnings.map(({ message }) => message),
    [
      ...grant_types.slice(1, 5).map((name) => `${name} is not served yet`),
      'https://example.com/grant is no grant of this version; it works only with an extension that brings it',
    ],
  )
  assert.deepEqual((await rows.clients.find('app' as ClientId))?.grantTypes, grant_types)
})
