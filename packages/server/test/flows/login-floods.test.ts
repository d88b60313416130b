import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { WorkLine } from '../../src/accounts/work-line.ts'
import { resolveConfig } from '../../src/config/config.ts'
import { createServer, type Server } from '../../src/server.ts'
import { testBrowser } from '../../src/testkit/browser.ts'
import { makeClient, makeUser } from '../../src/testkit/builders.ts'
import { startTestServer, type TestServer } from '../../src/testkit/testkit.ts'
import { authorizationParameters, authorizationUrl, credentials, token } from '../rfc/requests.ts'
import { onEveryEngine } from './engines.ts'

const wrong = 'wrong password'

/** Posts the login form from an address that the proxy in front of the server tells. */
async function guesser(server: TestServer) {
  const client = await server.aClient()
  const browser = server.browser()
  const page = await browser.open(authorizationUrl(server, client))
  const action = new URL(/action="([^"]+)"/.exec(page.html)?.[1] ?? '', page.url)
  const csrf = /name="csrf_token" value="([^"]+)"/.exec(page.html)?.[1] ?? ''
  const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  return async (address: string, username: string, password = wrong) => {
    const body = new URLSearchParams({ csrf_token: csrf, username, password })
    const headers = { cookie, 'x-forwarded-for': address }
    return server.fetch(action, { method: 'POST', redirect: 'manual', headers, body })
  }
}

function tally(answers: readonly Response[]): Readonly<Record<number, number>> {
  return Object.fromEntries(
    Object.entries(Object.groupBy(answers, ({ status }) => status)).map(([status, all]) => [
      status,
      all?.length ?? 0,
    ]),
  )
}

const limits = { failedLoginsPerAccount: 10, failedLoginsPerAccountOverall: 30, failedLoginsPerAddress: 20 }
onEveryEngine(
  (running) => {
    test('RFC 6749 §10.10: of 300 wrong logins at once from one address, the limit is looked at and not one more', async () => {
      const guess = await guesser(running())
      const answers = await Promise.all(
        Array.from({ length: 300 }, (_, index) => guess('192.0.2.1', `flood-${index}@example.com`)),
      )
      assert.deepEqual(tally(answers), { 400: 20, 429: 280 })
    })

    test('RFC 6749 §10.10: 12 wrong logins at once send exactly one mail', async () => {
      const server = running()
      const user = await server.aUser({ email: 'twelve@example.com' })
      const guess = await guesser(server)
      const answers = await Promise.all(Array.from({ length: 12 }, () => guess('192.0.2.2', user.email)))
      assert.deepEqual(tally(answers), { 400: 10, 429: 2 })
      await server.idle()
      assert.equal(server.mails.filter(({ to }) => to === user.email).length, 1)
    })

    test('RFC 6749 §10.10, RFC 4291 §2.5.4: all addresses of one /64 are one', async () => {
      const server = running()
      const user = await server.aUser({ email: 'six@example.com' })
      const guess = await guesser(server)
      const answers: Response[] = []
      for (let host = 1; host <= 12; host += 1)
        answers.push(await guess(`2001:db8:1:2::${host.toString(16)}`, user.email))
      assert.deepEqual(tally(answers), { 400: 10, 429: 2 })
      assert.equal((await guess('2001:db8:1:3::1', user.email, user.password)).status, 303)
    })

    test('RFC 6749 §10.10: many addresses together guess no more than the ceiling of the account', async () => {
      const server = running()
      const user = await server.aUser({ email: 'botnet@example.com' })
      const guess = await guesser(server)
      const answers = await Promise.all(
        Array.from({ length: 60 }, (_, index) => guess(`198.51.100.${index}`, user.email)),
      )
      assert.deepEqual(tally(answers), { 400: 30, 429: 30 })
      await server.idle()
      assert.equal(server.mails.filter(({ to }) => to === user.email).length, 1)
    })

    test('RFC 6749 §10.10: who is locked at one address does not use up the ceiling of the account', async () => {
      const server = running()
      const user = await server.aUser({ email: 'elsewhere@example.com' })
      const guess = await guesser(server)
      for (let count = 0; count < 15; count += 1) await guess('192.0.2.4', user.email)
      for (let count = 0; count < 15; count += 1) await guess('192.0.2.5', user.email)
      assert.equal((await guess('192.0.2.6', user.email, user.password)).status, 303)
    })

    test('RFC 6749 §10.10: a login that succeeds is no failure of its address', async () => {
      const server = running()
      const user = await server.aUser({ email: 'often@example.com' })
      for (let count = 0; count < 25; count += 1) {
        const guess = await guesser(server)
        assert.equal((await guess('192.0.2.7', user.email, user.password)).status, 303)
      }
    })
  },
  { attackProtection: limits, trustedProxies: 1 },
)

