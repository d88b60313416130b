import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, test } from 'node:test'
import { formPostScript } from '../../src/pages/form-post.ts'
import { webMessageScript } from '../../src/pages/web-message.ts'
import { startTestServer, type TestClient } from '../../src/testkit/testkit.ts'
import {
  answerOf,
  assertPageRefusal,
  authorize,
  claimsOf,
  type Given,
  throughPages,
} from '../rfc/requests.ts'
import { formIn, messageIn } from './pages.ts'

const server = await startTestServer()
after(() => server.close())
const client = await server.aClient({
  grantTypes: ['authorization_code', 'implicit'],
  redirectUris: ['https://app.test/callback', 'https://app.test/with?query=1', 'com.app:/callback'],
  webOrigins: ['https://app.test'],
})
const user = await server.aUser()

const silent = { prompt: 'none', nonce: 'n' }

/** The parameters of an error, wherever the server put them. */
async function refusedIn(response: Response): Promise<readonly [string, URLSearchParams]> {
  const location = URL.parse(response.headers.get('location') ?? '')
  if (location !== null)
    return location.hash === ''
      ? ['query', location.searchParams]
      : ['fragment', new URLSearchParams(location.hash.slice(1))]
  const page = await response.text()
  const form = formIn(page)
  if (form !== undefined) return ['form_post', form.fields]
  const message = messageIn(page)
  assert.ok(message, page)
  return ['web_message', new URLSearchParams(message.response)]
}

const defaults = [
  ['code', undefined, 'query'],
  ['none', undefined, 'query'],
  ['token', undefined, 'fragment'],
  ['id_token', undefined, 'fragment'],
  ['code token', undefined, 'fragment'],
  ['code', 'query', 'query'],
  ['code', 'fragment', 'fragment'],
  ['code', 'form_post', 'form_post'],
  ['code', 'web_message', 'web_message'],
  ['none', 'fragment', 'fragment'],
  ['id_token token', 'fragment', 'fragment'],
  ['id_token token', 'form_post', 'form_post'],
  ['code id_token', 'form_post', 'form_post'],
  ['code id_token token', 'web_message', 'web_message'],
] as const

for (const [type, mode, expected] of defaults) {
  test(`OAuth 2.0 Multiple Response Types §2.1: an error of ${type} with response_mode ${mode ?? 'absent'} travels in ${expected}`, async () => {
    const response = await authorize(server, client, {
      ...silent,
      response_type: type,
      response_mode: mode,
    })
    const [where, parameters] = await refusedIn(response)
    assert.equal(where, expected)
    assert.deepEqual(
      [...parameters],
      [
        ['error', 'login_required'],
        ['error_description', 'Login required'],
        ['state', 'the state'],
        ['iss', server.issuer],
      ],
    )
  })
}

interface Refused {
  readonly name: string
  readonly given: Given
  readonly client?: Partial<TestClient>
  readonly rule: string
  readonly error: string
  readonly where: string
}

