// What the conformance suite of OpenID stumbles over before it comes to any protocol.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { clientSecretPurpose } from '../../src/domain/client.ts'
import type { ClientId, TenantId } from '../../src/domain/ids.ts'
import { rule } from '../../src/oauth/rule.ts'
import { startTestServer } from '../../src/testkit/testkit.ts'
import { serverOnLoopback } from '../clients/scene.ts'
import {
  answerOf,
  authorizationUrl,
  basic,
  claimsOf,
  codeFor,
  granted,
  json,
  pageOf,
  redeem,
  throughPages,
  token,
} from '../rfc/requests.ts'
import { masterKeyText, openSealer } from './sealing.ts'

const server = await startTestServer({ settings: { masterKey: masterKeyText } })
after(() => server.close())
const client = await server.aClient()
const user = await server.aUser()

test('RFC 9110 §4.1: an address of 32 KiB and more is read to its end', async (t) => {
  const listening = await serverOnLoopback(t)
  const asking = await listening.aClient()
  const claims = JSON.stringify({ userinfo: { ['x'.repeat(32_700)]: null } })
  const url = authorizationUrl(listening, asking, { prompt: 'none', claims })
  const response = await fetch(url, { redirect: 'manual' })
  const location = new URL(response.headers.get('location') ?? '')
  assert.equal(location.searchParams.get('error'), 'login_required')
})

test('RFC 6749 §2.3.1: a secret of any characters survives the header and the body', async () => {
  const secret = `a+b/c=d%e:f&g "h' ~ü${'x'.repeat(40)}`
  const id = 'any-characters' as ClientId
  const sealed = openSealer().seal(secret, clientSecretPurpose(id))
  const api = await server.anApi({ subjectTypeAuthorization: { user: 'allow_all', client: 'allow_all' } })
  const machine = await server.aClient({ id, secrets: [sealed] })
  const request = { grant_type: 'client_credentials', audience: api.identifier }
  const inBody = { client_id: machine.id, client_secret: secret }
  assert.equal((await token(server, { ...request, ...inBody })).status, 200)
  assert.equal((await token(server, request, basic(machine.id, secret))).status, 200)
})

test('RFC 6749 §10.1: a sealed secret that is moved to another client opens for nobody', async () => {
  const [mine, yours] = [await server.aClient(), await server.aClient()]
  const rows = server.store.forTenant('main' as TenantId).clients
  assert.equal((await rows.update({ ...(await stored(yours.id)), secrets: mine.secrets })).kind, 'updated')
  const request = { grant_type: 'client_credentials', client_id: yours.id, client_secret: mine.secret }
  assert.notEqual((await token(server, request)).status, 200)
  assert.ok(
    !server.log.some(({ event, fields }) => event === 'token.issued' && fields.client_id === yours.id),
  )

  async function stored(clientId: ClientId) {
    return (await rows.find(clientId)) ?? assert.fail('the client is gone')
  }
})

test('RFC 6749 §5.2: a rule whose description could not be sent stops the boot', () => {
  const given = { id: 'x.y', clause: 'RFC 0 §0', error: 'invalid_request' } as const
  for (const description of ['with "quotes"', 'with \\', 'with ü', 'with\ttab', ''])
    assert.throws(() => rule({ ...given, description }), /RFC 6749 §5.2 forbids a character/)
})

test('RFC 6749 §10.10: opaque access tokens and refresh tokens carry 256 bits', async () => {
  const code = await codeFor(server, { client, user }, { scope: 'openid offline_access' })
  const tokens = await granted(await redeem(server, client, code))
  assert.match(tokens.access_token ?? '', /^[\w-]{43}$/)
  assert.match(tokens.refresh_token ?? '', /^[\w-]{22}\.[\w-]{43}$/)
})

test('OpenID Connect Registration §2: default_max_age counts where the request names none', async () => {
  const strict = await server.aClient({ defaultMaxAgeSeconds: 60, requireAuthTime: true })
  const browser = server.browser()
  const owner = { client: strict, user, browser }
  await throughPages(server, owner)
  server.advance('59s')
  const shown = await browser.open(authorizationUrl(server, strict))
  const tokens = await granted(await redeem(server, strict, answerOf(shown).get('code') ?? ''))
  assert.equal(claimsOf(tokens.id_token).auth_time, server.now() - 59)
  server.advance('2s')
  assert.equal(pageOf(await browser.open(authorizationUrl(server, strict))), '/u/login')
  const patient = await browser.open(authorizationUrl(server, strict, { max_age: '3600' }))
  assert.ok(answerOf(patient).get('code'), 'a longer one in the request counts')
})

test('OpenID Connect Registration §2: the login page shows the logo, the policy and the terms of the client', async () => {
  const shown = await server.browser().open(
    authorizationUrl(
      server,
      await server.aClient({
        logoUri: 'https://app.test/logo.png',
        policyUri: 'https://app.test/policy',
        tosUri: 'https://app.test/terms',
      }),
    ),
  )
  assert.match(shown.html, /<img[^>]* src="https:\/\/app\.test\/logo\.png"/)
  assert.match(shown.html, /<a href="https:\/\/app\.test\/policy"/)
  assert.match(shown.html, /<a href="https:\/\/app\.test\/terms"/)
})

