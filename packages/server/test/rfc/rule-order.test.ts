// The golden file endpoint-rules.txt says in which order rules are checked; here requests with two faults hold it to that.
import { after, test } from 'node:test'
import { startTestServer, type TestClient } from '../../src/testkit/testkit.ts'
import { assertionClaims, clientKey, jwtBearer, signedBy } from './client-keys.ts'
import { type Change, earlierRuleAnswers, type Fault, ruleOrder } from './faults.ts'
import { authorize, basic, codeFor, credentials, type Given, token, verifier } from './requests.ts'

const server = await startTestServer()
after(() => server.close())
const realmType = 'http://auth0.com/oauth/grant-type/password-realm'
const user = await server.aUser()
const api = await server.anApi()
const closed = await server.anApi({
  identifier: 'https://closed.test/',
  subjectTypeAuthorization: { user: 'deny_all', client: 'require_client_grant' },
})
const grantTypes = ['authorization_code', 'refresh_token', 'client_credentials', realmType]
const client = await server.aClient({ grantTypes })
await server.aClientGrant({ clientId: client.id, audience: api.identifier, scope: ['read:contacts'] })
const rival = await server.aClient({ grantTypes })
const idle = await server.aClient({ grantTypes: [] })
const open = await server.aClient({ grantTypes, tokenEndpointAuthMethod: 'none' })

const tokenRules = (grantType: string) => [
  ...ruleOrder('body', 'every endpoint', 'oauth/token before authentication', 'client authentication'),
  ...ruleOrder('oauth/token', `grant ${grantType}`, 'token policy'),
]

/** Sends a token request that passes but for the change. */
function ask(passing: Given, { given, headers, as = client }: Change): Promise<Response> {
  return token(server, { ...credentials(as), ...passing, ...given }, headers)
}

const ofRequest: readonly Fault[] = [
  { rule: 'body.content_type', headers: { 'content-type': 'text/plain' } },
  { rule: 'parameter.repeated', given: { grant_type: ['a', 'b'] } },
  { rule: 'token.grant_type_unsupported', given: { grant_type: 'urn:unknown' } },
]
// The same in front of every grant.
const beforeGrants: readonly Fault[] = [
  ...ofRequest,
  { rule: 'client_auth.two_methods', headers: basic(client.id, client.secret) },
  { rule: 'client_auth.wrong_proof', given: { client_secret: 'wrong' } },
  { rule: 'token.grant_type_not_allowed', as: idle },
]
const target: readonly Fault[] = [
  { rule: 'scope.malformed', given: { scope: 'a"b' } },
  { rule: 'target.resource_malformed', given: { resource: 'relative' } },
  { rule: 'target.audience_unknown', given: { audience: 'https://unknown.test/' } },
]

test('RFC 6749 §5.2: of two faults of a client for itself the earlier rule answers', async (t) => {
  const passing = { grant_type: 'client_credentials', audience: api.identifier }
  await earlierRuleAnswers(t, {
    server,
    order: tokenRules('client_credentials'),
    send: (change) => ask(passing, change),
    faults: [
      ...beforeGrants,
      ...target,
      { rule: 'client_credentials.no_audience', given: { audience: undefined } },
      { rule: 'client_credentials.no_client_grant', as: rival },
    ],
  })
  // Apart from the others: a public client has no secret that could be wrong.
  await earlierRuleAnswers(t, {
    server,
    order: tokenRules('client_credentials'),
    send: (change) => ask(passing, change),
    faults: [...ofRequest, { rule: 'token.public_client', as: open }, ...target],
  })
})

test('RFC 6749 §5.2: of two faults of a request with a password the earlier rule answers', async (t) => {
  const passing = {
    grant_type: realmType,
    username: user.email,
    password: user.password,
    realm: 'Username-Password-Authentication',
    audience: api.identifier,
  }
  await earlierRuleAnswers(t, {
    server,
    order: tokenRules(realmType),
    send: (change) => ask(passing, change),
    faults: [
      ...beforeGrants,
      ...target,
      { rule: 'target.client_not_authorized', given: { audience: closed.identifier } },
      { rule: 'password.connection_unknown', given: { realm: 'unknown' } },
      { rule: 'password.wrong', given: { username: 'nobody@example.com' } },
    ],
  })
})

test('RFC 6749 §5.2: of two faults of a request with a code the earlier rule answers', async (t) => {
  // Refusals do not use it up.
  const code = await codeFor(server, { client, user })
  const passing = {
    grant_type: 'authorization_code',
    code,
    redirect_uri: client.redirectUris[0],
    code_verifier: verifier,
  }
  await earlierRuleAnswers(t, {
    server,
    order: tokenRules('authorization_code'),
    send: (change) => ask(passing, change),
    faults: [
      ...beforeGrants,
      { rule: 'code.unknown', given: { code: 'unknown' } },
      { rule: 'code.other_client', as: rival },
      { rule: 'code.redirect_uri_differs', given: { redirect_uri: 'https://app.test/other' } },
      { rule: 'pkce.verifier_missing', given: { code_verifier: undefined } },
      { rule: 'pkce.verifier_wrong', given: { code_verifier: 'a'.repeat(43) } },
      { rule: 'code.other_resource', given: { resource: api.identifier } },
    ],
  })
})

