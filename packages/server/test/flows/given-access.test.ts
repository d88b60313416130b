// The owner's page lists whoever can hold a living token of the owner, however the token came to be.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { TenantId } from '../../src/domain/ids.ts'
import type { Store, TenantStore } from '../../src/domain/store.ts'
import { defineGrant, livingUser, newGrantId, required } from '../../src/extend.ts'
import { openSqlite } from '../../src/stores/sqlite/sqlite.ts'
import { startTestServer, type TestClient } from '../../src/testkit/testkit.ts'
import { clientKey, signedBy } from '../rfc/client-keys.ts'
import { aDeviceClient, codesFor, poll, toConsent } from '../rfc/devices.ts'
import {
  answerOf,
  codeFor,
  credentials,
  form,
  type Given,
  granted,
  json,
  redeem,
  refresh,
  rowsOf,
  throughPages,
  token,
} from '../rfc/requests.ts'
import { anOwner, type Owner, openApplications, takeBack, textOf } from '../support/applications-page.ts'

/** How often the store was told of access since the test began to count. */
let notes = 0

function counting(store: Store): Store {
  const counted = (tenant: TenantStore): TenantStore => ({
    ...tenant,
    givenAccess: {
      ...tenant.givenAccess,
      note(access) {
        notes++
        return tenant.givenAccess.note(access)
      },
    },
  })
  return { ...store, forTenant: (id) => counted(store.forTenant(id)) }
}

const exampleGrant = 'https://example.com/grant-type/named'
const exchangeGrant = 'urn:ietf:params:oauth:grant-type:token-exchange'
const assertionGrant = 'urn:ietf:params:oauth:grant-type:jwt-bearer'

/** A grant of an extension: whoever asks is believed. */
const named = defineGrant({
  grantType: exampleGrant,
  clientAuth: 'confidential',
  params: { user: required() },
  rules: [],
  async decide({ user }, _client, call) {
    const owner = await livingUser(user as Owner['user']['id'], call)
    const api = await call.store.resourceServers.findByIdentifier('https://contacts.test/')
    return {
      subject: { kind: 'user', user: owner, authenticatedAt: call.now, idToken: {} },
      grantId: newGrantId(call),
      scope: ['read:contacts'],
      ...(api !== undefined && { api }),
      refreshToken: { kind: 'none' },
    }
  },
})

const server = await startTestServer({ store: counting(openSqlite()), extensions: [named] })
after(() => server.close())
const api = await server.anApi()
const audience = api.identifier
const scope = 'openid read:contacts'
const key = await clientKey('ES256')
const home = await server.aClient({ name: 'Home' })
const reader = await server.aClient({ name: 'Reader', resourceServerIdentifier: audience })
const [connection] = (await rowsOf(server).connections.list({ limit: 1 })).items
const tenant = await server.store.tenants.find('main' as TenantId)
assert.ok(connection && tenant)
await server.store.tenants.update({
  ...tenant,
  settings: { ...tenant.settings, defaultDirectory: connection.name },
})

async function isActive(accessToken: string | undefined): Promise<boolean> {
  const body = form({ ...credentials(reader), token: accessToken })
  const response = await server.fetch(`${server.issuer}oauth/introspect`, { method: 'POST', body })
  return (await json(response)).active === true
}

async function grantedBy(grantType: string, client: TestClient, given: Given): Promise<string> {
  const response = await token(server, { grant_type: grantType, ...credentials(client), audience, ...given })
  return (await granted(response)).access_token ?? ''
}

/** A client that may get tokens for users in this way, and nobody asks the users. */
async function aClientWith(grantType: string): Promise<TestClient> {
  const client = await server.aClient({
    name: 'Silent',
    grantTypes: [grantType],
    tokenExchange: { impersonation: true, delegation: false },
    resourceServerIdentifier: audience,
    trustedIssuers: [
      { issuer: 'https://idp.test', jwks: { keys: [key.publicJwk] }, algorithms: ['ES256'], subjects: 'all' },
    ],
  })
  await server.aClientGrant({ clientId: client.id, audience, scope: ['read:contacts'], subjectType: 'user' })
  return client
}

interface Way {
  readonly name: string
  readonly client: TestClient
  /** Gets an access token of the owner. */
  get(owner: Owner, client: TestClient): Promise<string | null | undefined>
}

const ways: readonly Way[] = [
  {
    name: 'a code',
    client: await server.aClient({ name: 'Silent' }),
    get: async (owner, client) => (await server.signIn({ ...owner, client, api, scope })).access_token,
  },
  {
    name: 'the front channel',
    client: await server.aClient({ name: 'Silent', grantTypes: ['implicit'] }),
    async get(owner, client) {
      const implicit = { response_type: 'token', code_challenge: undefined, code_challenge_method: undefined }
      const shown = await throughPages(server, { ...owner, client }, { ...implicit, audience, scope })
      return answerOf(shown).get('access_token')
    },
  },
  {
    name: 'a password',
    client: await aClientWith('password'),
    get: ({ user: { email, password } }, client) =>
      grantedBy('password', client, { username: email, password, scope }),
  },
  {
    name: 'an assertion',
    client: await aClientWith(assertionGrant),
    async get({ user }, client) {
      const [jti, exp] = [crypto.randomUUID(), server.now() + 60]
      const claims = { iss: 'https://idp.test', sub: user.id, aud: server.issuer, jti, exp }
      return grantedBy(assertionGrant, client, { assertion: await signedBy(key, claims) })
    },
  },
  {
    name: 'an exchange',
    client: await aClientWith(exchangeGrant),
    async get(owner, client) {
      const { access_token } = await server.signIn({ ...owner, client: home, api, scope })
      const subject_token_type = 'urn:ietf:params:oauth:token-type:access_token'
      return grantedBy(exchangeGrant, client, { subject_token: access_token, subject_token_type })
    },
  },
  {
    name: 'a device',
    client: await aDeviceClient(server, { name: 'Silent' }),
    async get(owner, client) {
      const codes = await codesFor(server, client, { scope, audience })
      const page = await toConsent(server, owner.browser, owner.user, codes.user_code)
      await owner.browser.allow(page)
      const { access_token } = await granted(await poll(server, client, codes.device_code))
      await rowsOf(server).consents.delete(owner.user.id, client.id, audience)
      return access_token
    },
  },
  {
    name: 'the grant of an extension',
    client: await aClientWith(exampleGrant),
    get: ({ user }, client) => grantedBy(exampleGrant, client, { user: user.id }),
  },
]

