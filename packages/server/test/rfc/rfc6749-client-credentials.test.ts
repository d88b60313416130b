import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { Client } from '../../src/domain/client.ts'
import { startTestServer, type TestClient } from '../../src/testkit/testkit.ts'
import { assertJsonRefusal, claimsOf, credentials, type Given, granted, token, userInfo } from './requests.ts'

const server = await startTestServer()
after(() => server.close())
const api = await server.anApi({ scopes: ['read:contacts', 'create:contacts', 'delete:contacts'] })
const client = await aMachine(['read:contacts', 'create:contacts'])

async function aMachine(scope: readonly string[], given: Partial<Client> = {}): Promise<TestClient> {
  const machine = await server.aClient({ grantTypes: ['client_credentials'], ...given })
  await server.aClientGrant({ clientId: machine.id, audience: api.identifier, scope })
  return machine
}

function ask(as: TestClient, given: Given = {}): Promise<Response> {
  return token(server, {
    grant_type: 'client_credentials',
    ...credentials(as),
    audience: api.identifier,
    ...given,
  })
}

test('RFC 6749 §4.4.3: a client gets an access token for itself, and nothing else', async () => {
  const tokens = await granted(await ask(client))
  assert.deepEqual(Object.keys(tokens).sort(), ['access_token', 'expires_in', 'scope', 'token_type'])
  const claims = claimsOf(tokens.access_token)
  assert.equal(claims.sub, `${client.id}@clients`)
  assert.equal(claims.gty, 'client-credentials')
})

test('RFC 6749 §4.4.2: without scope the client gets all of its client grant, as with Auth0', async () => {
  const { scope } = await granted(await ask(client))
  assert.equal(scope, 'read:contacts create:contacts')
})

test('RFC 6749 §3.3: more than the client grant holds is left out, and the answer says so', async () => {
  const { scope } = await granted(
    await ask(client, { scope: 'delete:contacts read:contacts openid unknown' }),
  )
  assert.equal(scope, 'read:contacts')
})

test('RFC 6749 §3.3: a client grant gives nothing that the API no longer defines', async () => {
  const stale = await aMachine(['read:contacts', 'gone:contacts'])
  assert.equal((await granted(await ask(stale))).scope, 'read:contacts')
})

test('RFC 6749 §4.4.2: a client grant for all scopes follows the API', async () => {
  const all = await server.aClient()
  await server.aClientGrant({
    clientId: all.id,
    audience: api.identifier,
    scope: [],
    allowAllScopes: true,
  })
  assert.equal((await granted(await ask(all))).scope, 'read:contacts create:contacts delete:contacts')
})

test('RFC 6749 §4.4.2: resource names the API too (RFC 8707 §2)', async () => {
  const given = { audience: undefined, resource: api.identifier }
  assert.equal(claimsOf((await granted(await ask(client, given))).access_token).aud, api.identifier)
})

test('RFC 6749 §4.4.2: without an API there is nothing to ask for', async () => {
  await assertJsonRefusal(server, await ask(client, { audience: undefined }), {
    error: 'invalid_request',
    rule: 'client_credentials.no_audience',
  })
})

test('RFC 6749 §4.4.3: a client without a client grant is refused with access_denied, as with Auth0', async () => {
  await assertJsonRefusal(server, await ask(await server.aClient()), {
    status: 403,
    error: 'access_denied',
    rule: 'client_credentials.no_client_grant',
  })
})

test('RFC 6749 §4.4.3: a client grant on behalf of users is none for the client itself', async () => {
  const other = await server.aClient()
  await server.aClientGrant({
    clientId: other.id,
    audience: api.identifier,
    scope: ['read:contacts'],
    subjectType: 'user',
  })
  await assertJsonRefusal(server, await ask(other), {
    status: 403,
    error: 'access_denied',
    rule: 'client_credentials.no_client_grant',
  })
})

test('RFC 6749 §4.4.3: an API can deny all clients, also those with a client grant', async () => {
  const closed = await server.anApi({
    identifier: 'https://closed.test/',
    subjectTypeAuthorization: { user: 'allow_all', client: 'deny_all' },
  })
  await server.aClientGrant({ clientId: client.id, audience: closed.identifier, scope: ['read:contacts'] })
  await assertJsonRefusal(server, await ask(client, { audience: closed.identifier }), {
    status: 403,
    error: 'access_denied',
    rule: 'client_credentials.no_client_grant',
  })
})

test('RFC 6749 §4.4.3: an API can allow all clients, without client grants', async () => {
  const open = await server.anApi({
    identifier: 'https://open.test/',
    subjectTypeAuthorization: { user: 'allow_all', client: 'allow_all' },
  })
  const { scope } = await granted(await ask(await server.aClient(), { audience: open.identifier }))
  assert.equal(scope, 'read:contacts create:contacts')
})

test('RFC 6749 §4.4.2: an unknown audience is refused', async () => {
  await assertJsonRefusal(server, await ask(client, { audience: 'https://nowhere.test/' }), {
    status: 403,
    error: 'access_denied',
    rule: 'target.audience_unknown',
  })
})

test('RFC 8707 §2: an unknown, malformed or second resource is refused with invalid_target', async (t) => {
  const rows = [
    { name: 'unknown', resource: 'https://nowhere.test/', rule: 'target.resource_unknown' },
    { name: 'relative', resource: '/contacts', rule: 'target.resource_malformed' },
    { name: 'with a fragment', resource: `${api.identifier}#x`, rule: 'target.resource_malformed' },
    { name: 'with an empty fragment', resource: `${api.identifier}#`, rule: 'target.resource_malformed' },
    { name: 'two', resource: [api.identifier, 'https://open.test/'], rule: 'target.two_apis' },
  ]
  for (const { name, resource, rule } of rows) {
    await t.test(name, async () => {
      const response = await ask(client, { audience: undefined, resource })
      await assertJsonRefusal(server, response, { error: 'invalid_target', rule })
    })
  }
})

test('RFC 6749 §3.3: a malformed scope is refused with invalid_scope', async () => {
  await assertJsonRefusal(server, await ask(client, { scope: 'read:"contacts"' }), {
    error: 'invalid_scope',
    rule: 'scope.malformed',
  })
})

test('RFC 6749 §4.4: a public client cannot use this grant', async () => {
  const open = await aMachine(['read:contacts'], { tokenEndpointAuthMethod: 'none' })
  await assertJsonRefusal(server, await ask(open), {
    error: 'unauthorized_client',
    rule: 'token.public_client',
  })
})

test("RFC 6749 §4.4.3: a client's own token is nobody's at UserInfo", async () => {
  const sly = await server.anApi({
    identifier: 'https://sly.test/',
    scopes: ['openid', 'profile'],
    subjectTypeAuthorization: { user: 'allow_all', client: 'allow_all' },
  })
  const tokens = await granted(await ask(client, { audience: sly.identifier, scope: 'openid profile' }))
  assert.equal((await userInfo(server, tokens.access_token ?? '')).status, 401)
  assert.equal('id_token' in tokens, false)
})