test('RFC 6749 §5.2: of two faults of a refresh the earlier rule answers', async (t) => {
  const { refresh_token } = await server.signIn({ client, user, scope: 'openid offline_access' })
  await earlierRuleAnswers(t, {
    server,
    order: tokenRules('refresh_token'),
    send: (change) => ask({ grant_type: 'refresh_token', refresh_token }, change),
    faults: [
      ...beforeGrants,
      { rule: 'refresh.unknown', given: { refresh_token: 'unknown' } },
      { rule: 'refresh.other_client', as: rival },
      { rule: 'scope.malformed', given: { scope: 'a"b' } },
      { rule: 'refresh.scope_not_granted', given: { scope: 'admin' } },
      { rule: 'refresh.other_audience', given: { audience: api.identifier } },
    ],
  })
})

test('RFC 7523 §3: of two faults of a client assertion the earlier rule answers', async (t) => {
  const key = await clientKey('ES256')
  const stranger = await clientKey('ES256', key.kid)
  const keyed = await aKeyed({ tokenEndpointAuthMethod: 'private_key_jwt', jwks: { keys: [key.publicJwk] } })
  const secret = await aKeyed({})
  const now = server.now()
  const passing = {
    grant_type: 'client_credentials',
    audience: api.identifier,
    client_assertion_type: jwtBearer,
  }
  await earlierRuleAnswers(t, {
    server,
    order: tokenRules('client_credentials'),
    async send({ given, headers, claims, header, as = keyed }) {
      const signer = header !== undefined && 'stranger' in header ? stranger : key
      const client_assertion = await signedBy(
        signer,
        { ...assertionClaims(server, as.id), ...claims },
        {
          ...header,
          stranger: undefined,
        },
      )
      await token(server, { ...passing, client_assertion, ...given }, headers)
    },
    faults: [
      { rule: 'parameter.repeated', given: { grant_type: ['a', 'b'] } },
      { rule: 'client_assertion.type_unsupported', given: { client_assertion_type: 'urn:unknown' } },
      { rule: 'client_assertion.malformed', claims: { iss: 'another' } },
      { rule: 'client_auth.basic_malformed', headers: { authorization: 'Basic !' } },
      { rule: 'client_auth.two_methods', headers: basic(keyed.id, 'secret') },
      { rule: 'client_auth.two_clients', given: { client_id: client.id } },
      { rule: 'client_auth.unknown_client', claims: { iss: 'nobody', sub: 'nobody' } },
      { rule: 'client_auth.wrong_method', as: secret },
      { rule: 'client_assertion.key_unknown', header: { kid: 'unknown' } },
      { rule: 'client_assertion.signature', header: { stranger: true } },
      { rule: 'client_assertion.audience', claims: { aud: 'https://other.test/' } },
      { rule: 'client_assertion.expiry_missing', claims: { exp: undefined } },
      { rule: 'client_assertion.expired', claims: { exp: now - 1 } },
      { rule: 'client_assertion.too_long', claims: { exp: now + 86_400 } },
      { rule: 'client_assertion.not_yet_valid', claims: { nbf: now + 3600 } },
      { rule: 'client_assertion.jti_missing', claims: { jti: undefined } },
      { rule: 'scope.malformed', given: { scope: 'a"b' } },
    ],
  })
})

async function aKeyed(given: Parameters<typeof server.aClient>[0]): Promise<TestClient> {
  const made = await server.aClient({ grantTypes, ...given })
  await server.aClientGrant({ clientId: made.id, audience: api.identifier, scope: ['read:contacts'] })
  return made
}

test('RFC 6749 §4.1.2.1: of two faults of an authorization request the earlier rule answers', async (t) => {
  await earlierRuleAnswers(t, {
    server,
    order: ruleOrder('authorize unwrap', 'authorize identify', 'authorize check', 'authorize next step'),
    send: ({ given }) => authorize(server, client, { audience: api.identifier, ...given }),
    faults: [
      { rule: 'authorize.request_and_request_uri', given: { request: 'a', request_uri: 'b' } },
      { rule: 'authorize.client_unknown', given: { client_id: 'unknown' } },
      {
        rule: 'authorize.redirect_uri_not_registered',
        given: { redirect_uri: 'https://evil.test/' },
      },
      { rule: 'authorize.response_type_missing', given: { response_type: undefined } },
      { rule: 'authorize.response_type_unsupported', given: { response_type: 'word' } },
      { rule: 'authorize.implicit_not_allowed', given: { response_type: 'token' } },
      { rule: 'authorize.response_mode_unsupported', given: { response_mode: 'word' } },
      { rule: 'pkce.method_without_challenge', given: { code_challenge: undefined } },
      { rule: 'pkce.method_unsupported', given: { code_challenge_method: 'S1' } },
      { rule: 'authorize.prompt_unknown', given: { prompt: 'word' } },
      { rule: 'authorize.max_age_malformed', given: { max_age: '-1' } },
      { rule: 'authorize.claims_malformed', given: { claims: '[' } },
      { rule: 'authorize.id_token_hint_invalid', given: { id_token_hint: 'word' } },
      ...target,
      { rule: 'target.client_not_authorized', given: { audience: closed.identifier } },
      { rule: 'authorize.login_required', given: { prompt: 'none' } },
    ],
  })
})