const refusals: readonly Refused[] = [
  {
    name: 'OAuth 2.0 Multiple Response Types §2.1: an unknown response_mode',
    given: { response_mode: 'carrier_pigeon' },
    rule: 'authorize.response_mode_unsupported',
    error: 'invalid_request',
    where: 'query',
  },
  {
    name: 'OAuth 2.0 Multiple Response Types §2.1: an unknown response_mode where tokens were asked for',
    given: { response_type: 'id_token', response_mode: 'carrier_pigeon', nonce: 'n' },
    rule: 'authorize.response_mode_unsupported',
    error: 'invalid_request',
    where: 'fragment',
  },
  {
    name: 'OAuth 2.0 Multiple Response Types §3.0: tokens in a query',
    given: { response_type: 'token', response_mode: 'query' },
    rule: 'authorize.tokens_in_query',
    error: 'invalid_request',
    where: 'fragment',
  },
  {
    name: 'OAuth 2.0 Multiple Response Types §3.0: an ID token in a query, beside a code',
    given: { response_type: 'code id_token', response_mode: 'query', nonce: 'n' },
    rule: 'authorize.tokens_in_query',
    error: 'invalid_request',
    where: 'fragment',
  },
  {
    name: 'RFC 9700 §2.1.2: tokens in the front channel for a client without the implicit grant',
    given: { response_type: 'token' },
    client: { grantTypes: ['authorization_code'] },
    rule: 'authorize.implicit_not_allowed',
    error: 'unauthorized_client',
    where: 'fragment',
  },
  {
    name: 'RFC 9700 §2.1.2: a hybrid response for a client without the implicit grant',
    given: { response_type: 'code id_token', nonce: 'n' },
    client: { grantTypes: ['authorization_code'] },
    rule: 'authorize.implicit_not_allowed',
    error: 'unauthorized_client',
    where: 'fragment',
  },
  {
    name: 'RFC 6749 §4.1.2.1: a hybrid response for a client without the code grant',
    given: { response_type: 'code id_token', nonce: 'n' },
    client: { grantTypes: ['implicit'] },
    rule: 'authorize.grant_not_allowed',
    error: 'unauthorized_client',
    where: 'fragment',
  },
  {
    name: 'OpenID Connect Core §3.2.2.1: an ID token without the scope openid',
    given: { response_type: 'id_token', scope: 'profile', nonce: 'n' },
    rule: 'authorize.openid_missing',
    error: 'invalid_request',
    where: 'fragment',
  },
  {
    name: 'OpenID Connect Core §3.2.2.1: an implicit ID token without a nonce',
    given: { response_type: 'id_token' },
    rule: 'authorize.nonce_missing',
    error: 'invalid_request',
    where: 'fragment',
  },
  {
    name: 'OpenID Connect Core §3.3.2.1: a hybrid ID token without a nonce',
    given: { response_type: 'code id_token token', response_mode: 'form_post' },
    rule: 'authorize.nonce_missing',
    error: 'invalid_request',
    where: 'form_post',
  },
  {
    name: 'RFC 7636 §4.4.1: a hybrid code without the challenge that the client needs',
    given: {
      response_type: 'code id_token',
      nonce: 'n',
      code_challenge: undefined,
      code_challenge_method: undefined,
    },
    client: {
      grantTypes: ['authorization_code', 'implicit'],
      pkce: { required: true, allowPlain: false },
    },
    rule: 'pkce.challenge_required',
    error: 'invalid_request',
    where: 'fragment',
  },
  {
    name: 'RFC 6749 §3.1.1: a response type with a word too many',
    given: { response_type: 'code device' },
    rule: 'authorize.response_type_unsupported',
    error: 'unsupported_response_type',
    where: 'query',
  },
  {
    name: 'RFC 6749 §3.1.1: a response type with a word twice',
    given: { response_type: 'code code' },
    rule: 'authorize.response_type_unsupported',
    error: 'unsupported_response_type',
    where: 'query',
  },
  {
    name: 'OAuth 2.0 Multiple Response Types §4: none together with another',
    given: { response_type: 'none code' },
    rule: 'authorize.response_type_unsupported',
    error: 'unsupported_response_type',
    where: 'query',
  },
]

for (const { name, given, client: as, rule, error, where } of refusals) {
  test(`${name} is refused`, async () => {
    const asking =
      as === undefined ? client : await server.aClient({ redirectUris: client.redirectUris, ...as })
    const [answeredIn, parameters] = await refusedIn(await authorize(server, asking, given))
    assert.deepEqual([server.lastRefusal(), parameters.get('error'), answeredIn], [rule, error, where])
    assert.deepEqual([...parameters.keys()], ['error', 'error_description', 'state', 'iss'])
  })
}

test('RFC 6749 §3.1.2: the parameters join the query of a redirection URI', async () => {
  const redirectUri = 'https://app.test/with?query=1'
  const shown = await throughPages(server, { client, user }, { redirect_uri: redirectUri })
  assert.ok(shown.leftTo?.url.href.startsWith(`${redirectUri}&code=`))
})

test('RFC 6749 §3.1.2: a fragment leaves the query of a redirection URI alone', async () => {
  const given = { redirect_uri: 'https://app.test/with?query=1', response_type: 'token' }
  const shown = await throughPages(server, { client, user }, given)
  assert.equal(shown.leftTo?.url.search, '?query=1')
  assert.ok(answerOf(shown).get('access_token'))
})

function hashOf(script: string): string {
  return `'sha256-${createHash('sha256').update(script).digest('base64')}'`
}

test('OAuth 2.0 Form Post Response Mode §2: the page posts exactly the response to the redirection URI', async () => {
  const given = { response_mode: 'form_post', response_type: 'code id_token', nonce: 'n' }
  const shown = await throughPages(server, { client, user }, given)
  const form = formIn(shown.html)
  assert.ok(form)
  assert.deepEqual([shown.status, form.action, form.method], [200, 'https://app.test/callback', 'post'])
  assert.deepEqual([...form.fields.keys()].sort(), ['code', 'id_token', 'iss', 'session_state', 'state'])
  assert.equal(claimsOf(form.fields.get('id_token') ?? '').nonce, 'n')
  assert.match(shown.html, /<noscript>[\s\S]*<button class="primary" type="submit">/)
  assert.equal(shown.headers.get('cache-control'), 'no-store')
})

