import assert from 'node:assert/strict'
import { after, test } from 'node:test'
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
  refresh,
} from '../rfc/requests.ts'

const server = await startTestServer()
after(() => server.close())
const user = await server.aUser()
const client = await server.aClient()

async function tokensIn(browser: ReturnType<typeof server.browser>, given: Given = {}) {
  const code = await codeFor(server, { client, user, browser }, given)
  return granted(await redeem(server, client, code))
}

test('OIDC Core §3.1.2.1: max_age=1 after two seconds asks for a login, which is later and recent', async () => {
  const browser = server.browser()
  const first = claimsOf((await tokensIn(browser)).id_token)
  server.advance('2s')
  const page = await browser.open(authorizationUrl(server, client, { max_age: '1' }))
  assert.equal(pageOf(page), '/u/login')
  const second = claimsOf((await tokensIn(browser, { max_age: '1' })).id_token)
  assert.equal(Number(second.auth_time), Number(first.auth_time) + 2)
})

test('OIDC Core §3.1.2.1: max_age=10000 does not ask, and auth_time stays', async () => {
  const browser = server.browser()
  const first = claimsOf((await tokensIn(browser)).id_token)
  server.advance('2h')
  const second = claimsOf((await tokensIn(browser, { max_age: '10000' })).id_token)
  assert.equal(second.auth_time, first.auth_time)
  assert.notEqual(second.iat, first.iat)
})

test('OIDC Core §3.1.2.1: the session may be exactly as old as max_age, and no older', async () => {
  const browser = server.browser()
  await tokensIn(browser)
  server.advance('60s')
  assert.equal(pageOf(await browser.open(authorizationUrl(server, client, { max_age: '60' }))), undefined)
  server.advance('1s')
  const page = await browser.open(authorizationUrl(server, client, { max_age: '60' }))
  assert.equal(pageOf(page), '/u/login')
})

test('OIDC Core §3.1.2.1: max_age=0 is not absent, but asks for a new login', async () => {
  const browser = server.browser()
  await tokensIn(browser)
  const page = await browser.open(authorizationUrl(server, client, { max_age: '0' }))
  assert.equal(pageOf(page), '/u/login')
  assert.ok(answerOf(await browser.logIn(page, user)).has('code'))
})

test('OIDC Core §3.1.2.6: max_age with prompt=none is login_required once the login is too old', async () => {
  const browser = server.browser()
  await tokensIn(browser)
  server.advance('2s')
  const shown = await browser.open(authorizationUrl(server, client, { max_age: '1', prompt: 'none' }))
  assert.equal(answerOf(shown).get('error'), 'login_required')
  assert.equal(server.lastRefusal(), 'authorize.login_required')
})

test('OIDC Core §12.2: auth_time stays through refreshes and silent requests', async () => {
  const browser = server.browser()
  const first = await tokensIn(browser, { scope: 'openid offline_access' })
  const { auth_time } = claimsOf(first.id_token)
  server.advance('3h')
  const refreshed = await granted(await refresh(server, client, first.refresh_token))
  const silent = await tokensIn(browser, { prompt: 'none' })
  for (const { id_token } of [refreshed, silent]) assert.equal(claimsOf(id_token).auth_time, auth_time)
})

test('OIDC Core §3.1.2.1: max_age that is no whole number of seconds is refused', async () => {
  for (const max_age of ['-1', '1.5', '1e3', 'abc', '0x10', ' 1', '12345678901', '١']) {
    assertRedirectRefusal(server, await authorize(server, client, { max_age }), {
      error: 'invalid_request',
      rule: 'authorize.max_age_malformed',
    })
  }
})