for (const [index, { name, client, get }] of ways.entries()) {
  test(`RFC 7009 §2.1: an owner who was not asked sees who got a token by ${name}, and ends it`, async () => {
    const owner = await anOwner(server, `way${index}@example.com`)
    const accessToken = (await get(owner, client)) ?? undefined
    assert.equal(await isActive(accessToken), true)
    const shown = textOf(await openApplications(server, owner))
    assert.match(shown, /Silent Contacts API .*read:contacts Allowed on January \d/)
    server.advance('1s')
    const left = await takeBack(server, owner, client.id)
    assert.equal(await isActive(accessToken), false)
    assert.equal(left.html.includes(`value="${client.id}"`), false)
  })
}

test('an application that may read the profile alone is listed too', async () => {
  const owner = await anOwner(server, 'profile@example.com')
  await server.signIn({ ...owner, client: home, scope: 'openid email' })
  const shown = textOf(await openApplications(server, owner))
  assert.match(shown, /Home Your profile .*email Allowed on .*Remove access of Home/)
})

test('an application that was told who the owner is, and got no access, is not listed', async () => {
  const owner = await anOwner(server, 'told@example.com')
  const client = await server.aClient({ name: 'Told', grantTypes: ['implicit'] })
  const given = { response_type: 'id_token', nonce: 'n', scope: 'openid email' }
  const shown = await throughPages(
    server,
    { ...owner, client },
    { ...given, code_challenge: undefined, code_challenge_method: undefined },
  )
  assert.ok(answerOf(shown).has('id_token'))
  assert.doesNotMatch(textOf(await openApplications(server, owner)), /Told/)
})

test('the session may end, the access is listed as long as its tokens live', async () => {
  const owner = await anOwner(server, 'outlives@example.com')
  const { access_token } = await server.signIn({ ...owner, client: home, api, scope })
  await owner.browser.open(`${server.issuer}v2/logout`)
  server.advance('86399s')
  assert.equal(await isActive(access_token), true)
  assert.match(textOf(await openApplications(server, owner)), /Remove access of Home/)
  server.advance('2d')
  assert.match(textOf(await openApplications(server, owner)), /No application has access/)
})

test('RFC 6749 §6: access that renews itself is listed until the last token of its family is over', async () => {
  const owner = await anOwner(server, 'renews@example.com')
  const lifetimes = { rotating: true, leewaySeconds: 0, lifetimeSeconds: 172_800 }
  const client = await server.aClient({ name: 'Renewing', refreshToken: lifetimes })
  const offline = { ...owner, client, api, scope: `${scope} offline_access` }
  const { refresh_token } = await server.signIn(offline)
  server.advance('172799s')
  const { access_token } = await granted(await refresh(server, client, refresh_token))
  server.advance('1h')
  await server.store.removeExpired(server.now(), 1000)
  assert.equal(await isActive(access_token), true)
  const shown = await openApplications(server, owner)
  assert.match(textOf(shown), /Remove access of Renewing/)
  server.advance('1s')
  await takeBack(server, owner, client.id)
  assert.equal(await isActive(access_token), false)
})

test('RFC 6749 §6: access that renews itself without end is listed without end', async () => {
  const owner = await anOwner(server, 'endless@example.com')
  const client = await server.aClient({
    name: 'Endless',
    refreshToken: { rotating: true, leewaySeconds: 0, idleLifetimeSeconds: 60 },
  })
  await server.signIn({ ...owner, client, api, scope: `${scope} offline_access` })
  server.advance('400d')
  assert.match(textOf(await openApplications(server, owner)), /Remove access of Endless/)
})

test('RFC 6749 §4.1.3, RFC 6749 §6: a code is redeemed and a token renewed without a note', async () => {
  const owner = await anOwner(server, 'hot@example.com')
  const given = { audience, scope: `${scope} offline_access` }
  const code = await codeFor(server, { ...owner, client: home }, given)
  notes = 0
  const { refresh_token } = await granted(await redeem(server, home, code))
  await granted(await refresh(server, home, refresh_token))
  assert.equal(notes, 0)
})

test('RFC 6749 §4.4: a client that acts for itself concerns no owner', async () => {
  const client = await server.aClient({ name: 'Machine' })
  await server.aClientGrant({ clientId: client.id, audience, scope: ['read:contacts'] })
  notes = 0
  await grantedBy('client_credentials', client, {})
  assert.equal(notes, 0)
})
