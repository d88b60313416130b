// RFC 8628 §6.1: a tenant says what its user codes look like, how long they wait, and how many may be tried.
import assert from 'node:assert/strict'
import { after, afterEach, test } from 'node:test'
import { startTestServer } from '../../src/testkit/testkit.ts'
import { aDeviceClient, approve, codesFor, enter, poll, setCodes, toConsent } from './devices.ts'
import { assertJsonRefusal, granted, json, pageOf } from './requests.ts'

const server = await startTestServer({
  settings: { attackProtection: { userCodesPerUser: 4, userCodesPerAddress: 40, windowSeconds: 60 } },
})
after(() => server.close())
afterEach(() => server.advance('60s'))
const client = await aDeviceClient(server)

test('RFC 8628 §6.1: codes come in the charset and the mask of the tenant, and work', async (t) => {
  const user = await server.aUser()
  const rows = [
    {
      name: 'digits',
      deviceFlow: { charset: 'digits', mask: '***-***-***' },
      like: /^\d{3}-\d{3}-\d{3}$/,
    },
    {
      name: 'letters in groups of three',
      deviceFlow: { charset: 'base20', mask: '*** *** ***' },
      like: /^[BCDFGHJKLMNPQRSTVWXZ]{3} [BCDFGHJKLMNPQRSTVWXZ]{3} [BCDFGHJKLMNPQRSTVWXZ]{3}$/,
    },
    {
      name: 'as long as can be',
      deviceFlow: { charset: 'digits', mask: '*'.repeat(20) },
      like: /^\d{20}$/,
    },
  ] as const
  for (const { name, deviceFlow, like } of rows) {
    await t.test(name, async () => {
      await setCodes(server, { deviceFlow })
      const codes = await codesFor(server, client)
      assert.match(codes.user_code, like)
      const complete = new URL(codes.verification_uri_complete)
      assert.equal(complete.searchParams.get('user_code'), codes.user_code)
      assert.doesNotMatch(codes.verification_uri_complete, /[ +]/)
      const consent = await toConsent(server, server.browser(), user, codes.user_code.replace(/[- ]/g, ''))
      assert.ok(consent.html.includes(`<code>${codes.user_code}</code>`))
      await approve(server, user, codes.user_code)
      await granted(await poll(server, client, codes.device_code))
    })
  }
  await t.test('the page asks small devices for digits where codes are digits', async () => {
    const input = async () => /<input id="user-code"[^>]*>/.exec((await page()).html)?.[0]
    const page = () => server.browser().open(`${server.issuer}activate`)
    assert.match((await input()) ?? '', / inputmode="numeric"/)
    await setCodes(server)
    assert.doesNotMatch((await input()) ?? '', /inputmode/)
  })
})

test('RFC 8628 §6.1: a code that is shown already outlives a change of the format', async () => {
  const user = await server.aUser({ email: 'patient@example.com' })
  await setCodes(server)
  const codes = await codesFor(server, client)
  await setCodes(server, { deviceFlow: { charset: 'digits', mask: '*****-*****' } })
  await approve(server, user, codes.user_code)
  await granted(await poll(server, client, codes.device_code))
})

test('RFC 8628 §6.1: each character comes as often as the others', async () => {
  await setCodes(server, { deviceFlow: { charset: 'digits', mask: '*'.repeat(20) } })
  const seen = new Map<string, number>()
  for (const _ of Array(200))
    for (const character of (await codesFor(server, client)).user_code)
      seen.set(character, (seen.get(character) ?? 0) + 1)
  assert.equal(seen.size, 10)
  for (const [character, times] of seen) assert.ok(times > 300 && times < 500, `${character}: ${times}`)
})

test('RFC 8628 §3.2: codes wait as long as the tenant says', async () => {
  await setCodes(server, { deviceCodeLifetimeSeconds: 120 })
  const codes = await codesFor(server, client)
  assert.equal(codes.expires_in, 120)
  server.advance('119s')
  assert.equal((await json(await poll(server, client, codes.device_code))).error, 'authorization_pending')
  server.advance('5s')
  assert.equal(pageOf(await enter(server, server.browser(), codes.user_code)), '/activate')
  await assertJsonRefusal(server, await poll(server, client, codes.device_code), {
    error: 'expired_token',
    rule: 'device.expired',
  })
})

test('RFC 8628 §5.1: the operator says how many codes may be tried', async () => {
  await setCodes(server)
  const user = await server.aUser({ email: 'guesser@example.com' })
  const browser = server.browser()
  await toConsent(server, browser, user, (await codesFor(server, client)).user_code)
  const statuses = []
  for (const _ of Array(5)) statuses.push((await enter(server, browser, 'BCDF-GHJK')).status)
  assert.deepEqual(statuses, [400, 400, 400, 400, 429])
  server.advance('60s')
  const guess = () => enter(server, server.browser(), 'BCDF-GHJK')
  const fromAddress = await Promise.all(Array.from({ length: 45 }, guess))
  assert.equal(fromAddress.filter(({ status }) => status === 429).length, 5)
})

test('RFC 8628 §3.4: an approval that its owner took back gives nothing', async () => {
  await setCodes(server)
  const user = await server.aUser({ email: 'regrets@example.com' })
  const codes = await codesFor(server, client)
  const browser = server.browser()
  await browser.allow(await toConsent(server, browser, user, codes.user_code))
  const applications = await browser.open(`${server.issuer}account/applications`)
  await browser.submit(applications, { action: 'revoke' })
  await assertJsonRefusal(server, await poll(server, client, codes.device_code), {
    error: 'invalid_grant',
    rule: 'token.grant_ended',
  })
})
