// The names of extensions in a tenant file: a token format per API, a client-authentication method per client.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseTenantFile } from '@valetkey/api'
import type { Keeps } from '../../src/domain/client.ts'
import type { ClientId } from '../../src/domain/ids.ts'
import { applyTenantFile } from '../../src/tenants/apply.ts'
import type { Target } from '../../src/tenants/target.ts'
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

const mine = 'https://example.com/client-auth/mine'
const withMethod = (token_endpoint_auth_method: string, members: object = {}) => ({
  clients: [{ name: 'App', client_id: 'app', token_endpoint_auth_method, ...members }],
})

/** A target that knows all extensions of its server: a format, and methods that keep something else each. */
function knowing({ target }: Awaited<ReturnType<typeof aTarget>>, keeps: Keeps = 'secret'): Target {
  const { known } = target
  return {
    ...target,
    known: {
      ...known,
      tokenFormats: [...known.tokenFormats, 'swt'],
      keeps: new Map([...known.keeps, [mine, keeps]]),
      areAll: true,
    },
  }
}

test('a server that knows its extensions refuses the token format of none', async () => {
  const target = knowing(await aTarget())
  assert.equal((await applyTenantFile(parseTenantFile(withFormat('swt')), target)).kind, 'applied')
  const result = await applyTenantFile(parseTenantFile(withFormat('swtt')), target)
  assert.deepEqual(result.kind === 'mistaken' && result.mistakes, [
    {
      path: ['resourceServers', 0, 'valetkey', 'token_format'],
      message: 'is registered by no extension',
    },
  ])
})

test('a server that knows its extensions refuses the client-authentication method of none', async () => {
  const target = knowing(await aTarget())
  assert.equal((await applyTenantFile(parseTenantFile(withMethod(mine)), target)).kind, 'applied')
  const result = await applyTenantFile(parseTenantFile(withMethod(`${mine}/2`)), target)
  assert.deepEqual(result.kind === 'mistaken' && result.mistakes, [
    { path: ['clients', 0, 'token_endpoint_auth_method'], message: 'is registered by no extension' },
  ])
})

test('who cannot know the extensions of the server applies their names, and warns of each', async () => {
  const { applied, rows } = await aTarget()
  const { warnings } = await applied({ ...withFormat('swt'), ...withMethod(mine) })
  assert.deepEqual(warnings, [
    {
      path: ['resourceServers', 0, 'valetkey', 'token_format'],
      message:
        'swt is no token format of this version; only a server with an extension that brings it can make tokens for this API',
    },
    {
      path: ['clients', 0, 'token_endpoint_auth_method'],
      message: `${mine} is no client-authentication method of this version; it works only with an extension that brings it, and the client gets a secret in case that needs one`,
    },
  ])
  assert.equal((await rows.resourceServers.findByIdentifier(identifier))?.tokenFormat, 'swt')
  const silent = await applied({ resourceServers: [{ identifier, name: 'API' }], clients: [{ name: 'App' }] })
  assert.deepEqual(silent.warnings, [], 'what the file does not name is not its matter')
})

test('RFC 7591 §2: a client may authenticate by a method whose name is an absolute URI', async () => {
  const { applied, rows } = await aTarget()
  await applied(withMethod(mine))
  const client = await rows.clients.find('app' as ClientId)
  assert.equal(client?.tokenEndpointAuthMethod, mine)
  assert.equal(client?.secrets.length, 1)
})

test('RFC 6749 §2.1: a client of a method that keeps a key has no secret, and may have none', async () => {
  const scene = await aTarget()
  const target = knowing(scene, 'key')
  const machine = { grant_types: ['client_credentials'] }
  const result = await applyTenantFile(parseTenantFile(withMethod(mine, machine)), target)
  assert.deepEqual(result.kind === 'applied' && result.report.secrets, [])
  assert.deepEqual((await scene.rows.clients.find('app' as ClientId))?.secrets, [])
  const given = withMethod(mine, { client_secret: 'x'.repeat(32) })
  const refused = await applyTenantFile(parseTenantFile(given), target)
  assert.deepEqual(refused.kind === 'mistaken' && refused.mistakes.map(({ path }) => path), [
    ['clients', 0, 'client_secret'],
  ])
})

test('RFC 6749 §2.1: a client of a method that keeps nothing is public', async () => {
  const scene = await aTarget()
  const target = knowing(scene, 'nothing')
  const machine = withMethod(mine, { grant_types: ['client_credentials'] })
  const refused = await applyTenantFile(parseTenantFile(machine), target)
  assert.deepEqual(refused.kind === 'mistaken' && refused.mistakes, [
    {
      path: ['clients', 0, 'grant_types'],
      message: 'client_credentials needs a client that authenticates (RFC 6749 §4.4)',
    },
  ])
  const spa = withMethod(mine, { grant_types: ['authorization_code'] })
  assert.equal((await applyTenantFile(parseTenantFile(spa), target)).kind, 'applied')
  const client = await scene.rows.clients.find('app' as ClientId)
  assert.deepEqual([client?.pkce.required, client?.refreshToken.rotating, client?.secrets], [true, true, []])
})
