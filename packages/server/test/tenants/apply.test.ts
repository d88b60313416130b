import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ClientId, UserId } from '../../src/domain/ids.ts'
import type { PasswordHash } from '../../src/domain/secrets.ts'
import { aTarget } from './a-target.ts'

const secret = 'published-secret-of-the-contacts-demo'

const document = {
  tenant: { friendly_name: 'Example', default_audience: 'https://api.example/', session_lifetime: 1.5 },
  clients: [
    {
      name: 'Web',
      client_id: 'web',
      client_secret: secret,
      app_type: 'regular_web',
      callbacks: ['https://app.example/callback'],
      logo_uri: 'https://app.example/logo.png',
      refresh_token: { rotation_type: 'rotating', expiration_type: 'expiring', leeway: 10 },
      client_metadata: { team: 'web' },
    },
    { name: 'Job', app_type: 'non_interactive' },
    { name: 'Single page', app_type: 'spa', callbacks: ['http://localhost:3000'] },
  ],
  resourceServers: [
    {
      name: 'API',
      identifier: 'https://api.example/',
      scopes: [{ value: 'read:contacts', description: 'Read contacts' }],
      token_lifetime: 3600,
      allow_offline_access: true,
    },
  ],
  clientGrants: [{ client_id: 'Job', audience: 'https://api.example/', scope: ['read:contacts'] }],
  databases: [
    { name: 'Username-Password-Authentication', enabled_clients: ['web', 'Single page'] },
    { name: 'staff', enabled_clients: ['Job'] },
  ],
  users: [
    {
      email: 'Ada@Example.com',
      password: 'Analytical-Engine-1843',
      name: 'Ada',
      user_metadata: { born: 1815 },
    },
    { username: 'grace', user_id: 'auth0|grace', connection: 'staff', address: { locality: 'Arlington' } },
  ],
}

test('everything in a file is created, and a second time nothing changes', async () => {
  const { applied, hashes, rows } = await aTarget()
  const first = await applied(document)
  assert.deepEqual(
    first.created.map(({ noun, name }) => `${noun} ${name}`),
    [
      'API https://api.example/',
      'client Web',
      'client Job',
      'client Single page',
      'client grant Job → https://api.example/',
      'database staff',
      'user ada@example.com',
      'user grace',
    ],
  )
  assert.deepEqual(first.updated, [
    { noun: 'database', name: 'Username-Password-Authentication' },
    { noun: 'tenant', name: 'main' },
  ])
  assert.deepEqual(
    first.secrets.map(({ name }) => name),
    ['Job'],
  )
  assert.match(first.secrets[0]?.secret ?? '', /^[A-Za-z0-9_-]{64}$/)
  assert.match(first.secrets[0]?.clientId ?? '', /^[A-Za-z0-9]{32}$/)

  const before = await rows.clients.find('web' as ClientId)
  const second = await applied(document)
  assert.deepEqual([second.created, second.updated, second.secrets], [[], [], []])
  assert.equal(second.unchanged.length, 10)
  assert.deepEqual(await rows.clients.find('web' as ClientId), before)
  assert.deepEqual(hashes, ['Analytical-Engine-1843'])
})

test('ids, secrets and values of the file arrive in the store, the secret sealed', async () => {
  const { applied, rows, settings, target } = await aTarget()
  await applied(document)
  const web = await rows.clients.find('web' as ClientId)
  assert.deepEqual(
    web?.secrets.map((one) => target.ports.sealer.open(one, 'client_secret web')),
    [secret],
  )
  assert.ok(!JSON.stringify(web).includes(secret))
  assert.deepEqual(web?.refreshToken, {
    rotating: true,
    leewaySeconds: 10,
    lifetimeSeconds: 2_592_000,
    idleLifetimeSeconds: 1_296_000,
  })
  assert.deepEqual(web?.metadata, { team: 'web' })
  assert.equal((await settings())?.sessionLifetimeSeconds, 5400)
  assert.equal((await settings())?.defaultAudience, 'https://api.example/')

  const api = await rows.resourceServers.findByIdentifier('https://api.example/')
  assert.equal(api?.tokenLifetimeForWebSeconds, 3600)
  assert.deepEqual(api?.subjectTypeAuthorization, { user: 'allow_all', client: 'require_client_grant' })
  const grace = await rows.users.find('auth0|grace' as UserId)
  assert.deepEqual(grace?.claims, { address: { locality: 'Arlington' } })
})

