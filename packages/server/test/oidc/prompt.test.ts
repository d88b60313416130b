import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { SessionId } from '../../src/domain/ids.ts'
import { startTestServer } from '../../src/testkit/testkit.ts'
import {
  answerOf,
  assertRedirectRefusal,
  authorizationUrl,
  authorize,
  claimsOf,
  codeFor,
  type Given,
  granted,
  pageOf,
  redeem,
  rowsOf,
  throughPages,
} from '../rfc/requests.ts'

const server = await startTestServer()
after(() => server.close())
const user = await server.aUser()
const client = await server.aClient()

function errorOf(answer: URLSearchParams): readonly (string | null)[] {
  return [answer.get('error'), answer.get('error_description')]
}

async function loggedIn() {
  const browser = server.browser()
  await throughPages(server, { client, user, browser })
  return browser
}

async function idTokenOf(owner: Parameters<typeof codeFor>[1], given: Given = {}) {
  const code = await codeFor(server, owner, given)
  return claimsOf((await granted(await redeem(server, owner.client, code))).id_token)
}

test('OIDC Core §3.1.2.6: prompt=none without a session is login_required, at once', async () => {
  const response = await authorize(server, client, { prompt: 'none' })
  assertRedirectRefusal(server, response, { error: 'login_required', rule: 'authorize.login_required' })
  const { searchParams } = new URL(response.headers.get('location') ?? '')
  assert.deepEqual(errorOf(searchParams), ['login_required', 'Login required'])
})

test('OIDC Core §3.1.2.1: prompt=none with a session answers a code for the same login', async () => {
  const browser = await loggedIn()
  const first = await idTokenOf({ client, user, browser })
  server.advance('5m')
  const silent = await idTokenOf({ client, user, browser }, { prompt: 'none' })
  assert.deepEqual([silent.sub, silent.auth_time, silent.sid], [first.sub, first.auth_time, first.sid])
})

test('OIDC Core §3.1.2.6: prompt=none where consent is missing is consent_required', async () => {
  const stranger = await server.aClient({ isFirstParty: false })
  const browser = await loggedIn()
  const shown = await browser.open(authorizationUrl(server, stranger, { prompt: 'none' }))
  assert.deepEqual(errorOf(answerOf(shown)), ['consent_required', 'Consent required'])
  assert.equal(server.lastRefusal(), 'authorize.consent_required')
})

test('OIDC Core §3.1.2.6: prompt=none after a logout of the session is login_required', async () => {
  const browser = await loggedIn()
  const { sid } = await idTokenOf({ client, user, browser })
  await rowsOf(server).sessions.delete(String(sid) as SessionId)
  const shown = await browser.open(authorizationUrl(server, client, { prompt: 'none' }))
  assert.equal(answerOf(shown).get('error'), 'login_required')
})

test('OIDC Core §3.1.2.6: prompt=none of a blocked user is refused as Auth0 words it', async () => {
  const bob = await server.aUser({ email: 'bob@example.com' })
  const browser = server.browser()
  await throughPages(server, { client, user: bob, browser })
  const stored = await rowsOf(server).users.find(bob.id)
  assert.ok(stored)
  await rowsOf(server).users.update({ ...stored, blocked: true })
  const shown = await browser.open(authorizationUrl(server, client, { prompt: 'none' }))
  assert.deepEqual(errorOf(answerOf(shown)), ['unauthorized', 'user is blocked'])
  assert.equal(server.lastRefusal(), 'authorize.user_blocked')
})

test('OIDC Core §3.1.2.1: prompt=login shows the login page again, and auth_time is later', async () => {
  const browser = await loggedIn()
  const first = await idTokenOf({ client, user, browser })
  server.advance('10s')
  const page = await browser.open(authorizationUrl(server, client, { prompt: 'login' }))
  assert.equal(pageOf(page), '/u/login')
  const second = await idTokenOf({ client, user, browser }, { prompt: 'login' })
  assert.equal(Number(second.auth_time), Number(first.auth_time) + 10)
})

test('OIDC Core §3.1.2.1: a login for one request does not answer prompt=login of another', async () => {
  const browser = await loggedIn()
  const one = await browser.open(authorizationUrl(server, client, { prompt: 'login', state: 'one' }))
  const two = await browser.open(authorizationUrl(server, client, { prompt: 'login', state: 'two' }))
  assert.equal(answerOf(await browser.logIn(one, user)).get('state'), 'one')
  assert.equal(pageOf(await browser.open(two.url)), '/u/login')
})

test('OIDC Core §3.1.2.1: prompt=login cannot be skipped by going on to the consent page', async () => {
  const browser = await loggedIn()
  const page = await browser.open(authorizationUrl(server, client, { prompt: 'login consent' }))
  assert.equal(pageOf(page), '/u/login')
  const consent = await browser.open(page.url.replace('/u/login', '/u/consent'))
  assert.equal(pageOf(await browser.allow(consent)), '/u/login')
  assert.equal(pageOf(await browser.open(page.url)), '/u/login')
})

test('OIDC Core §3.1.2.1: prompt=select_account lets another account log in', async () => {
  const browser = await loggedIn()
  const eve = await server.aUser({ email: 'eve@example.com' })
  const claims = await idTokenOf({ client, user: eve, browser }, { prompt: 'select_account' })
  assert.equal(claims.sub, eve.id)
})

test('OIDC Core §3.1.2.1: prompt=consent asks, also where the client need not', async () => {
  const browser = await loggedIn()
  for (const _ of [1, 2]) {
    const page = await browser.open(authorizationUrl(server, client, { prompt: 'consent' }))
    assert.equal(pageOf(page), '/u/consent')
    assert.ok(answerOf(await browser.allow(page)).has('code'))
  }
})

test('OIDC Core §3.1.2.1: prompt=login consent asks for both, in this order', async () => {
  const browser = await loggedIn()
  const login = await browser.open(authorizationUrl(server, client, { prompt: 'consent login' }))
  assert.equal(pageOf(login), '/u/login')
  const consent = await browser.logIn(login, user)
  assert.equal(pageOf(consent), '/u/consent')
  assert.ok(answerOf(await browser.allow(consent)).has('code'))
})

test('OIDC Core §3.1.2.1: none with another value is refused', async () => {
  for (const prompt of ['none login', 'consent none', 'select_account none login']) {
    assertRedirectRefusal(server, await authorize(server, client, { prompt }), {
      error: 'invalid_request',
      rule: 'authorize.prompt_none_with_others',
    })
  }
})

test('OIDC Core §3.1.2.1: an unknown prompt is refused', async () => {
  for (const prompt of ['create', 'LOGIN', 'login,consent', 'none x']) {
    assertRedirectRefusal(server, await authorize(server, client, { prompt }), {
      error: 'invalid_request',
      rule: 'authorize.prompt_unknown',
    })
  }
})
