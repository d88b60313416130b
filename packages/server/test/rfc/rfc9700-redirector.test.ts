// RFC 9700 §4.11.2: where everybody may register, a link to this server must not lead unasked to wherever somebody registered.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { hashed } from '../../src/domain/secrets.ts'
import { startTestServer, type TestClient } from '../../src/testkit/testkit.ts'
import { allowRegistration, openToAll, register } from './registrations.ts'
import {
  answerOf,
  assertPageRefusal,
  assertRedirectRefusal,
  authorizationUrl,
  authorize,
  form,
  type Given,
  granted,
  json,
  pageOf,
  redeem,
  rowsOf,
  throughPages,
} from './requests.ts'

const server = await startTestServer()
after(() => server.close())
const user = await server.aUser()
const metadata = {
  redirect_uris: ['https://evil.test/callback'],
  post_logout_redirect_uris: ['https://evil.test/bye'],
}

async function aRegistered(initialAccessToken?: string): Promise<TestClient> {
  const initialAccessTokens = initialAccessToken === undefined ? [] : [hashed(initialAccessToken)]
  await allowRegistration(server, { ...openToAll, initialAccessTokens })
  const { client_id, client_secret } = await json(await register(server, metadata, initialAccessToken))
  const client = await rowsOf(server).clients.find(client_id as TestClient['id'])
  assert.ok(client)
  return { ...client, secret: String(client_secret) }
}

const anybody = await aRegistered()
const known = await aRegistered('ticket')

const errors: readonly { readonly name: string; readonly given: Given; readonly rule: string }[] = [
  { name: 'a malformed scope', given: { scope: 'a"b' }, rule: 'scope.malformed' },
  {
    name: 'a response type that nobody knows',
    given: { response_type: 'magic' },
    rule: 'authorize.response_type_unsupported',
  },
  { name: 'a prompt that nobody knows', given: { prompt: 'maybe' }, rule: 'authorize.prompt_unknown' },
  {
    name: 'an answer as a form',
    given: { response_mode: 'form_post', scope: 'a"b' },
    rule: 'scope.malformed',
  },
  { name: 'a request object that is none', given: { request: 'x' }, rule: 'request_object.malformed' },
  { name: 'a foreign hint', given: { id_token_hint: 'x' }, rule: 'authorize.id_token_hint_invalid' },
]

test('RFC 9700 §4.11.2: a broken request of a client that anybody registered ends on a page', async (t) => {
  for (const { name, given, rule } of errors)
    await t.test(name, async () => {
      await assertPageRefusal(server, await authorize(server, anybody, given), rule)
    })
})

test('RFC 6749 §4.1.2.1: one of a client that somebody answers for goes back to it', async () => {
  const redirectUri = 'https://evil.test/callback'
  const broken = await authorize(server, known, { scope: 'a"b' })
  assertRedirectRefusal(server, broken, { error: 'invalid_scope', rule: 'scope.malformed' }, redirectUri)
})

test('OIDC Core §3.1.2.6: prompt=none is answered to every client, at once', async () => {
  const redirectUri = 'https://evil.test/callback'
  const refusal = { error: 'login_required', rule: 'authorize.login_required' } as const
  for (const client of [anybody, known])
    assertRedirectRefusal(server, await authorize(server, client, { prompt: 'none' }), refusal, redirectUri)
})

test('RFC 9700 §4.11.2: its owner is asked first, and whatever is decided goes back to the client', async () => {
  const browser = server.browser()
  const login = await browser.open(authorizationUrl(server, anybody))
  assert.equal(pageOf(login), '/u/login')
  const consent = await browser.logIn(login, user)
  assert.equal(pageOf(consent), '/u/consent')
  assert.match(consent.html, /evil\.test/)
  assert.equal(answerOf(await browser.decline(consent)).get('error'), 'access_denied')
})

async function hintOf(client: TestClient) {
  const browser = server.browser()
  const code = answerOf(await throughPages(server, { client, user, browser })).get('code') ?? ''
  const { id_token } = await granted(await redeem(server, client, code))
  return { browser, hint: id_token }
}

function logoutUrl(client: TestClient, given: Given = {}): string {
  const query = form({ client_id: client.id, post_logout_redirect_uri: 'https://evil.test/bye', ...given })
  return `${server.issuer}oidc/logout?${query}`
}

test('OIDC RP-Initiated Logout §3: without a hint and a session nobody vouches for where to go', async () => {
  const shown = await server.browser().open(logoutUrl(anybody))
  assert.deepEqual([shown.leftTo, shown.status], [undefined, 200])
  assert.ok(!shown.html.includes('evil.test'))
  assert.equal(shown.headers.get('refresh'), null)
  const led = await server.browser().open(logoutUrl(known))
  assert.equal(led.leftTo?.url.href, 'https://evil.test/bye')
})

test('OIDC RP-Initiated Logout §3: with a hint, or when the owner was asked, the browser goes back', async () => {
  const { browser, hint } = await hintOf(anybody)
  const asked = await browser.open(logoutUrl(anybody))
  assert.equal(asked.leftTo, undefined)
  const confirmed = await browser.submit(asked, { action: 'logout' })
  assert.equal(confirmed.leftTo?.url.href, 'https://evil.test/bye')
  const late = await server.browser().open(logoutUrl(anybody, { id_token_hint: hint }))
  assert.equal(late.leftTo?.url.href, 'https://evil.test/bye')
})

test('RFC 9700 §4.11.2: /v2/logout leads to no client that anybody registered', async () => {
  const url = (client: TestClient, given: Given = {}) =>
    `${server.issuer}v2/logout?${form({ client_id: client.id, ...given })}`
  for (const given of [{}, { returnTo: 'https://evil.test/bye' }]) {
    const { browser } = await hintOf(anybody)
    const shown = await browser.open(url(anybody, given))
    assert.deepEqual([shown.leftTo, shown.status], [undefined, 200])
    assert.match(shown.html, /You are logged out/)
    assert.ok(!shown.html.includes('evil.test'))
    const led = await server.browser().open(url(known, given))
    assert.equal(led.leftTo?.url.href, 'https://evil.test/bye')
  }
})