test('a type of application decides what its entry does not say', async () => {
  const { applied, rows } = await aTarget()
  await applied({
    clients: [
      { name: 'spa', client_id: 'spa', app_type: 'spa' },
      { name: 'native', client_id: 'native', app_type: 'native' },
      { name: 'web', client_id: 'web', app_type: 'regular_web' },
      { name: 'm2m', client_id: 'm2m', app_type: 'non_interactive' },
    ],
  })
  const seen = await Promise.all(
    ['spa', 'native', 'web', 'm2m'].map(async (id) => {
      const client = await rows.clients.find(id as ClientId)
      return [
        client?.tokenEndpointAuthMethod,
        client?.grantTypes,
        client?.refreshToken.rotating,
        client?.pkce.required,
      ]
    }),
  )
  const code = ['authorization_code', 'refresh_token']
  assert.deepEqual(seen, [
    ['none', code, true, true],
    ['none', code, true, true],
    ['client_secret_post', code, false, false],
    ['client_secret_post', ['client_credentials'], false, false],
  ])
})

test('what a file no longer says stays, and empty text removes', async () => {
  const { applied, rows } = await aTarget()
  await applied(document)
  const report = await applied({ clients: [{ name: 'Renamed', client_id: 'web', logo_uri: '' }] })
  assert.deepEqual(report.updated, [{ noun: 'client', name: 'Renamed' }])
  const client = await rows.clients.find('web' as ClientId)
  assert.deepEqual(client?.redirectUris, ['https://app.example/callback'])
  assert.equal(client?.logoUri, undefined)
  assert.equal(client?.secrets.length, 1)
})

