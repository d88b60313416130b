// What of Auth0's members has no effect here is said: as a mistake when it switches something on, else as a warning.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseTenantFile, pathText } from '@valetkey/api'

const told = (document: unknown) => {
  const { mistakes, warnings } = parseTenantFile(document)
  const text = ({ path, message }: (typeof mistakes)[number]) => `${pathText(path)}: ${message}`
  return { mistakes: mistakes.map(text), warnings: warnings.map(text) }
}
const aClient = (members: object) => ({ clients: [{ name: 'Web', ...members }] })

test('what is decided otherwise here is a warning', () => {
  const { mistakes, warnings } = told({
    tenant: {
      sessions: { oidc_logout_prompt_enabled: false },
      oidc_logout: { rp_logout_end_session_endpoint_discovery: false },
      enabled_locales: ['en'],
    },
  })
  assert.deepEqual(mistakes, [])
  assert.deepEqual(warnings, [
    'tenant.sessions.oidc_logout_prompt_enabled: has no effect: people are asked unless the request proves whose logout it is',
    'tenant.oidc_logout.rp_logout_end_session_endpoint_discovery: has no effect: discovery always names the endpoint',
    'tenant.enabled_locales: has no effect: pages speak each language that they have, as the browser asks',
  ])
})

test('what is so anyway is accepted in silence', () => {
  const document = {
    tenant: {
      sessions: { oidc_logout_prompt_enabled: true },
      oidc_logout: { rp_logout_end_session_endpoint_discovery: true },
      enabled_locales: [],
      pushed_authorization_requests_supported: true,
    },
    clients: [{ name: 'Web', signed_request_object: { required: false, credentials: [] } }],
  }
  assert.deepEqual(told(document), { mistakes: [], warnings: [] })
})

test('a refusal names the member that this server has instead', async (t) => {
  const rows = [
    {
      name: 'credentials for authentication',
      document: aClient({
        client_authentication_methods: { private_key_jwt: { credentials: [{ id: 'x' }] } },
      }),
      mistake:
        'clients[0].client_authentication_methods: is not supported by this version; set token_endpoint_auth_method, and the keys in jwks_uri or valetkey.jwks',
    },
    {
      name: 'credentials for request objects',
      document: aClient({ signed_request_object: { required: true, credentials: [{ id: 'x' }] } }),
      mistake:
        'clients[0].signed_request_object.credentials: is not supported by this version; set jwks_uri or valetkey.jwks',
    },
    {
      name: 'token exchange',
      document: aClient({ token_exchange: { allow_any_profile_of_type: ['custom_authentication'] } }),
      mistake: 'clients[0].token_exchange: is not supported by this version; set valetkey.token_exchange',
    },
    {
      name: 'authentication contexts',
      document: { tenant: { acr_values_supported: ['a'] } },
      mistake: 'tenant.acr_values_supported: is not supported by this version; set valetkey.acr_values',
    },
    {
      name: 'branding',
      document: { branding: { colors: { primary: '#000000' } } },
      mistake:
        'branding: is not supported by this version; set tenant.valetkey.colors and tenant.picture_url',
    },
    {
      name: 'an inner member that is switched on',
      document: { tenant: { sessions: { something_new: true } } },
      mistake: 'tenant.sessions.something_new: is not supported by this version; remove it',
    },
  ]
  for (const { name, document, mistake } of rows)
    await t.test(name, () => assert.deepEqual(told(document), { mistakes: [mistake], warnings: [] }))
})

test('a member in the wrong place learns the right one', () => {
  const { mistakes } = told(
    aClient({ default_max_age: 60, valetkey: { jwks_uri: 'https://a.example/', nothing: 1 } }),
  )
  assert.deepEqual(mistakes, [
    'clients[0].valetkey.jwks_uri: stands beside valetkey, not in it',
    'clients[0].valetkey.nothing: is no known member',
    'clients[0].default_max_age: stands under valetkey',
  ])
})
