// Auth0's RBAC: what users may do at an API decides what their tokens say.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { Role } from '../../src/domain/role.ts'
import { startTestServer, type TestUser } from '../../src/testkit/testkit.ts'
import {
  answerOf,
  claimsOf,
  credentials,
  type Given,
  granted,
  headerOf,
  refresh,
  rowsOf,
  throughPages,
  token,
} from './requests.ts'

const server = await startTestServer()
after(() => server.close())
const { roles, users } = rowsOf(server)
const client = await server.aClient({
  grantTypes: ['authorization_code', 'refresh_token', 'client_credentials', 'implicit'],
})
const scopes = ['read:contacts', 'create:contacts', 'delete:contacts']
const api = await server.anApi({ scopes, enforcePolicies: true, tokenDialect: 'access_token_authz' })
const everything = `openid ${scopes.join(' ')}`

function aRole(name: string, ...permitted: readonly string[]): Promise<Role> {
  return roles.create({
    id: `rol_${name}` as Role['id'],
    name,
    description: '',
    permissions: permitted.map((scope) => ({ audience: api.identifier, scope })),
    createdAt: server.now(),
    updatedAt: server.now(),
    version: 1,
  })
}

let count = 0
/** A user with a direct permission and with roles. */
async function aUser(direct: readonly string[], ...given: readonly Role[]): Promise<TestUser> {
  const permissions = direct.map((scope) => ({ audience: api.identifier, scope }))
  const user = await server.aUser({ email: `user${++count}@example.com`, permissions })
  for (const role of given) await roles.assign(user.id, role.id)
  return user
}

const editor = await aRole('Editor', 'read:contacts', 'create:contacts')
const auditor = await aRole('Auditor', 'read:contacts', 'gone:contacts')

async function tokenFor(user: TestUser, scope = everything, of = api) {
  const tokens = await server.signIn({ client, user, api: of, scope })
  return { tokens, claims: claimsOf(tokens.access_token) }
}

test('RFC 6749 §3.3: the scope is what was asked for and is permitted, directly or by a role', async (t) => {
  const rows = [
    { name: 'nothing', user: await aUser([]), scope: 'openid', permissions: [] },
    {
      name: 'directly',
      user: await aUser(['delete:contacts']),
      scope: 'openid delete:contacts',
      permissions: ['delete:contacts'],
    },
    {
      name: 'by a role',
      user: await aUser([], editor),
      scope: 'openid read:contacts create:contacts',
      permissions: ['read:contacts', 'create:contacts'],
    },
    {
      name: 'by all of them, each once',
      user: await aUser(['delete:contacts', 'read:contacts'], editor, auditor),
      scope: everything,
      permissions: scopes,
    },
    {
      name: 'less than the API defines no longer',
      user: await aUser([], auditor),
      scope: 'openid read:contacts',
      permissions: ['read:contacts'],
    },
  ]
  for (const { name, user, scope, permissions } of rows) {
    await t.test(name, async () => {
      const { tokens, claims } = await tokenFor(user)
      assert.deepEqual([tokens.scope, claims.scope, claims.permissions], [scope, scope, permissions])
    })
  }
})

test('RFC 6749 §3.3: permissions are told whatever was asked for', async () => {
  const { claims } = await tokenFor(await aUser([], editor), 'openid read:contacts')
  assert.deepEqual(
    [claims.scope, claims.permissions],
    ['openid read:contacts', ['read:contacts', 'create:contacts']],
  )
})

test('RFC 6749 §3.3: permissions tell a third party no more than the owner allowed and its client grant holds', async (t) => {
  const thirdParty = await server.aClient({ isFirstParty: false })
  const grant = { clientId: thirdParty.id, audience: api.identifier, subjectType: 'user' } as const
  await server.aClientGrant({ ...grant, scope: ['read:contacts', 'create:contacts'] })
  const rows = [
    {
      name: 'the client grant bounds them',
      allow: ['read:contacts', 'create:contacts'],
      permissions: ['read:contacts', 'create:contacts'],
    },
    { name: 'the owner bounds them', allow: ['create:contacts'], permissions: ['create:contacts'] },
  ]
  for (const { name, allow, permissions } of rows) {
    await t.test(name, async () => {
      const user = await aUser(['delete:contacts'], editor)
      const scope = `${everything} offline_access`
      const of = { client: thirdParty, user, api, scope, allow: [...allow, 'offline_access'] }
      const tokens = await server.signIn(of)
      assert.deepEqual(claimsOf(tokens.access_token).permissions, permissions)
      const renewed = await granted(await refresh(server, thirdParty, tokens.refresh_token))
      assert.deepEqual(claimsOf(renewed.access_token).permissions, permissions)
    })
  }
})

test('RFC 6749 §3.3: permissions tell a first party nothing that the owner left out, or that needs a client grant', async (t) => {
  const audience = 'https://bounded.test/'
  const bounded = await server.anApi({
    identifier: audience,
    scopes,
    enforcePolicies: true,
    tokenDialect: 'access_token_authz',
    skipConsentForVerifiableFirstPartyClients: false,
    subjectTypeAuthorization: { user: 'require_client_grant', client: 'deny_all' },
  })
  const granting = { clientId: client.id, audience, subjectType: 'user' } as const
  await server.aClientGrant({ ...granting, scope: ['read:contacts', 'create:contacts'] })
  const permissions = scopes.map((scope) => ({ audience, scope }))
  const user = await server.aUser({ email: 'bounded@example.com', permissions })
  await t.test('what the owner left out', async () => {
    const { access_token } = await server.signIn({
      client,
      user,
      api: bounded,
      scope: everything,
      allow: ['read:contacts'],
    })
    assert.deepEqual(claimsOf(access_token).permissions, ['read:contacts'])
  })
  await t.test('what its client grant lacks', async () => {
    const trusting = await server.aUser({ email: 'trusting@example.com', permissions })
    const { access_token } = await server.signIn({
      client,
      user: trusting,
      api: bounded,
      scope: 'openid read:contacts',
    })
    assert.deepEqual(claimsOf(access_token).permissions, ['read:contacts', 'create:contacts'])
  })
})