test('what a client may do for users who are not there is read, kept and taken back', async () => {
  const { applied, rows } = await aTarget()
  const keys = [{ kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' }]
  const issuer = { issuer: 'https://idp.example', jwks: { keys }, algorithms: ['EdDSA'], subjects: 'all' }
  const policies = [{ audience: 'https://api.example/', scope: ['read:contacts'] }]
  const valetkey = { token_exchange: { delegation: true }, trusted_issuers: [issuer] }
  const client = () => rows.clients.find('web' as ClientId)
  await applied(document)
  await applied({ clients: [{ name: 'Web', client_id: 'web', refresh_token: { policies }, valetkey }] })
  await applied({ clients: [{ name: 'Web', client_id: 'web', refresh_token: { leeway: 5 } }] })
  const stored = await client()
  assert.deepEqual(stored?.tokenExchange, { impersonation: false, delegation: true })
  assert.deepEqual(stored?.trustedIssuers, [issuer])
  assert.deepEqual(stored?.refreshToken.policies, policies)
  const none = { token_exchange: { delegation: false }, trusted_issuers: [] }
  await applied({
    clients: [{ name: 'Web', client_id: 'web', refresh_token: { policies: [] }, valetkey: none }],
  })
  const after = await client()
  assert.deepEqual(
    [after?.tokenExchange?.delegation, after?.trustedIssuers, after?.refreshToken.policies],
    [false, [], []],
  )
})

test('a new secret in the file replaces the old one', async () => {
  const { applied, rows, target } = await aTarget()
  await applied(document)
  const other = 'another-secret-of-the-contacts-demo-2'
  await applied({ clients: [{ name: 'Web', client_id: 'web', client_secret: other }] })
  const client = await rows.clients.find('web' as ClientId)
  assert.deepEqual(
    client?.secrets.map((one) => target.ports.sealer.open(one, 'client_secret web')),
    [other],
  )
})

test('a client that stops authenticating loses its secret', async () => {
  const { applied, rows } = await aTarget()
  await applied(document)
  await applied({
    clients: [
      {
        name: 'Web',
        client_id: 'web',
        token_endpoint_auth_method: 'none',
        valetkey: { pkce: { required: true } },
      },
    ],
  })
  assert.deepEqual((await rows.clients.find('web' as ClientId))?.secrets, [])
})

test('a password in the file replaces a different one, and is not hashed again when it is the same', async () => {
  const { applied, hashes, rows, target } = await aTarget()
  const user = { user_id: 'ada', email: 'ada@example.com' }
  await applied({ users: [{ ...user, password: 'Analytical-Engine-1843' }] })
  const changed = await applied({ users: [{ ...user, password: 'Difference-Engine-1822' }] })
  assert.deepEqual(changed.updated, [{ noun: 'user', name: 'ada@example.com' }])
  const same = await applied({ users: [{ ...user, password: 'Difference-Engine-1822' }] })
  assert.deepEqual(same.updated, [])
  assert.equal(hashes.length, 2)
  const stored = await rows.passwords.find('auth0|ada' as UserId)
  assert.ok(stored?.hash.startsWith('$argon2id$'))
  assert.ok(stored && (await target.passwords.verify(stored.hash, 'Difference-Engine-1822')))
})

test('a hash from elsewhere is taken over once, and never over a password chosen since', async () => {
  const { applied, rows } = await aTarget()
  const hash = '$2b$10$abcdefghijklmnopqrstuvABCDEFGHIJKLMNOPQRSTUVWXYZ01234'
  const file = { users: [{ user_id: 'ada', email: 'ada@example.com', password_hash: hash }] }
  await applied(file)
  assert.equal((await rows.passwords.find('auth0|ada' as UserId))?.hash, hash)
  const chosen = '$argon2id$chosen' as PasswordHash
  await rows.passwords.save({ userId: 'auth0|ada' as UserId, hash: chosen, updatedAt: 1 })
  assert.deepEqual((await applied(file)).updated, [])
  assert.equal((await rows.passwords.find('auth0|ada' as UserId))?.hash, chosen)
})

test('a dry run says what would be done and does nothing', async () => {
  const { applied, rows, settings } = await aTarget()
  const before = await settings()
  const report = await applied(document, { dryRun: true })
  assert.equal(report.created.length, 8)
  assert.equal((await rows.clients.list({ limit: 10 })).items.length, 0)
  assert.equal((await rows.users.list({ limit: 10 })).items.length, 0)
  assert.deepEqual(await settings(), before)
})

test('a file with one mistake changes nothing', async () => {
  const { mistakes, rows, settings } = await aTarget()
  const before = await settings()
  const found = await mistakes({
    ...document,
    clientGrants: [{ client_id: 'Nobody', audience: 'https://api.example/' }],
  })
  assert.deepEqual(found, ['clientGrants[0].client_id: names no client of this file or tenant'])
  assert.equal((await rows.clients.list({ limit: 10 })).items.length, 0)
  assert.deepEqual(await settings(), before)
})

test('a file that was cut off by a crash is completed when it is applied again', async () => {
  const { applied, target, rows } = await aTarget()
  const failing = { hash: () => Promise.reject(new Error('killed')), verify: target.passwords.verify }
  const original = target.passwords
  Object.assign(target, { passwords: failing })
  await assert.rejects(applied(document), /killed/)
  Object.assign(target, { passwords: original })
  assert.equal((await rows.clients.list({ limit: 10 })).items.length, 3)
  const report = await applied(document)
  assert.ok(report.updated.some(({ noun }) => noun === 'tenant'))
  assert.deepEqual((await applied(document)).updated, [])
  const ada = await rows.users.findByIdentifier(
    (await rows.connections.findByName('Username-Password-Authentication'))?.id ?? assert.fail(),
    'ada@example.com',
  )
  assert.ok(ada && (await rows.passwords.find(ada.id)))
})

test('references are resolved against the file and the tenant', async () => {
  const { applied, mistakes } = await aTarget()
  await applied(document)
  const report = await applied({
    tenant: { default_audience: 'https://api.example/', default_directory: 'staff' },
    clientGrants: [{ client_id: 'web', audience: 'https://api.example/', scope: [] }],
    databases: [{ name: 'staff', enabled_clients: ['Web', 'Job'] }],
    users: [{ email: 'new@example.com', connection: 'staff' }],
  })
  assert.equal(report.created.length, 2)
  const found = await mistakes({
    tenant: { default_audience: 'nowhere', default_directory: 'nobody' },
    clientGrants: [
      { client_id: 'Nobody', audience: 'nowhere' },
      { client_id: 'Web', audience: 'https://api.example/', scope: ['read:contacts', 'write:contacts'] },
    ],
    clients: [
      { name: 'Web', client_id: 'web', refresh_token: { policies: [{ audience: 'nowhere', scope: [] }] } },
    ],
    databases: [{ name: 'staff', enabled_clients: ['Web', 'Nobody'] }],
    users: [{ email: 'x@example.com', connection: 'nowhere' }],
  })
  assert.deepEqual(found, [
    'clients[0].refresh_token.policies[0].audience: names no API of this file or tenant',
    'clientGrants[0].client_id: names no client of this file or tenant',
    'clientGrants[0].audience: names no API of this file or tenant',
    'clientGrants[1].scope[1]: is no scope of this API',
    'databases[0].enabled_clients[1]: names no client of this file or tenant',
    'users[0].connection: names no database of this file or tenant',
    'tenant.default_audience: names no API of this file or tenant',
    'tenant.default_directory: names no database of this file or tenant',
  ])
})

test('a mistake in an entry is not reported again by those who refer to it', async () => {
  const { mistakes } = await aTarget()
  const found = await mistakes({
    clients: [{ name: 'Web', app_type: 'nothing' }],
    resourceServers: [{ identifier: 'api', token_lifetime: 0 }],
    databases: [{ name: 'db', strategy: 'x', enabled_clients: ['Web'] }],
    clientGrants: [{ client_id: 'Web', audience: 'api' }],
    users: [{ email: 'a@example.com', connection: 'db' }],
    tenant: { default_audience: 'api' },
  })
  assert.deepEqual(
    found.map((line) => line.split(':')[0]),
    ['clients[0].app_type', 'resourceServers[0].token_lifetime', 'databases[0].strategy'],
  )
})

test('a grant that names its client once by name and once by id stands twice', async () => {
  const { mistakes } = await aTarget()
  const grant = { audience: 'api' }
  const found = await mistakes({
    clients: [{ name: 'Job', client_id: 'job', app_type: 'non_interactive' }],
    resourceServers: [{ identifier: 'api' }],
    clientGrants: [
      { client_id: 'Job', ...grant },
      { client_id: 'job', ...grant },
    ],
  })
  assert.deepEqual(found, ['clientGrants[1].client_id: stands twice in this file'])
})

test('RFC 9700 §2.1.1: a public client cannot do without PKCE', async () => {
  const { mistakes } = await aTarget()
  const found = await mistakes({
    clients: [{ name: 'A', app_type: 'spa', valetkey: { pkce: { required: false } } }],
  })
  assert.deepEqual(found, [
    'clients[0].valetkey.pkce.required: a public client must use PKCE (RFC 9700 §2.1.1)',
  ])
})

test('RFC 9700 §2.2.2: a public client cannot have refresh tokens that do not rotate', async () => {
  const { mistakes } = await aTarget()
  const found = await mistakes({
    clients: [{ name: 'A', app_type: 'native', refresh_token: { rotation_type: 'non-rotating' } }],
  })
  assert.match(found.join(), /^clients\[0\]\.refresh_token\.rotation_type: a public client must rotate/)
})

test('RFC 9700 §2.1.2: implicit is on only when the file says so', async () => {
  const { applied, rows } = await aTarget()
  await applied({ clients: [{ name: 'A', client_id: 'a', app_type: 'spa' }] })
  assert.ok(!(await rows.clients.find('a' as ClientId))?.grantTypes.includes('implicit'))
})

test('RFC 6749 §4.4: a client that does not authenticate cannot ask for itself', async () => {
  const { mistakes } = await aTarget()
  const found = await mistakes({
    clients: [{ name: 'A', app_type: 'spa', grant_types: ['client_credentials'] }],
  })
  assert.match(
    found.join(),
    /^clients\[0\]\.grant_types: client_credentials needs a client that authenticates/,
  )
})

test('RFC 9700 §2.1: a * is registered only by a client that switched it on', async () => {
  const { applied, mistakes } = await aTarget()
  const client = { name: 'A', callbacks: ['https://*.example.com'] }
  assert.match((await mistakes({ clients: [client] })).join(), /^clients\[0\]\.callbacks\[0\]: a \* gives/)
  await applied({ clients: [{ ...client, valetkey: { allow_subdomain_wildcards: true } }] })
})

test('contradictions of a client are told with their paths', async () => {
  const { mistakes } = await aTarget()
  const found = await mistakes({
    clients: [
      {
        name: 'public',
        app_type: 'native',
        client_secret: secret,
        grant_types: ['client_credentials', 'refresh_token'],
        refresh_token: { rotation_type: 'non-rotating' },
        valetkey: { pkce: { required: false } },
      },
      { name: 'never', refresh_token: { rotation_type: 'rotating', expiration_type: 'non-expiring' } },
      {
        name: 'idle',
        refresh_token: { expiration_type: 'expiring', token_lifetime: 10, idle_token_lifetime: 20 },
      },
      {
        name: 'star',
        callbacks: ['https://a.example.com', 'https://*.example.com'],
        web_origins: ['https://*.example.com'],
      },
      {
        name: 'wanted star',
        callbacks: ['https://*.example.com'],
        valetkey: { allow_subdomain_wildcards: true },
      },
    ],
    resourceServers: [{ identifier: 'api', token_lifetime: 60, token_lifetime_for_web: 61 }],
  })
  assert.deepEqual(
    found.map((line) => line.split(':')[0]),
    [
      'resourceServers[0].token_lifetime_for_web',
      'clients[0].grant_types',
      'clients[0].valetkey.pkce.required',
      'clients[0].refresh_token.rotation_type',
      'clients[0].client_secret',
      'clients[1].refresh_token.expiration_type',
      'clients[2].refresh_token.idle_token_lifetime',
      'clients[3].callbacks[1]',
      'clients[3].web_origins[0]',
    ],
  )
  assert.ok(!found.join().includes(secret))
})

test('a contradiction with what is stored is found too', async () => {
  const { applied, mistakes } = await aTarget()
  await applied({ clients: [{ name: 'Job', client_id: 'job', app_type: 'non_interactive' }] })
  const found = await mistakes({
    clients: [{ name: 'Job', client_id: 'job', token_endpoint_auth_method: 'none' }],
  })
  assert.match(
    found.join(),
    /clients\[0\]\.grant_types: client_credentials needs a client that authenticates/,
  )
})

test('a client without an id is found by its name', async () => {
  const { applied, mistakes, rows } = await aTarget()
  await applied({ clients: [{ name: 'Web' }] })
  const report = await applied({ clients: [{ name: 'Web', description: 'new' }] })
  assert.deepEqual(report.updated, [{ noun: 'client', name: 'Web' }])
  assert.equal((await rows.clients.list({ limit: 10 })).items.length, 1)
  const found = await mistakes({ clients: [{ name: 'Web', client_id: 'other' }] })
  assert.deepEqual(found, ['clients[0].client_id: a client of this name exists under another client_id'])
})

test('a name that two clients have needs an id', async () => {
  const { applied, mistakes } = await aTarget()
  await applied({
    clients: [
      { name: 'Old', client_id: 'a' },
      { name: 'New', client_id: 'b' },
    ],
  })
  await applied({ clients: [{ name: 'New', client_id: 'a' }] })
  assert.match((await mistakes({ clients: [{ name: 'New' }] })).join(), /clients\[0\]\.name: several clients/)
})

test('a name that is another client’s id refers to the id', async () => {
  const { applied, rows } = await aTarget()
  await applied({
    clients: [
      { name: 'b', client_id: 'a', app_type: 'non_interactive' },
      { name: 'a', client_id: 'b', app_type: 'non_interactive' },
    ],
    resourceServers: [{ identifier: 'api' }],
    clientGrants: [{ client_id: 'a', audience: 'api' }],
  })
  assert.ok(await rows.clientGrants.findFor('a' as ClientId, 'api', 'client'))
})

test('a user is found by id, e-mail address or name, and never takes what another has', async () => {
  const { applied, mistakes } = await aTarget()
  await applied({
    users: [
      { user_id: '1', email: 'a@example.com' },
      { user_id: '2', username: 'bob' },
    ],
  })
  const report = await applied({
    users: [
      { email: 'A@example.com', name: 'A' },
      { username: 'BOB', name: 'B' },
    ],
  })
  assert.equal(report.updated.length, 2)
  const found = await mistakes({
    databases: [{ name: 'other' }],
    users: [
      { user_id: '3', email: 'a@example.com' },
      { user_id: '2', email: 'c@example.com', connection: 'other' },
      { name: 'Nobody' },
      { email: 'd@example.com', password: 'long enough', password_hash: `$2b$10$${'x'.repeat(53)}` },
    ],
  })
  assert.deepEqual(found, [
    'users[0].email: belongs to another user',
    'users[1].connection: is not where this user is stored',
    'users[2]: needs an email or a username',
    'users[3].password_hash: contradicts password: give one of them',
  ])
})

test('the administrators of a tenant outlive a file', async () => {
  const { applied, settings, target } = await aTarget()
  const tenant = (await target.store.tenants.find(target.tenant)) ?? assert.fail()
  const administrators = ['auth0|admin' as UserId]
  await target.store.tenants.update({ ...tenant, settings: { ...tenant.settings, administrators } })
  await applied(document)
  assert.deepEqual((await settings())?.administrators, administrators)
})

test('many users are applied, and applied again without a change', async () => {
  const { applied } = await aTarget()
  const users = Array.from({ length: 300 }, (_, index) => ({
    email: `user${index}@example.com`,
    name: `${index}`,
  }))
  assert.equal((await applied({ users })).created.length, 300)
  assert.equal((await applied({ users })).unchanged.length, 300)
})
