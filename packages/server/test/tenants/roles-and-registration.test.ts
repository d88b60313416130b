import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hashed } from '../../src/domain/secrets.ts'
import { aTarget } from './a-target.ts'

const api = {
  identifier: 'https://api.example/',
  scopes: [{ value: 'read:contacts' }, { value: 'create:contacts' }],
  enforce_policies: true,
  token_dialect: 'access_token_authz',
}
const permission = (permission_name: string, resource_server_identifier = api.identifier) => ({
  permission_name,
  resource_server_identifier,
})
const document = {
  resourceServers: [api],
  roles: [
    { name: 'Reader', description: 'Reads', permissions: [permission('read:contacts')] },
    { name: 'Editor', permissions: [permission('read:contacts'), permission('create:contacts')] },
  ],
  users: [
    { email: 'ada@example.com', roles: ['Reader', 'Editor'], permissions: [permission('read:contacts')] },
  ],
}

test('roles, their permissions and their users are applied, and a second time nothing changes', async () => {
  const { applied, rows } = await aTarget()
  const { created } = await applied(document)
  assert.deepEqual(
    created.map(({ noun, name }) => `${noun} ${name}`),
    ['API https://api.example/', 'role Reader', 'role Editor', 'user ada@example.com'],
  )
  const [user] = (await rows.users.list({ limit: 2 })).items
  assert.ok(user)
  assert.deepEqual(user.permissions, [{ audience: api.identifier, scope: 'read:contacts' }])
  const names = async () => (await rows.roles.ofUser(user.id)).map(({ name }) => name).sort()
  assert.deepEqual(await names(), ['Editor', 'Reader'])
  assert.match((await rows.roles.findByName('Reader'))?.id ?? '', /^rol_[A-Za-z0-9]{16}$/)
  const again = await applied(document)
  assert.deepEqual([again.created, again.updated], [[], []])

  const changed = await applied({ users: [{ email: 'ada@example.com', roles: ['Editor'] }] })
  assert.deepEqual(changed.updated, [{ noun: 'user', name: 'ada@example.com' }])
  assert.deepEqual(await names(), ['Editor'])
  await applied({ users: [{ email: 'ada@example.com', name: 'Ada' }] })
  assert.deepEqual(await names(), ['Editor'])
})

test('what a role or a user refers to must be there', async () => {
  const { mistakes } = await aTarget()
  const found = await mistakes({
    ...document,
    roles: [{ name: 'Reader', permissions: [permission('gone'), permission('read', 'urn:unknown')] }],
    users: [{ email: 'ada@example.com', roles: ['Nobody'], permissions: [permission('gone')] }],
  })
  assert.deepEqual(found, [
    'roles[0].permissions[0].permission_name: is no scope of this API',
    'roles[0].permissions[1].resource_server_identifier: names no API of this file or tenant',
    'users[0].roles[0]: names no role of this file or tenant',
    'users[0].permissions[0].permission_name: is no scope of this API',
  ])
})

test('a role stands once, and permissions are told only by an API that enforces them', async () => {
  const { mistakes } = await aTarget()
  const { enforce_policies: _, ...lax } = api
  assert.deepEqual(await mistakes({ resourceServers: [lax], roles: [{ name: 'A' }, { name: 'A' }] }), [
    'roles[1].name: stands twice in this file',
    'resourceServers[0].token_dialect: needs enforce_policies',
  ])
})

test('RFC 7591 §3: registration is closed until a flag opens it, and its tokens are kept as hashes', async () => {
  const { applied, settings } = await aTarget()
  assert.equal((await settings())?.registration, undefined)
  const flags = { enable_dynamic_client_registration: true, enable_sso: true }
  await applied({ tenant: { flags } })
  assert.deepEqual((await settings())?.registration, {
    initialAccessTokens: [],
    softwareStatementIssuers: [],
  })
  const token = 'an-initial-access-token-of-32-characters'
  const issuer = { issuer: 'https://statements.example/', jwks_uri: 'https://statements.example/jwks' }
  const registration = { initial_access_tokens: [token], software_statement_issuers: [issuer] }
  await applied({ tenant: { valetkey: { registration } } })
  assert.deepEqual((await settings())?.registration, {
    initialAccessTokens: [hashed(token)],
    softwareStatementIssuers: [{ issuer: issuer.issuer, jwksUri: issuer.jwks_uri }],
  })
  const again = await applied({ tenant: { flags, valetkey: { registration } } })
  assert.deepEqual(again.updated, [])
  await applied({ tenant: { flags: { enable_dynamic_client_registration: false } } })
  assert.equal((await settings())?.registration, undefined)
})

test('RFC 7591 §3: settings of a closed registration, and an issuer without keys, are mistakes', async () => {
  const { mistakes } = await aTarget()
  const registration = { software_statement_issuers: [] }
  assert.deepEqual(await mistakes({ tenant: { valetkey: { registration } } }), [
    'tenant.valetkey.registration: needs flags.enable_dynamic_client_registration',
  ])
  const keyless = { software_statement_issuers: [{ issuer: 'https://a.example/' }] }
  assert.deepEqual(await mistakes({ tenant: { valetkey: { registration: keyless } } }), [
    'tenant.valetkey.registration.software_statement_issuers[0]: needs either jwks or jwks_uri',
  ])
})

test('RFC 6750 §2.3: UserInfo reads tokens in queries only where the tenant file says so', async () => {
  const { applied, settings } = await aTarget()
  await applied({ tenant: { friendly_name: 'Example' } })
  assert.equal((await settings())?.userInfoQueryToken, undefined)
  await applied({ tenant: { valetkey: { userinfo_query_token: true } } })
  assert.equal((await settings())?.userInfoQueryToken, true)
  await applied({ tenant: { valetkey: { userinfo_query_token: false } } })
  assert.equal((await settings())?.userInfoQueryToken, false)
})
