import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { startTestServer, type TestBrowser } from '../../src/testkit/testkit.ts'
import { aDeviceClient, approve, codesFor, enter, poll, toConsent } from './devices.ts'
import { granted, json, pageOf, rowsOf } from './requests.ts'

const server = await startTestServer({ settings: { trustedProxies: 1 } })
after(() => server.close())
const client = await aDeviceClient(server)
const user = await server.aUser()

async function errorOf(deviceCode: string): Promise<unknown> {
  return (await json(await poll(server, client, deviceCode))).error
}

test('RFC 8628 §3.3: the owner enters the code, logs in, sees who asks for what, and allows it', async () => {
  const codes = await codesFor(server, client, { scope: 'openid profile' })
  const browser = server.browser()
  const login = await enter(server, browser, codes.user_code)
  assert.equal(pageOf(login), '/u/login')
  assert.match(login.html, /Television/)
  const consent = await browser.logIn(login, user)
  for (const part of ['Television', codes.user_code, 'profile', 'Your device must show this code'])
    assert.ok(consent.html.includes(part), part)
  const done = await browser.allow(consent)
  assert.equal(done.status, 200)
  assert.match(done.html, /Your device is connected/)
  // A reload is no second answer.
  assert.match((await browser.open(done.url)).html, /Your device is connected/)
  assert.match(done.headers.get('content-security-policy') ?? '', /form-action 'self';/)
})

test('RFC 8628 §6.1: a code counts without case and separators', async (t) => {
  const rows = [
    { name: 'in lower case', change: (code: string) => code.toLowerCase() },
    { name: 'without the hyphen', change: (code: string) => code.replace('-', '') },
    { name: 'with spaces', change: (code: string) => ` ${[...code].join(' ')} ` },
    { name: 'with other separators', change: (code: string) => code.replace('-', '.') },
  ]
  for (const { name, change } of rows) {
    await t.test(name, async () => {
      const codes = await codesFor(server, client)
      assert.equal(pageOf(await enter(server, server.browser(), change(codes.user_code))), '/u/login')
    })
  }
})

test('RFC 8628 §3.3.1: a code in the link is filled in, and nothing happens until it is sent', async () => {
  const codes = await codesFor(server, client)
  const browser = server.browser()
  const page = await browser.open(codes.verification_uri_complete)
  assert.equal(page.status, 200)
  assert.ok(page.html.includes(`value="${codes.user_code}"`))
  assert.equal(await errorOf(codes.device_code), 'authorization_pending')
})

test('RFC 8628 §3.3.1: what comes with the link is text and never markup, and no longer than a code', async () => {
  const payload = encodeURIComponent('"><script>alert(1)</script>')
  const page = await server.browser().open(`${server.issuer}activate?user_code=${payload}`)
  assert.doesNotMatch(page.html, /<script/)
  assert.match(page.html, /&quot;&gt;&lt;script&gt;alert\(1\)/)
})

test('RFC 8628 §5.4: also who is logged in and consented before has to confirm each device', async () => {
  const browser = server.browser()
  const first = await codesFor(server, client)
  await browser.allow(await toConsent(server, browser, user, first.user_code))
  const second = await codesFor(server, client)
  const shown = await enter(server, browser, second.user_code)
  assert.equal(pageOf(shown), '/u/consent')
  assert.equal(await errorOf(second.device_code), 'authorization_pending')
})

test('RFC 8628 §3.3: an unknown, expired or answered code is told apart by nobody', async (t) => {
  const answered = await codesFor(server, client)
  await approve(server, user, answered.user_code)
  const expired = await codesFor(server, client)
  server.advance('900s')
  const rows = [
    { name: 'unknown', code: 'BCDF-GHJK' },
    { name: 'not a code', code: 'AEIO-UUUU' },
    { name: 'too short', code: 'BCD' },
    { name: 'empty', code: '' },
    { name: 'answered', code: answered.user_code },
    { name: 'expired', code: expired.user_code },
    { name: 'not storable', code: '\u0000\ud800' },
  ]
  for (const { name, code } of rows) {
    await t.test(name, async () => {
      const shown = await enter(server, server.browser(), code)
      assert.deepEqual([shown.status, pageOf(shown)], [400, '/activate'])
      assert.match(shown.html, /This code is not known, or it is no longer valid/)
    })
  }
})

test('a form without the token of this browser is refused', async () => {
  const codes = await codesFor(server, client)
  const page = await server.browser().open(`${server.issuer}activate`)
  const other = server.browser()
  const forged = await other.submit(page, { user_code: codes.user_code, action: 'continue' })
  assert.deepEqual([forged.status, pageOf(forged)], [403, '/activate'])
  const consent = await toConsent(server, server.browser(), user, codes.user_code)
  assert.equal((await other.allow(consent)).status, 400, 'another browser cannot decide')
  assert.equal(await errorOf(codes.device_code), 'authorization_pending')
})