test('OAuth 2.0 Form Post Response Mode §2: values are escaped and come back byte for byte', async () => {
  const state = `"><script>alert(1)</script>&amp;'\u00fc\u{1f600} +%41`
  const shown = await throughPages(server, { client, user }, { response_mode: 'form_post', state })
  assert.doesNotMatch(shown.html, /alert\(1\)<\/script>/)
  assert.equal(formIn(shown.html)?.fields.get('state'), state)
})

test('OAuth 2.0 Form Post Response Mode §4: the policy of the page lets through its own script and its own target', async () => {
  const shown = await throughPages(server, { client, user }, { response_mode: 'form_post' })
  const policy = shown.headers.get('content-security-policy') ?? ''
  assert.ok(policy.includes(`script-src ${hashOf(formPostScript)};`), policy)
  assert.match(policy, /form-action 'self' https: https:\/\/app\.test;/)
  assert.match(policy, /frame-ancestors 'none'/)
  assert.equal(shown.html.match(/<script/g)?.length, 1)
})

test('OAuth 2.0 Form Post Response Mode §2: a private scheme can be posted to as well', async () => {
  const given = { response_mode: 'form_post', redirect_uri: 'com.app:/callback' }
  const shown = await throughPages(server, { client, user }, given)
  assert.equal(formIn(shown.html)?.action, 'com.app:/callback')
  assert.match(shown.headers.get('content-security-policy') ?? '', /form-action 'self' https: com\.app:/)
})

test('web_message: the page holds the response, its target origin and nothing that its script could mistake', async () => {
  const state = `</body><script>alert(1)</script>"'`
  const given = { response_mode: 'web_message', response_type: 'code token', state }
  const shown = await throughPages(server, { client, user }, given)
  const message = messageIn(shown.html)
  assert.equal(message?.origin, 'https://app.test')
  assert.deepEqual(
    [message?.response.state, message?.response.expires_in, message?.response.token_type],
    [state, 7200, 'Bearer'],
  )
  assert.equal(shown.html.match(/<script/g)?.length, 1)
})

test('web_message: the application may frame the page, and nobody else', async () => {
  const response = await authorize(server, client, { ...silent, response_mode: 'web_message' })
  const policy = response.headers.get('content-security-policy') ?? ''
  assert.equal(response.status, 200)
  assert.equal(response.headers.get('x-frame-options'), null)
  assert.match(policy, /frame-ancestors https:\/\/app\.test;/)
  assert.ok(policy.includes(`script-src ${hashOf(webMessageScript)};`), policy)
})

test('web_message: a redirection URI whose origin is not listed gets a page, and no message', async () => {
  const other = await server.aClient({ webOrigins: ['https://other.test'] })
  const response = await authorize(server, other, { ...silent, response_mode: 'web_message' })
  await assertPageRefusal(server, response, 'authorize.web_origin_not_registered')
  assert.equal(response.headers.get('x-frame-options'), 'DENY')
})

test('web_message: a private scheme has no origin that could be listed', async () => {
  const app = await server.aClient({ redirectUris: ['com.app:/callback'], webOrigins: ['null'] })
  const response = await authorize(server, app, { ...silent, response_mode: 'web_message' })
  await assertPageRefusal(server, response, 'authorize.web_origin_not_registered')
})

test('web_message: a relay goes to a listed origin only', async () => {
  const relay = { web_message_target: 'frame', response_mode: 'web_message', ...silent }
  const good = await authorize(server, client, { ...relay, web_message_uri: 'https://app.test/relay' })
  assert.deepEqual(messageIn(await good.text())?.relay, { uri: 'https://app.test', target: 'frame' })
  const bad = await authorize(server, client, { ...relay, web_message_uri: 'https://evil.test/relay' })
  await assertPageRefusal(server, bad, 'authorize.web_origin_not_registered')
})

test('RFC 6749 §3.1: parameters of a relay mean nothing to another response mode', async () => {
  const given = { ...silent, web_message_uri: 'https://evil.test', web_message_target: 'frame' }
  const [where, parameters] = await refusedIn(await authorize(server, client, given))
  assert.deepEqual([where, parameters.get('error')], ['query', 'login_required'])
})

test('OpenID Connect Discovery §3: metadata lists the response types and the modes that are announced', async () => {
  const metadata = await (await server.fetch(`${server.issuer}.well-known/openid-configuration`)).json()
  assert.deepEqual((metadata as Record<string, unknown>).response_types_supported, [
    'code',
    'token',
    'id_token',
    'id_token token',
    'code token',
    'code id_token',
    'code id_token token',
    'none',
  ])
  const modes = (metadata as { response_modes_supported: readonly string[] }).response_modes_supported
  assert.deepEqual(
    ['query', 'fragment', 'form_post'].filter((mode) => !modes.includes(mode)),
    [],
  )
})
