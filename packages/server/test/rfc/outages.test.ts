// Every endpoint × every verb of the store that it uses: a database that does not answer says nothing about a client, a
// grant or a token, and no client may give up what it holds because of it.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { openSqlite } from '../../src/stores/sqlite/sqlite.ts'
import { startTestServer } from '../../src/testkit/testkit.ts'
import { faultyStore } from '../support/faulty-store.ts'
import { assertionClaims, clientKey, jwtBearer, signedBy } from './client-keys.ts'
import { approve, codesFor, deviceGrantType, poll, requestCodes } from './devices.ts'
import { allowRegistration, callback, openToAll, register, registered } from './registrations.ts'
import {
  authorizationParameters,
  authorizationUrl,
  codeFor,
  credentials,
  form,
  granted,
  redeem,
  refresh,
  throughPages,
  token,
  userInfo,
} from './requests.ts'

const faulty = faultyStore(openSqlite())
const server = await startTestServer({
  store: faulty.store,
  settings: { attackProtection: { registrationsPerAddress: 1000 } },
})
after(() => server.close())
await allowRegistration(server, openToAll)
const [tenant] = (await server.store.tenants.list({ limit: 1 })).items
assert.ok(tenant)
const defaultDirectory = (await server.store.forTenant(tenant.id).connections.list({ limit: 1 })).items[0]
  ?.name
assert.ok(defaultDirectory)
const settings = { ...tenant.settings, allowTokenInfo: true, defaultDirectory }
await server.store.tenants.update({ ...tenant, settings })

const exchangeType = 'urn:ietf:params:oauth:grant-type:token-exchange'
const assertionType = 'urn:ietf:params:oauth:grant-type:jwt-bearer'
const key = await clientKey('ES256')
const jwks = { keys: [key.publicJwk] }
const issuer = 'https://idp.test'
const user = await server.aUser()
const api = await server.anApi()
const client = await server.aClient({
  grantTypes: [
    'authorization_code',
    'refresh_token',
    'client_credentials',
    'password',
    deviceGrantType,
  ].concat(exchangeType, assertionType),
  tokenExchange: { impersonation: true, delegation: true },
  resourceServerIdentifier: api.identifier,
  trustedIssuers: [{ issuer, jwks, algorithms: ['ES256'], subjects: 'all' }],
})
const keyed = await server.aClient({ tokenEndpointAuthMethod: 'private_key_jwt', jwks })
for (const { id } of [client, keyed])
  for (const subjectType of ['user', 'client'] as const)
    await server.aClientGrant({
      clientId: id,
      audience: api.identifier,
      scope: ['read:contacts'],
      subjectType,
    })
// Logged in once, so that codes need no page.
const browser = server.browser()
await throughPages(server, { client, user, browser }, { scope: 'openid offline_access' })

const scope = 'openid offline_access'
const opaque = { client, user, browser }

async function tokens(): Promise<Record<string, string>> {
  return granted(await redeem(server, client, await codeFor(server, opaque, { scope })))
}

function post(path: string, given: Parameters<typeof form>[0]): Promise<Response> {
  return server.fetch(`${server.issuer}${path}`, { method: 'POST', body: form(given) })
}

function credentialsByKey(assertion: string) {
  return { client_assertion: assertion, client_assertion_type: jwtBearer }
}

interface Row {
  readonly name: string
  /** What has to be there before; answers the request. */
  prepare(): Promise<() => Promise<Response>>
}

