// Names that every object has, and values that are no text, in each parameter of each endpoint. What is random: bad-input.test.ts.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { startTestServer } from '../../src/testkit/testkit.ts'
import { deviceGrantType } from './devices.ts'
import { allowRegistration, openToAll } from './registrations.ts'
import { assertJsonRefusal, authorizationParameters, basic, credentials, form } from './requests.ts'

const server = await startTestServer({ settings: { attackProtection: { registrationsPerAddress: 1000 } } })
after(() => server.close())
await allowRegistration(server, openToAll)
const exchange = 'urn:ietf:params:oauth:grant-type:token-exchange'
const api = await server.anApi({ subjectTypeAuthorization: { user: 'allow_all', client: 'allow_all' } })
const client = await server.aClient({
  grantTypes: [
    'authorization_code',
    'client_credentials',
    'refresh_token',
    'password',
    deviceGrantType,
    exchange,
  ],
  tokenExchange: { impersonation: true, delegation: true },
})

/** Names of members that every object has: a look-up in a plain object would find them. */
const words = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', '__defineGetter__']

const requests: readonly { readonly path: string; readonly given: Readonly<Record<string, string>> }[] = [
  { path: 'oauth/token', given: { grant_type: 'client_credentials', audience: api.identifier, scope: 'a' } },
  { path: 'oauth/token', given: { grant_type: 'authorization_code', code: 'x', code_verifier: 'x' } },
  { path: 'oauth/token', given: { grant_type: 'refresh_token', refresh_token: 'a.b', audience: 'x' } },
  { path: 'oauth/token', given: { grant_type: 'password', username: 'a', password: 'b', realm: 'x' } },
  { path: 'oauth/token', given: { grant_type: deviceGrantType, device_code: 'x' } },
  {
    path: 'oauth/token',
    given: { grant_type: exchange, subject_token: 'x', subject_token_type: 'y', actor_token_type: 'z' },
  },
  { path: 'oauth/token', given: { client_assertion: 'a.b.c', client_assertion_type: 'x', grant_type: 'x' } },
  {
    path: 'oauth/par',
    given: Object.fromEntries(authorizationParameters(client, { response_mode: 'query' })),
  },
  { path: 'oauth/device/code', given: { scope: 'openid', audience: api.identifier } },
  { path: 'oauth/introspect', given: { token: 'x', token_type_hint: 'access_token' } },
  { path: 'oauth/revoke', given: { token: 'x', token_type_hint: 'access_token' } },
]

function post(path: string, body: string, type: string): Promise<Response> {
  const headers = { 'content-type': type }
  return server.fetch(`${server.issuer}${path}`, { method: 'POST', body, headers })
}