test('RFC 8628 §3.3: of two owners with the same code the first one decides', async () => {
  const codes = await codesFor(server, client)
  const [one, two] = [server.browser(), server.browser()]
  const eve = await server.aUser({ email: 'eve@example.com' })
  const first = await toConsent(server, one, user, codes.user_code)
  const second = await toConsent(server, two, eve, codes.user_code)
  assert.equal((await two.decline(second)).status, 200)
  const late = await one.allow(first)
  assert.equal(late.status, 400)
  assert.match(late.html, /This page has expired/)
  assert.equal(await errorOf(codes.device_code), 'access_denied')
})

test('RFC 8628 §3.3: a decision that comes after the code expired counts no more', async () => {
  const codes = await codesFor(server, client)
  const browser = server.browser()
  const consent = await toConsent(server, browser, user, codes.user_code)
  server.advance('900s')
  assert.match((await browser.allow(consent)).html, /This page has expired/)
  assert.equal(await errorOf(codes.device_code), 'expired_token')
})

test('RFC 8628 §3.3: whoever is logged in can be someone else, and stays with the device', async () => {
  const codes = await codesFor(server, client)
  const browser = server.browser()
  const mary = await server.aUser({ email: 'mary@example.com' })
  const consent = await toConsent(server, browser, user, codes.user_code)
  const login = await browser.submit(consent, { action: 'switch_account' })
  assert.equal(pageOf(login), '/u/login')
  await browser.allow(await browser.logIn(login, mary))
  const tokens = await granted(await poll(server, client, codes.device_code))
  const { sub } = JSON.parse(Buffer.from(tokens.id_token?.split('.')[1] ?? '', 'base64url').toString())
  assert.equal(sub, mary.id)
})

test('RFC 8628 §3.3: who was blocked since the login connects no device', async () => {
  const grace = await server.aUser({ email: 'grace@example.com' })
  const browser = server.browser()
  const first = await codesFor(server, client)
  await browser.allow(await toConsent(server, browser, grace, first.user_code))
  const { password: _password, ...row } = grace
  await rowsOf(server).users.update({ ...row, blocked: true })
  const second = await codesFor(server, client)
  const shown = await enter(server, browser, second.user_code)
  assert.match(shown.html, /The device was not connected/)
  assert.equal(await errorOf(second.device_code), 'access_denied')
})

test('RFC 8628 §5.1: codes cannot be guessed from one address, whatever browser it uses', async () => {
  const address = { 'x-forwarded-for': '192.0.2.7' }
  const guess = async (headers: Record<string, string>) => {
    const page = await server.fetch(`${server.issuer}activate`, { headers })
    const cookie = page.headers
      .getSetCookie()
      .map((value) => value.split(';')[0])
      .join('; ')
    const [, csrf_token = ''] = /name="csrf_token" value="([^"]*)"/.exec(await page.text()) ?? []
    const body = new URLSearchParams({ csrf_token, user_code: 'BCDF-GHJK' })
    return server.fetch(`${server.issuer}activate`, { method: 'POST', body, headers: { ...headers, cookie } })
  }
  const guesses = await Promise.all(Array.from({ length: 120 }, () => guess(address)))
  assert.equal(guesses.filter(({ status }) => status === 400).length, 100)
  assert.equal(guesses.filter(({ status }) => status === 429).length, 20)
  assert.equal((await guess({ 'x-forwarded-for': '192.0.2.8' })).status, 400, 'others are not affected')
  server.advance('901s')
  assert.equal((await guess(address)).status, 400)
})

test('RFC 8628 §5.1: nor by one user, who could change addresses', async () => {
  const browser = server.browser()
  const codes = await codesFor(server, client)
  await toConsent(server, browser, user, codes.user_code)
  const statuses = await manyGuesses(browser, 25)
  assert.equal(statuses.filter((status) => status === 400).length, 20)
  const right = await enter(server, browser, codes.user_code)
  assert.equal(right.status, 429)
  assert.match(right.html, /Too many attempts/)
  assert.equal(pageOf(await enter(server, server.browser(), codes.user_code)), '/u/login')
})

async function manyGuesses(browser: TestBrowser, count: number): Promise<readonly number[]> {
  const page = await browser.open(`${server.issuer}activate`)
  const shown = Array.from({ length: count }, () =>
    browser.submit(page, { user_code: 'BCDF-GHJK', action: 'continue' }),
  )
  return (await Promise.all(shown)).map(({ status }) => status)
}
