// Whom a client assertion may be made out to, at every endpoint that clients authenticate to.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { defineEndpoint } from '../../src/oauth/endpoints/endpoint.ts'
import { startTestServer } from '../../src/testkit/testkit.ts'
import { assertionClaims, clientKey, jwtBearer, signedBy } from './client-keys.ts'
import { assertJsonRefusal, authorizationParameters, form, type Given } from './requests.ts'

const greeting = defineEndpoint({
  path: 'oauth/greeting',
  params: {},
  rules: [],
  metadata: () => ({}),
  handle: async () => ({ kind: 'json', body: { hello: 'client' } }),
})
const server = await startTestServer({ extensions: [greeting] })
after(() => server.close())
const key = await clientKey('ES256')
const api = await server.anApi()
const machine = await server.aClient({
  tokenEndpointAuthMethod: 'private_key_jwt',
  jwks: { keys: [key.publicJwk] },
  grantTypes: ['authorization_code', 'client_credentials', 'urn:ietf:params:oauth:grant-type:device_code'],
})
await server.aClientGrant({ clientId: machine.id, audience: api.identifier, scope: ['read:contacts'] })

const endpoints: readonly { readonly path: string; readonly request: Given }[] = [
  { path: 'oauth/token', request: { grant_type: 'client_credentials', audience: api.identifier } },
  { path: 'oauth/par', request: Object.fromEntries(authorizationParameters(machine)) },
  { path: 'oauth/introspect', request: { token: 'unknown' } },
  { path: 'oauth/revoke', request: { token: 'unknown' } },
  { path: 'oauth/device/code', request: { scope: 'openid' } },
  { path: 'oauth/greeting', request: {} },
]

async function ask(path: string, request: Given, aud: unknown): Promise<Response> {
  const client_assertion = await signedBy(key, { ...assertionClaims(server, machine.id), aud })
  const body = form({ ...request, client_assertion, client_assertion_type: jwtBearer })
  return server.fetch(`${server.issuer}${path}`, { method: 'POST', body })
}

const refusal = { status: 401, error: 'invalid_client', rule: 'client_assertion.audience' }

for (const { path, request } of endpoints) {
  const at = (name: string) => `${server.issuer}${name}`

  test(`RFC 7523 §3, RFC 9126 §2: ${path} takes what is made out to the issuer, the token endpoint or itself`, async (t) => {
    for (const aud of [
      server.issuer,
      [server.issuer],
      at('oauth/token'),
      [at('oauth/token')],
      at(path),
      [at(path)],
    ])
      await t.test(JSON.stringify(aud), async () => {
        const response = await ask(path, request, aud)
        assert.ok(response.ok, await response.text())
      })
  })

  test(`RFC 7523 §3: ${path} refuses what is made out to anybody else`, async (t) => {
    const elsewhere = endpoints.filter((other) => other.path !== path && other.path !== 'oauth/token')
    const rows = [
      ...elsewhere.map((other) => ({ name: other.path, aud: at(other.path) })),
      { name: 'an endpoint that does not exist', aud: at('oauth/nothing') },
      { name: 'none', aud: undefined },
      { name: 'another server', aud: `https://other.test/${path}` },
      { name: 'the issuer without its slash', aud: server.issuer.slice(0, -1) },
      { name: 'the endpoint with a slash', aud: `${at(path)}/` },
      { name: 'us and another server', aud: [server.issuer, 'https://other.test/'] },
      { name: 'two names of us', aud: [server.issuer, at(path)] },
      { name: 'an empty array', aud: [] },
      { name: 'an array in an array', aud: [[server.issuer]] },
    ]
    for (const { name, aud } of rows)
      await t.test(name, async () => assertJsonRefusal(server, await ask(path, request, aud), refusal))
  })
}
