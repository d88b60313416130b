// What rule-order.test.ts does for tokens and authorization requests, for every other endpoint.
import { after, test } from 'node:test'
import { startTestServer } from '../../src/testkit/testkit.ts'
import { type Change, earlierRuleAnswers, type Fault, ruleOrder } from './faults.ts'
import { allowRegistration, callback, openToAll, register } from './registrations.ts'
import { authorizationParameters, basic, credentials, form, type Given } from './requests.ts'

const server = await startTestServer({ settings: { attackProtection: { registrationsPerAddress: 1000 } } })
after(() => server.close())
await allowRegistration(server, openToAll)
const user = await server.aUser()
const client = await server.aClient()
const rival = await server.aClient()
const open = await server.aClient({ tokenEndpointAuthMethod: 'none' })
const { access_token, id_token } = await server.signIn({ client, user })

/** Posts to an endpoint what passes but for the change. */
function post(path: string, passing: Given) {
  return ({ given, headers, as = client }: Change) => {
    const body = form({ ...credentials(as), ...passing, ...given })
    return server.fetch(`${server.issuer}${path}`, { method: 'POST', body, ...(headers && { headers }) })
  }
}

const inOrder = (...sections: readonly string[]) =>
  ruleOrder('body', 'every endpoint', 'client authentication', ...sections)
const noToken: Fault = { rule: 'parameter.missing', given: { token: undefined } }
const wrongSecret: Fault = { rule: 'client_auth.wrong_proof', given: { client_secret: 'wrong' } }
const twoMethods: Fault = { rule: 'client_auth.two_methods', headers: basic(client.id, client.secret) }

test('RFC 7662 §2.1: of two faults of an introspection the earlier rule answers', (t) =>
  earlierRuleAnswers(t, {
    server,
    order: inOrder('oauth/introspect'),
    send: post('oauth/introspect', { token: access_token }),
    faults: [
      noToken,
      { rule: 'client_auth.basic_malformed', headers: { authorization: 'Basic !' } },
      { rule: 'introspect.public_client', as: open },
    ],
  }))

test('RFC 7009 §2.1: of two faults of a revocation the earlier rule answers', (t) =>
  earlierRuleAnswers(t, {
    server,
    order: inOrder('oauth/revoke'),
    send: post('oauth/revoke', { token: access_token }),
    faults: [noToken, wrongSecret, { rule: 'revoke.other_client', as: rival }],
  }))

test('RFC 8628 §3.1: of two faults of a device the earlier rule answers', (t) =>
  earlierRuleAnswers(t, {
    server,
    order: inOrder('oauth/device/code'),
    send: post('oauth/device/code', {}),
    faults: [
      { rule: 'parameter.repeated', given: { audience: ['a', 'b'] } },
      twoMethods,
      wrongSecret,
      { rule: 'device.grant_type_not_allowed', as: client },
    ],
  }))

test('RFC 9126 §2.1: of two faults of a pushed request the earlier rule answers', (t) =>
  earlierRuleAnswers(t, {
    server,
    order: inOrder('oauth/par', 'authorize unwrap', 'authorize identify', 'authorize check'),
    send: post('oauth/par', Object.fromEntries(authorizationParameters(client))),
    faults: [
      { rule: 'body.content_type', headers: { 'content-type': 'text/plain' } },
      twoMethods,
      wrongSecret,
      { rule: 'par.request_uri', given: { request_uri: 'https://app.test/request.jwt' } },
      { rule: 'authorize.redirect_uri_not_registered', given: { redirect_uri: 'https://evil.test/' } },
      { rule: 'authorize.response_type_unsupported', given: { response_type: 'word' } },
      { rule: 'pkce.method_unsupported', given: { code_challenge_method: 'S1' } },
      { rule: 'scope.malformed', given: { scope: 'a"b' } },
      { rule: 'target.audience_unknown', given: { audience: 'https://unknown.test/' } },
    ],
  }))

test('RFC 7591 §3.2.2: of two faults of a registration the earlier rule answers', (t) =>
  earlierRuleAnswers(t, {
    server,
    order: ruleOrder('oidc/register'),
    send: ({ members }) => register(server, { redirect_uris: [callback], ...members }),
    faults: [
      { rule: 'software_statement.malformed', members: { software_statement: 'word' } },
      { rule: 'registration.metadata_malformed', members: { client_name: 1 } },
      { rule: 'registration.grant_type_unsupported', members: { grant_types: ['urn:unknown'] } },
      { rule: 'registration.redirect_uri_fragment', members: { redirect_uris: [`${callback}#top`] } },
      { rule: 'registration.address_insecure', members: { logo_uri: 'http://app.test/logo.png' } },
      { rule: 'registration.auth_method_unsupported', members: { token_endpoint_auth_method: 'word' } },
      { rule: 'registration.algorithm_unsupported', members: { id_token_signed_response_alg: 'HS1' } },
      {
        rule: 'registration.sector_unreadable',
        members: { subject_type: 'pairwise', sector_identifier_uri: 'https://127.0.0.1/' },
      },
    ],
  }))

test('RP-Initiated Logout §2: of two faults of a logout the earlier rule answers', (t) =>
  earlierRuleAnswers(t, {
    server,
    order: ruleOrder('oidc/logout'),
    send: ({ given }) =>
      server.fetch(`${server.issuer}oidc/logout?${form({ id_token_hint: id_token, ...given })}`),
    faults: [
      { rule: 'parameter.repeated', given: { state: ['a', 'b'] } },
      { rule: 'logout.id_token_hint_invalid', given: { id_token_hint: 'word' } },
      { rule: 'logout.client_differs', given: { client_id: rival.id } },
      {
        rule: 'logout.redirect_uri_not_registered',
        given: { post_logout_redirect_uri: 'https://evil.test/' },
      },
    ],
  }))
