import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { startTestServer } from '../../src/testkit/testkit.ts'
import {
  assertPageRefusal,
  assertRedirectRefusal,
  authorizationParameters,
  authorize,
  codeFor,
  throughPages,
} from './requests.ts'

const server = await startTestServer()
after(() => server.close())
const client = await server.aClient()
const user = await server.aUser()
const control = 'a\u0001b'

test('RFC 6749 §4.1.2: a request that passes is answered with code, state and iss, and nothing else', async () => {
  // OIDC Session Management §2: only an OpenID request gets session_state too.
  const shown = await throughPages(server, { client, user }, { scope: 'profile' })
  assert.deepEqual([...(shown.leftTo?.parameters.keys() ?? [])], ['code', 'state', 'iss'])
  assert.equal(shown.leftTo?.url.href.split('?')[0], 'https://app.test/callback')
})

test('RFC 6749 §10.10: codes carry 256 bits and are never the same', async () => {
  const codes = await Promise.all([1, 2, 3, 4].map(() => codeFor(server, { client, user })))
  assert.equal(new Set(codes).size, 4)
  for (const code of codes) assert.match(code, /^[A-Za-z0-9_-]{43}$/)
})

test('RFC 6749 §3.1: the request is taken by POST as a form too', async () => {
  const response = await server.fetch(`${server.issuer}authorize`, {
    method: 'POST',
    body: authorizationParameters(client),
  })
  assert.equal(response.status, 303)
  assert.match(response.headers.get('location') ?? '', /\/u\/login\?state=/)
})

test('RFC 6749 §3.1: by POST the query is not read', async () => {
  const url = `${server.issuer}authorize?${authorizationParameters(client)}`
  const response = await server.fetch(url, { method: 'POST', body: new URLSearchParams() })
  await assertPageRefusal(server, response, 'parameter.missing')
})

test('RFC 6749 §3.1: unknown parameters are ignored, also when they are repeated', async () => {
  const response = await authorize(server, client, { unknown: ['1', '2'], Claims: '{', display: 'hologram' })
  assert.match(response.headers.get('location') ?? '', /\/u\/login/)
})

test('RFC 6749 §3.1: a parameter without a value counts as omitted', async () => {
  const response = await authorize(server, client, { state: ['', ''], nonce: '', prompt: '', max_age: '' })
  assert.match(response.headers.get('location') ?? '', /\/u\/login/)
})

test('RFC 6749 §4.1.2.1: without client_id the error is a page', async () => {
  await assertPageRefusal(
    server,
    await authorize(server, client, { client_id: undefined }),
    'parameter.missing',
  )
})

test('RFC 6749 §3.1: a repeated client_id is a page', async () => {
  const response = await authorize(server, client, { client_id: [client.id, client.id] })
  await assertPageRefusal(server, response, 'parameter.repeated')
})

test('RFC 6749 §3.1: a repeated redirect_uri is a page, also when both are the same', async () => {
  const [uri = ''] = client.redirectUris
  const response = await authorize(server, client, { redirect_uri: [uri, uri] })
  await assertPageRefusal(server, response, 'parameter.repeated')
})

test('RFC 6749 Appendix A: a client_id with a control character is a page', async () => {
  const response = await authorize(server, client, { client_id: control })
  await assertPageRefusal(server, response, 'parameter.malformed')
})

test('RFC 6749 §5.2: an over-long client_id is a page', async () => {
  const response = await authorize(server, client, { client_id: 'a'.repeat(4097) })
  await assertPageRefusal(server, response, 'parameter.too_long')
})

test('RFC 6749 §4.1.2.1: an unknown client is a page, which does not echo what was sent', async () => {
  const response = await authorize(server, client, { client_id: 'no-such-client-4711' })
  assert.doesNotMatch(await response.clone().text(), /4711/)
  await assertPageRefusal(server, response, 'authorize.client_unknown')
})

test('RFC 6749 §4.1.2.1: the client is looked at before the redirection URI', async () => {
  const response = await authorize(server, client, {
    client_id: 'nobody',
    redirect_uri: 'https://evil.test/',
  })
  await assertPageRefusal(server, response, 'authorize.client_unknown')
})

test('RFC 6749 §4.1.1: a body of another type than a form is a page', async () => {
  const response = await server.fetch(`${server.issuer}authorize`, {
    method: 'POST',
    body: authorizationParameters(client).toString(),
    headers: { 'content-type': 'text/plain' },
  })
  await assertPageRefusal(server, response, 'body.form_expected')
})

test('OIDC Core §3.1.2.1: JSON is for programs; a request of a browser is a form', async () => {
  const response = await server.fetch(`${server.issuer}authorize`, {
    method: 'POST',
    body: JSON.stringify(Object.fromEntries(authorizationParameters(client))),
    headers: { 'content-type': 'application/json' },
  })
  await assertPageRefusal(server, response, 'body.form_expected')
})

test('RFC 6749 §5.2: a body over the limit is a page', async () => {
  const response = await server.fetch(`${server.issuer}authorize`, {
    method: 'POST',
    body: new URLSearchParams({ client_id: 'a'.repeat(70_000) }),
  })
  await assertPageRefusal(server, response, 'body.too_large')
})

