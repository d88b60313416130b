import assert from 'node:assert/strict'
import { test } from 'node:test'
import { StoreUnavailable } from '../../src/domain/store.ts'
import { openSqlite } from '../../src/stores/sqlite/sqlite.ts'
import { startTestServer } from '../../src/testkit/testkit.ts'
import { engines } from '../support/engines.ts'
import { assertionClaims, clientKey, jwtBearer, signedBy } from './client-keys.ts'
import { authorizationParameters, credentials, form, json, token } from './requests.ts'

for (const { name, start } of engines) {
  test(`RFC 7523 §3: of 50 requests with one assertion one is heard, on ${name}`, async (t) => {
    const server = await start()
    t.after(() => server.close())
    const key = await clientKey('ES256')
    const api = await server.anApi()
    const client = await server.aClient({
      tokenEndpointAuthMethod: 'private_key_jwt',
      jwks: { keys: [key.publicJwk] },
    })
    await server.aClientGrant({ clientId: client.id, audience: api.identifier, scope: [] })
    const request = {
      grant_type: 'client_credentials',
      audience: api.identifier,
      client_assertion: await signedBy(key, assertionClaims(server, client.id)),
      client_assertion_type: jwtBearer,
    }
    const responses = await Promise.all(Array.from({ length: 50 }, () => token(server, request)))
    assert.deepEqual(
      [200, 401].map((status) => responses.filter((response) => response.status === status).length),
      [1, 49],
    )
  })

  test(`RFC 9126 §4: of 50 browsers that finish one pushed request one gets a code, on ${name}`, async (t) => {
    const server = await start()
    t.after(() => server.close())
    const client = await server.aClient()
    const user = await server.aUser()
    const body = authorizationParameters(client, credentials(client))
    const pushed = await server.fetch(`${server.issuer}oauth/par`, { method: 'POST', body })
    const { request_uri } = await json(pushed)
    // Every browser is logged in already, so that loading the page finishes the request.
    const first = server.browser()
    const page = await first.open(`${server.issuer}authorize?${authorizationParameters(client)}`)
    await first.logIn(page, user)
    const cookie = [...first.cookies].map(([key, value]) => `${key}=${value}`).join('; ')
    const url = `${server.issuer}authorize?${form({ client_id: client.id, request_uri: String(request_uri) })}`
    const responses = await Promise.all(
      Array.from({ length: 50 }, () => server.fetch(url, { redirect: 'manual', headers: { cookie } })),
    )
    const locations = responses.map((response) => response.headers.get('location') ?? '')
    assert.equal(locations.filter((location) => location.includes('code=')).length, 1)
    // The others were too late before their page, which has no destination, or after it, when its request has one.
    const told = locations.filter((location) => location.includes('error=invalid_request_uri'))
    assert.equal(told.length + responses.filter(({ status }) => status === 400).length, 49)
  })
}

test('RFC 6749 §5.2: a store that does not answer is never invalid_client', async (t) => {
  const store = openSqlite({})
  let down = false
  const server = await startTestServer({
    store: {
      ...store,
      forTenant(id) {
        const tenant = store.forTenant(id)
        const artifacts: typeof tenant.artifacts = {
          ...tenant.artifacts,
          async put(...given) {
            if (down) throw new StoreUnavailable(new Error('down'))
            return tenant.artifacts.put(...given)
          },
        }
        return { ...tenant, artifacts }
      },
    },
  })
  t.after(() => server.close())
  const key = await clientKey('ES256')
  const client = await server.aClient({
    tokenEndpointAuthMethod: 'private_key_jwt',
    jwks: { keys: [key.publicJwk] },
  })
  down = true
  const response = await token(server, {
    grant_type: 'client_credentials',
    client_assertion: await signedBy(key, assertionClaims(server, client.id)),
    client_assertion_type: jwtBearer,
  })
  const body = await json(response)
  assert.deepEqual([response.status, body.error], [503, 'temporarily_unavailable'])
})