const many = 1_000_000
const open = {
  failedLoginsPerAccount: many,
  failedLoginsPerAccountOverall: many,
  failedLoginsPerAddress: many,
}

test('RFC 9110 §15.6.4: logins beyond the line are turned away with 503 and cost no attempt; the rest are checked', async () => {
  const server = await startTestServer({
    settings: { attackProtection: { ...open, failedLoginsPerAccount: 66 }, trustedProxies: 1 },
  })
  try {
    const guess = await guesser(server)
    const user = await server.aUser()
    const answers = await Promise.all(
      Array.from({ length: 66 * 3 }, (_, index) => guess('192.0.2.1', `x${index}`)),
    )
    const { 503: busy = 0, 400: checked = 0 } = tally(answers)
    assert.equal(busy + checked, answers.length)
    assert.ok(busy > 0 && checked >= 66)
    for (const answer of answers.filter(({ status }) => status === 503)) {
      assert.equal(answer.headers.get('retry-after'), '2')
      assert.match(await answer.text(), /Wait a few seconds/)
    }
    assert.equal((await guess('192.0.2.1', user.email, user.password)).status, 303)
  } finally {
    await server.close()
  }
})

const realmGrant = 'http://auth0.com/oauth/grant-type/password-realm'

test('RFC 9110 §15.6.4: the password grant waits in the same line', async () => {
  const server = await startTestServer({ settings: { attackProtection: open } })
  try {
    const client = await server.aClient({ grantTypes: [realmGrant] })
    const answers = await Promise.all(
      Array.from({ length: 150 }, (_, index) =>
        token(server, {
          grant_type: realmGrant,
          realm: 'Username-Password-Authentication',
          ...credentials(client),
          username: `x${index}`,
          password: wrong,
        }),
      ),
    )
    const busy = answers.find(({ status }) => status === 503)
    assert.ok(busy, JSON.stringify(tally(answers)))
    assert.equal(busy.headers.get('retry-after'), '2')
    assert.ok(server.log.some(({ fields }) => fields.rule === 'password.too_busy'))
  } finally {
    await server.close()
  }
})

test('who waits in a line keeps the order, and a place that throws is free again', async () => {
  const line = new WorkLine(1, 2)
  const order: number[] = []
  const work = (number: number) => async () => {
    await pause(1)
    order.push(number)
    if (number === 1) throw new Error('broken')
  }
  const results = await Promise.allSettled([1, 2, 3, 4].map((number) => line.run(work(number))))
  assert.deepEqual(order, [1, 2, 3])
  assert.deepEqual(
    results.map((result) => (result.status === 'fulfilled' ? result.value.kind : 'threw')),
    ['threw', 'done', 'done', 'too_busy'],
  )
  assert.equal((await line.run(async () => 5)).kind, 'done')
})

for (const mode of ['down', 'slow'] as const) {
  test(`RFC 6749 §10.10: the answer to a wrong login is the same while the mail server is ${mode}`, async () => {
    const sending = Promise.withResolvers<void>()
    const mailer = { send: () => (mode === 'slow' ? sending.promise : Promise.reject(new Error('refused'))) }
    const resolved = resolveConfig({
      publicUrl: 'https://valetkey.test',
      store: { sqlite: { file: ':memory:' } },
      log: { level: 'silent' },
      attackProtection: { failedLoginsPerAccount: 1 },
    })
    assert.ok(resolved.kind === 'resolved')
    const server: Server = await createServer(resolved.config, { ports: { mailer } })
    try {
      const client = await makeClient(await server.call())
      const user = await makeUser(await server.call())
      for (const email of [user.email, 'nobody@example.com']) {
        const browser = testBrowser(server)
        const page = await browser.open(`${server.issuer}authorize?${authorizationParameters(client)}`)
        assert.equal((await browser.logIn(page, { email, password: wrong })).status, 400)
      }
    } finally {
      sending.resolve()
      await server.close()
    }
  })
}