test('RFC 8693 §2.2.2: permissions tell whoever stands for a user no more than the scope', async () => {
  const exchange = 'urn:ietf:params:oauth:grant-type:token-exchange'
  const gateway = await server.aClient({
    grantTypes: [exchange],
    tokenExchange: { impersonation: true, delegation: true },
    resourceServerIdentifier: api.identifier,
  })
  const next = await server.anApi({
    identifier: 'https://next.test/',
    scopes,
    enforcePolicies: true,
    tokenDialect: 'access_token_authz',
  })
  await server.aClientGrant({
    clientId: gateway.id,
    audience: next.identifier,
    scope: scopes,
    subjectType: 'user',
  })
  const permissions = [api, next].flatMap(({ identifier: audience }) =>
    scopes.map((scope) => ({ audience, scope })),
  )
  const user = await server.aUser({ email: 'represented@example.com', permissions })
  const { claims, tokens } = await tokenFor(user, 'read:contacts')
  assert.deepEqual(claims.permissions, scopes, 'whatever was asked for')
  const response = await token(server, {
    grant_type: exchange,
    ...credentials(gateway),
    subject_token: tokens.access_token,
    subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
    audience: next.identifier,
  })
  const exchanged = claimsOf((await granted(response)).access_token)
  assert.deepEqual([exchanged.scope, exchanged.permissions], ['read:contacts', ['read:contacts']])
})

test('RFC 6749 §3.3: permissions at another API give nothing', async () => {
  const user = await aUser([])
  const elsewhere = [{ audience: 'https://other.test/', scope: 'read:contacts' }]
  await users.update({
    ...(await users.find(user.id).then((one) => one ?? assert.fail())),
    permissions: elsewhere,
  })
  const { claims } = await tokenFor(user)
  assert.deepEqual([claims.scope, claims.permissions], ['openid', []])
})

test('RFC 6749 §6: a permission that was taken away is gone at the next renewal', async () => {
  const user = await aUser([], editor)
  const { tokens } = await tokenFor(user, `${everything} offline_access`)
  await roles.unassign(user.id, editor.id)
  const renewed = await granted(await refresh(server, client, tokens.refresh_token))
  assert.equal(renewed.scope, 'openid offline_access')
  assert.deepEqual(claimsOf(renewed.access_token).permissions, [])
})

test('RFC 6749 §4.2.2: tokens in the front channel hold no more', async () => {
  const user = await aUser([], auditor)
  const given: Given = {
    response_type: 'token',
    scope: everything,
    audience: api.identifier,
    code_challenge: undefined,
    code_challenge_method: undefined,
  }
  const answer = answerOf(await throughPages(server, { client, user }, given))
  assert.equal(answer.get('scope'), 'openid read:contacts')
  assert.deepEqual(claimsOf(answer.get('access_token') ?? '').permissions, ['read:contacts'])
})

test("RFC 6749 §4.4: a client's permissions are those of its grant", async () => {
  await server.aClientGrant({
    clientId: client.id,
    audience: api.identifier,
    scope: ['read:contacts', 'delete:contacts'],
  })
  const given = { grant_type: 'client_credentials', audience: api.identifier, scope: 'read:contacts' }
  const { access_token } = await granted(await token(server, { ...credentials(client), ...given }))
  const { scope, permissions } = claimsOf(access_token)
  assert.deepEqual([scope, permissions], ['read:contacts', ['read:contacts', 'delete:contacts']])
})

test('RFC 9068 §2.2: the profile with permissions is the profile and permissions', async () => {
  const strict = await server.anApi({
    identifier: 'https://strict.test/',
    enforcePolicies: true,
    tokenDialect: 'rfc9068_profile_authz',
  })
  const user = await server.aUser({
    email: 'strict@example.com',
    permissions: [{ audience: strict.identifier, scope: 'read:contacts' }],
  })
  const { tokens, claims } = await tokenFor(user, 'read:contacts create:contacts', strict)
  assert.equal(headerOf(tokens.access_token).typ, 'at+jwt')
  assert.deepEqual(
    [claims.scope, claims.permissions, claims.client_id, 'azp' in claims],
    ['read:contacts', ['read:contacts'], client.id, false],
  )
})

test('RFC 6749 §3.3: without the dialect permissions are enforced and not told; without enforcement neither', async () => {
  const quiet = await server.anApi({ identifier: 'https://quiet.test/', enforcePolicies: true })
  const free = await server.anApi({ identifier: 'https://free.test/' })
  const user = await aUser([])
  const enforced = await tokenFor(user, 'openid read:contacts', quiet)
  assert.deepEqual([enforced.claims.scope, 'permissions' in enforced.claims], ['openid', false])
  const open = await tokenFor(user, 'openid read:contacts', free)
  assert.deepEqual([open.claims.scope, 'permissions' in open.claims], ['openid read:contacts', false])
})

test('RFC 6749 §3.3: scopes that the API does not define are dropped', async () => {
  const { claims } = await tokenFor(await aUser([], editor), 'openid read:contacts unheard:of')
  assert.equal(claims.scope, 'openid read:contacts')
})