test('RFC 6749 Appendix B: a body that is not UTF-8 is a page', async () => {
  const response = await server.fetch(`${server.issuer}authorize`, {
    method: 'POST',
    body: new Uint8Array([0x61, 0x3d, 0xff, 0xfe]),
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  })
  await assertPageRefusal(server, response, 'body.malformed')
})

test('RFC 6749 §3.1.1: without response_type the error travels in the query', async () => {
  const response = await authorize(server, client, { response_type: undefined })
  assertRedirectRefusal(server, response, {
    error: 'invalid_request',
    rule: 'authorize.response_type_missing',
  })
})

test('RFC 6749 §4.1.2.1: an unsupported response type is refused by redirect', async (t) => {
  const rows = [
    { name: 'an unknown word', value: 'banana' },
    { name: 'none beside another', value: 'code none' },
    { name: 'a known one and an unknown one', value: 'code banana' },
    { name: 'another case', value: 'CODE' },
    { name: 'the word twice', value: 'code code' },
  ]
  for (const { name, value } of rows) {
    await t.test(name, async () => {
      assertRedirectRefusal(server, await authorize(server, client, { response_type: value }), {
        error: 'unsupported_response_type',
        rule: 'authorize.response_type_unsupported',
      })
    })
  }
})

test('RFC 6749 §4.1.2.1: a client that may not use the code flow is refused by redirect', async () => {
  const machine = await server.aClient({ grantTypes: ['client_credentials'] })
  assertRedirectRefusal(server, await authorize(server, machine), {
    error: 'unauthorized_client',
    rule: 'authorize.grant_not_allowed',
  })
})

test('RFC 6749 §3.1: each repeated parameter is refused by redirect', async (t) => {
  const rows = [
    'response_type',
    'response_mode',
    'scope',
    'state',
    'nonce',
    'code_challenge',
    'code_challenge_method',
    'prompt',
    'max_age',
    'login_hint',
    'ui_locales',
    'audience',
    'request',
    'request_uri',
    'registration',
  ]
  for (const name of rows) {
    await t.test(name, async () => {
      const response = await authorize(server, client, { [name]: ['one', 'two'] })
      assertRedirectRefusal(server, response, { error: 'invalid_request', rule: 'parameter.repeated' })
      const { searchParams } = new URL(response.headers.get('location') ?? '')
      assert.match(searchParams.get('error_description') ?? '', new RegExp(`: ${name}$`))
    })
  }
})

test('RFC 6749 Appendix A: a parameter with a control character is refused by redirect', async () => {
  assertRedirectRefusal(server, await authorize(server, client, { nonce: control }), {
    error: 'invalid_request',
    rule: 'parameter.malformed',
  })
})

test('RFC 6749 Appendix A: a parameter that is not UTF-8 is refused by redirect', async () => {
  const url = `${server.issuer}authorize?${authorizationParameters(client)}&nonce=%C3%28`
  assertRedirectRefusal(server, await server.fetch(url), {
    error: 'invalid_request',
    rule: 'parameter.malformed',
  })
})

test('RFC 6749 §5.2: an over-long parameter is refused by redirect', async () => {
  assertRedirectRefusal(server, await authorize(server, client, { login_hint: 'a'.repeat(4097) }), {
    error: 'invalid_request',
    rule: 'parameter.too_long',
  })
})

test('OAuth 2.0 Multiple Response Types §2.1: an unsupported response mode is refused in the query', async () => {
  assertRedirectRefusal(server, await authorize(server, client, { response_mode: 'form_get' }), {
    error: 'invalid_request',
    rule: 'authorize.response_mode_unsupported',
  })
})

test('OAuth 2.0 Multiple Response Types §2.1: response_mode=fragment carries answers and errors', async () => {
  const shown = await throughPages(server, { client, user }, { response_mode: 'fragment' })
  assert.match(shown.leftTo?.url.href ?? '', /^https:\/\/app\.test\/callback#code=/)
  const refused = await authorize(server, client, { response_mode: 'fragment', response_type: 'banana' })
  assert.match(refused.headers.get('location') ?? '', /^https:\/\/app\.test\/callback#error=unsupported/)
})

test('RFC 6749 §4.1.2.1: an owner who declines sends access_denied', async () => {
  const stranger = await server.aClient({ isFirstParty: false })
  const browser = server.browser()
  const login = await browser.open(`${server.issuer}authorize?${authorizationParameters(stranger)}`)
  const shown = await browser.decline(await browser.logIn(login, user))
  assert.deepEqual(
    [...(shown.leftTo?.parameters ?? [])],
    [
      ['error', 'access_denied'],
      ['error_description', 'User did not authorize the request'],
      ['state', 'the state'],
      ['iss', server.issuer],
    ],
  )
  assert.equal(server.lastRefusal(), 'authorize.owner_declined')
})

test('RFC 6749 §3.1: other methods are no authorization request', async () => {
  for (const method of ['PUT', 'DELETE', 'PATCH']) {
    const response = await server.fetch(`${server.issuer}authorize`, { method })
    assert.ok(response.status === 404 || response.status === 405, String(response.status))
    assert.equal(response.headers.get('location'), null)
  }
})