/** Nothing failed, nothing was issued, and what was sent is not repeated. */
async function assertHeld(response: Response, sent: string): Promise<void> {
  const text = await response.text()
  const failed = server.log.filter(({ event }) => event === 'request.failed')
  assert.deepEqual(failed, [], sent)
  assert.ok([200, 201, 302, 400, 401, 403].includes(response.status), `${sent}: ${response.status} ${text}`)
  const answer = `${text} ${response.headers.get('location')}`
  assert.doesNotMatch(answer, /__proto__|native code|\[object/, sent)
  assert.equal(Object.hasOwn(Object.prototype, 'polluted'), false)
}

test('RFC 6749 §3.2: no parameter of an endpoint finds what every object has', async (t) => {
  for (const { path, given } of requests) {
    await t.test(`${path} ${given.grant_type ?? ''}`, async () => {
      for (const name of Object.keys(given)) {
        for (const word of words) {
          const body = `${form({ ...credentials(client), ...given, [name]: word })}`
          await assertHeld(await post(path, body, 'application/x-www-form-urlencoded'), body)
        }
      }
    })
  }
})

test('RFC 6749 §5.2: a grant type that every object has is unsupported', async (t) => {
  for (const word of words) {
    await t.test(word, async () => {
      const body = form({ ...credentials(client), grant_type: word })
      const response = await server.fetch(`${server.issuer}oauth/token`, { method: 'POST', body })
      const rule = 'token.grant_type_unsupported'
      await assertJsonRefusal(server, response, { error: 'unsupported_grant_type', rule })
    })
  }
})

test('RFC 6749 §5.2: a client that every object has is unknown, wherever it is named', async (t) => {
  for (const word of words) {
    await t.test(word, async () => {
      const given = { grant_type: 'client_credentials', audience: api.identifier }
      for (const [headers, named] of [
        [{}, { client_id: word, client_secret: 'x' }],
        [basic(word, 'x'), {}],
      ] as const) {
        const body = form({ ...given, ...named })
        const response = await server.fetch(`${server.issuer}oauth/token`, { method: 'POST', body, headers })
        const refused = { status: 401, error: 'invalid_client', rule: 'client_auth.unknown_client' }
        await assertJsonRefusal(server, response, refused)
      }
    })
  }
})

test('RFC 6749 Appendix A: a parameter that is no text in JSON is refused or ignored', async (t) => {
  const values = [
    '["x"]',
    '[["x"]]',
    '{}',
    '{"$ne":null}',
    '{"__proto__":{"polluted":1}}',
    '{"length":1,"0":"x"}',
    '{"toString":"x"}',
    '1',
    'true',
    '1e999',
  ]
  for (const { path, given } of requests) {
    await t.test(`${path} ${given.grant_type ?? ''}`, async () => {
      for (const name of [...Object.keys(given), '__proto__', 'constructor']) {
        for (const value of values) {
          const members = Object.entries({ ...credentials(client), ...given })
            .filter(([member]) => member !== name)
            .map(([member, text]) => `${JSON.stringify(member)}:${JSON.stringify(text)}`)
          const body = `{${[...members, `"${name}":${value}`].join()}}`
          await assertHeld(await post(path, body, 'application/json'), body)
        }
      }
    })
  }
})

test('RFC 6749 §3.1: brackets and dots in a name make another name, and nothing deeper', async () => {
  const given = { ...credentials(client), audience: api.identifier }
  for (const name of ['grant_type[]', 'grant_type[0]', 'grant_type.x', '__proto__[grant_type]']) {
    const body = form({ ...given, [name]: 'client_credentials' })
    const response = await server.fetch(`${server.issuer}oauth/token`, { method: 'POST', body })
    await assertJsonRefusal(server, response, { error: 'invalid_request', rule: 'parameter.missing' })
  }
  for (const name of ['client_secret[]', '__proto__[polluted]', 'constructor[prototype][polluted]']) {
    const body = `${form({ grant_type: 'client_credentials', ...given, [name]: 'x' })}`
    await assertHeld(await post('oauth/token', body, 'application/x-www-form-urlencoded'), body)
  }
})

test('RFC 6749 §4.1.1: no parameter of an authorization request or a logout finds what every object has', async () => {
  const names = ['response_type', 'response_mode', 'prompt', 'scope', 'code_challenge_method', 'audience']
  const more = ['ui_locales', 'acr_values', 'max_age', 'claims', 'resource', 'display', 'id_token_hint']
  const others = ['request', 'request_uri', 'client_id', 'redirect_uri', 'connection', 'web_message_uri']
  for (const name of [...names, ...more, ...others]) {
    for (const word of [...words, '{"__proto__":{"polluted":1}}', '{"userinfo":{"__proto__":null}}']) {
      const query = authorizationParameters(client, { state: 's', [name]: word })
      const response = await server.fetch(`${server.issuer}authorize?${query}`, { redirect: 'manual' })
      await assertHeld(response, `${query}`)
      assert.doesNotMatch(response.headers.get('location') ?? '', /code=/)
    }
  }
  for (const path of ['v2/logout', 'oidc/logout', 'activate', 'u/login', 'u/consent'])
    for (const name of [
      'client_id',
      'returnTo',
      'post_logout_redirect_uri',
      'state',
      'user_code',
      'ui_locales',
    ])
      for (const word of words) {
        const response = await server.fetch(`${server.issuer}${path}?${form({ [name]: word })}`, {
          redirect: 'manual',
        })
        assert.ok([200, 302, 303, 400, 403].includes(response.status), `${path} ${name} ${response.status}`)
        assert.deepEqual(
          server.log.filter(({ event }) => event === 'request.failed'),
          [],
        )
      }
})

test('RFC 7591 §3.1: metadata of a client gives nothing to all objects', async () => {
  const members = ['grant_types', 'response_types', 'token_endpoint_auth_method', 'subject_type', 'jwks']
  const more = ['application_type', 'id_token_signed_response_alg', 'client_name', 'contacts']
  for (const name of [...members, ...more, '__proto__', 'constructor']) {
    for (const value of [
      ...words.map((word) => `"${word}"`),
      '["__proto__"]',
      '{"polluted":1}',
      '[[1]]',
      '1',
    ]) {
      const body = `{"redirect_uris":["https://app.test/cb"],"${name}":${value}}`
      const response = await post('oidc/register', body, 'application/json')
      assert.ok([201, 400].includes(response.status), `${body} ${response.status}`)
      const failed = server.log.filter(({ event }) => event === 'request.failed')
      assert.deepEqual(failed, [], body)
    }
  }
  assert.equal(Object.hasOwn(Object.prototype, 'polluted'), false)
})