test('RFC 9700 §4.1: a confidential OpenID client may do without PKCE, state and nonce', async () => {
  const given = {
    code_challenge: undefined,
    code_challenge_method: undefined,
    state: undefined,
    nonce: undefined,
  }
  const answer = answerOf(await throughPages(server, { client, user }, given))
  assert.equal(answer.has('state'), false)
  const response = await redeem(server, client, answer.get('code') ?? '', { code_verifier: undefined })
  const tokens = await granted(response)
  assert.equal('nonce' in claimsOf(tokens.id_token), false)
})

// The registries of RFC 8414 §7.1.2 and OpenID Connect Discovery §3, as far as a server like this one could use them.
const registered =
  `issuer authorization_endpoint token_endpoint jwks_uri registration_endpoint scopes_supported
  response_types_supported response_modes_supported grant_types_supported token_endpoint_auth_methods_supported
  token_endpoint_auth_signing_alg_values_supported service_documentation ui_locales_supported op_policy_uri op_tos_uri
  revocation_endpoint revocation_endpoint_auth_methods_supported revocation_endpoint_auth_signing_alg_values_supported
  introspection_endpoint introspection_endpoint_auth_methods_supported
  introspection_endpoint_auth_signing_alg_values_supported code_challenge_methods_supported signed_metadata
  device_authorization_endpoint tls_client_certificate_bound_access_tokens mtls_endpoint_aliases
  introspection_signing_alg_values_supported introspection_encryption_alg_values_supported
  introspection_encryption_enc_values_supported authorization_response_iss_parameter_supported
  authorization_signing_alg_values_supported pushed_authorization_request_endpoint
  require_pushed_authorization_requests userinfo_endpoint acr_values_supported subject_types_supported
  id_token_signing_alg_values_supported id_token_encryption_alg_values_supported
  id_token_encryption_enc_values_supported userinfo_signing_alg_values_supported
  userinfo_encryption_alg_values_supported userinfo_encryption_enc_values_supported
  request_object_signing_alg_values_supported request_object_encryption_alg_values_supported
  request_object_encryption_enc_values_supported display_values_supported claim_types_supported claims_supported
  claims_locales_supported claims_parameter_supported request_parameter_supported request_uri_parameter_supported
  require_request_uri_registration require_signed_request_object authorization_details_types_supported
  dpop_signing_alg_values_supported client_registration_types_supported check_session_iframe end_session_endpoint
  frontchannel_logout_supported frontchannel_logout_session_supported backchannel_logout_supported
  backchannel_logout_session_supported prompt_values_supported backchannel_authentication_endpoint
  backchannel_token_delivery_modes_supported backchannel_user_code_parameter_supported
  client_id_metadata_document_supported`.split(/\s+/)

test('OpenID Connect Discovery §3: every member of the metadata is a registered one, with the type of its kind', async () => {
  const metadata = await json(await server.fetch(`${server.issuer}.well-known/openid-configuration`))
  for (const [name, value] of Object.entries(metadata)) {
    assert.ok(registered.includes(name), name)
    if (/_(endpoint|uri|iframe)$/.test(name)) assert.match(String(value), /^https:\/\//, name)
    else if (Array.isArray(value)) {
      assert.ok(value.length > 0, name)
      assert.equal(new Set(value).size, value.length, `${name} names nothing twice`)
      assert.ok(
        value.every((item) => typeof item === 'string' && item !== ''),
        name,
      )
    } else if (name !== 'issuer') assert.equal(typeof value, 'boolean', name)
  }
})

test('OpenID Connect Discovery §3: what the suite wants to see is announced', async () => {
  const metadata = await json(await server.fetch(`${server.issuer}.well-known/openid-configuration`))
  const lists: Readonly<Record<string, readonly string[]>> = {
    response_types_supported: [
      'code',
      'id_token',
      'id_token token',
      'code id_token',
      'code token',
      'code id_token token',
    ],
    grant_types_supported: ['authorization_code', 'implicit', 'refresh_token'],
    subject_types_supported: ['public', 'pairwise'],
    userinfo_signing_alg_values_supported: ['RS256'],
    request_object_signing_alg_values_supported: ['RS256'],
    claims_supported: ['sub', 'name', 'email', 'address', 'phone_number', 'auth_time', 'acr'],
    code_challenge_methods_supported: ['S256'],
  }
  for (const [name, wanted] of Object.entries(lists)) {
    const announced = metadata[name]
    assert.ok(Array.isArray(announced), name)
    assert.deepEqual(
      wanted.filter((item) => !announced.includes(item)),
      [],
      name,
    )
  }
  for (const name of ['id_token_signing_alg_values_supported', 'request_object_signing_alg_values_supported'])
    assert.equal(JSON.stringify(metadata[name]).includes('none'), false, name)
})