const rows: readonly Row[] = [
  {
    name: 'a code',
    async prepare() {
      const code = await codeFor(server, opaque, { scope })
      return () => redeem(server, client, code)
    },
  },
  {
    name: 'a refresh token',
    async prepare() {
      const { refresh_token } = await tokens()
      return () => refresh(server, client, refresh_token)
    },
  },
  {
    name: 'a client for itself',
    async prepare() {
      const grant = { grant_type: 'client_credentials', audience: api.identifier }
      return () => token(server, { ...grant, ...credentials(client) })
    },
  },
  {
    name: 'a client with a key',
    async prepare() {
      const assertion = await signedBy(key, assertionClaims(server, keyed.id))
      const grant = { grant_type: 'client_credentials', audience: api.identifier }
      return () => token(server, { ...grant, ...credentialsByKey(assertion) })
    },
  },
  {
    name: 'a password',
    async prepare() {
      const { email, password } = user
      const grant = { grant_type: 'password', username: email, password, audience: api.identifier, scope }
      return () => token(server, { ...grant, ...credentials(client) })
    },
  },
  {
    name: 'a device code',
    async prepare() {
      const { device_code, user_code } = await codesFor(server, client)
      await approve(server, user, user_code)
      return () => poll(server, client, device_code)
    },
  },
  {
    name: 'an assertion about a user',
    async prepare() {
      const times = { iat: server.now(), exp: server.now() + 60 }
      const about = { iss: issuer, sub: user.id, aud: server.issuer, jti: crypto.randomUUID(), ...times }
      const assertion = await signedBy(key, about)
      const grant = { grant_type: assertionType, assertion, audience: api.identifier }
      return () => token(server, { ...grant, ...credentials(client) })
    },
  },
  {
    name: 'a token for another',
    async prepare() {
      const given = { scope: 'openid read:contacts', audience: api.identifier }
      const code = await codeFor(server, opaque, given)
      const { access_token } = await granted(await redeem(server, client, code))
      const subject = {
        subject_token: access_token,
        subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      }
      const grant = { grant_type: exchangeType, ...subject, audience: api.identifier }
      return () => token(server, { ...grant, ...credentials(client) })
    },
  },
  {
    name: 'a pushed request',
    async prepare() {
      const parameters = Object.fromEntries(authorizationParameters(client))
      return () => post('oauth/par', { ...parameters, ...credentials(client) })
    },
  },
  { name: 'a request of a device', prepare: async () => () => requestCodes(server, client) },
  {
    name: 'introspection of an access token',
    async prepare() {
      const { access_token } = await tokens()
      return () => post('oauth/introspect', { ...credentials(client), token: access_token })
    },
  },
  {
    name: 'introspection of a refresh token',
    async prepare() {
      const { refresh_token } = await tokens()
      return () => post('oauth/introspect', { ...credentials(client), token: refresh_token })
    },
  },
  {
    name: 'revocation of an access token',
    async prepare() {
      const { access_token } = await tokens()
      return () => post('oauth/revoke', { ...credentials(client), token: access_token })
    },
  },
  {
    name: 'revocation of a refresh token',
    async prepare() {
      const { refresh_token } = await tokens()
      return () => post('oauth/revoke', { ...credentials(client), token: refresh_token })
    },
  },
  {
    name: 'UserInfo',
    async prepare() {
      const { access_token = '' } = await tokens()
      return () => userInfo(server, access_token)
    },
  },
  {
    name: 'what an ID token says',
    async prepare() {
      const { id_token } = await tokens()
      return () => post('tokeninfo', { id_token })
    },
  },
  {
    name: 'a registration',
    prepare: async () => () => register(server, { redirect_uris: [callback] }),
  },
  {
    name: 'a registration that is read',
    async prepare() {
      const { registration_client_uri, registration_access_token } = await registered(server)
      const headers = { authorization: `Bearer ${registration_access_token}` }
      return () => server.fetch(registration_client_uri, { headers })
    },
  },
]

for (const { name, prepare } of rows)
  test(`RFC 6749 §5.2: a store that does not answer decides nothing: ${name}`, async (t) => {
    const request = await prepare()
    const verbs = await faulty.verbsOf(async () => {
      const response = await request()
      assert.ok(response.ok, await response.text())
    })
    assert.ok(verbs.length > 1)
    for (const verb of verbs)
      await t.test(verb, async () => {
        const again = await prepare()
        const response = await faulty.without(verb, again)
        const body: Record<string, unknown> = JSON.parse(await response.text())
        assert.deepEqual([response.status, body.error], [503, 'temporarily_unavailable'])
        assert.equal('active' in body, false)
      })
  })

test('RFC 6749 §4.1.2.1: a store that does not answer decides nothing: an authorization request', async (t) => {
  const ask = () => browser.open(authorizationUrl(server, client, { scope }))
  const verbs = await faulty.verbsOf(ask)
  assert.ok(verbs.includes('clients.find') && verbs.includes('sessions.find'))
  for (const verb of verbs)
    await t.test(verb, async () => {
      const shown = await faulty.without(verb, ask)
      assert.deepEqual([shown.status, shown.leftTo], [503, undefined])
    })
})
