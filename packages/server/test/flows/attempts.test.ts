import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Shown, TestServer, TestUser } from '../../src/testkit/testkit.ts'
import { answerOf, authorizationUrl, pageOf } from '../rfc/requests.ts'
import { onEveryEngine } from './engines.ts'

const settings = { attackProtection: { failedLoginsPerAccount: 3, failedLoginsPerAddress: 20 } }
const wrong = 'wrong password'

async function loginPage(server: TestServer) {
  const client = await server.aClient()
  const browser = server.browser()
  const page = await browser.open(authorizationUrl(server, client))
  const tryWith = (email: string, password: string): Promise<Shown> =>
    browser.logIn(page, { email, password })
  return { browser, tryWith }
}

async function lockOut(server: TestServer, user: Pick<TestUser, 'email'>) {
  const page = await loginPage(server)
  for (const _ of [1, 2, 3]) assert.equal((await page.tryWith(user.email, wrong)).status, 400)
  return page
}

onEveryEngine((running) => {
  test('RFC 6749 §10.10: an account locks after its last attempt, also for the right password', async () => {
    const server = running()
    const user = await server.aUser({ email: 'locked@example.com' })
    const { tryWith } = await lockOut(server, user)
    assert.equal((await tryWith(user.email, user.password)).status, 429)
    server.advance('15m')
    assert.ok(answerOf(await tryWith(user.email, user.password)).has('code'))
  })

  test('RFC 6749 §10.10: the owner is told once, and the link in the mail unlocks once', async () => {
    const server = running()
    const user = await server.aUser({ email: 'mailed@example.com' })
    const before = server.mails.length
    const { tryWith, browser } = await lockOut(server, user)
    for (const _ of [1, 2]) await tryWith(user.email, wrong)
    await server.idle()
    const [mail, ...others] = server.mails.slice(before)
    assert.equal(others.length, 0)
    assert.equal(mail?.to, user.email)
    const link = /https:\S+\/u\/unblock\?ticket=[\w-]+/.exec(mail?.text ?? '')?.[0] ?? ''
    // A program that checks the links of a mail opens them and unlocks nothing.
    assert.equal((await browser.open(link)).status, 200)
    assert.equal((await tryWith(user.email, user.password)).status, 429)
    const unlocked = await unlock(browser, link)
    assert.equal(unlocked.status, 200)
    assert.ok(answerOf(await tryWith(user.email, user.password)).has('code'))
    assert.equal((await unlock(browser, link)).status, 400)
  })

  test('RFC 6749 §10.10: an unknown user locks as a known one does, and nobody gets mail', async () => {
    const server = running()
    const before = server.mails.length
    const known = await server.aUser({ email: 'known@example.com' })
    const unknownPage = await (await loginPage(server)).tryWith('nobody@example.com', wrong)
    const knownPage = await (await loginPage(server)).tryWith(known.email, wrong)
    const problem = ({ html }: Shown) => /<p class="problem"[\s\S]*?<\/p>/.exec(html)?.[0]
    assert.equal(problem(unknownPage), problem(knownPage))
    const { tryWith } = await loginPage(server)
    for (const _ of [1, 2]) await tryWith('nobody@example.com', wrong)
    assert.equal((await tryWith('nobody@example.com', wrong)).status, 429)
    await server.idle()
    assert.equal(server.mails.length, before)
  })

  test('RFC 6749 §10.10: 20 guesses at once are as many as the limit, not one more', async () => {
    const server = running()
    const user = await server.aUser({ email: 'parallel@example.com' })
    server.advance('1h')
    const { tryWith } = await loginPage(server)
    const guesses = await Promise.all(Array.from({ length: 20 }, () => tryWith(user.email, wrong)))
    assert.equal(guesses.filter(({ status }) => status === 400).length, 3)
    assert.equal(guesses.filter(({ status }) => status === 429).length, 17)
  })

  test('RFC 6749 §10.10: a right password forgets the wrong ones before it', async () => {
    const server = running()
    server.advance('1h')
    const user = await server.aUser({ email: 'forgiven@example.com' })
    for (const _ of [1, 2, 3]) {
      const { tryWith } = await loginPage(server)
      for (const __ of [1, 2]) assert.equal((await tryWith(user.email, wrong)).status, 400)
      assert.ok(answerOf(await tryWith(user.email, user.password)).has('code'))
    }
  })

  test('RFC 6749 §10.10: an address that guesses at many accounts is locked at all of them', async () => {
    const server = running()
    server.advance('1h')
    const { tryWith } = await loginPage(server)
    for (let count = 0; count < 20; count += 1)
      assert.equal((await tryWith(`user-${count}@example.com`, wrong)).status, 400)
    assert.equal((await tryWith('user-99@example.com', wrong)).status, 429)
  })

  test('RFC 6749 §4.1.1: the login page says what is missing, and keeps the name that was typed', async () => {
    const server = running()
    server.advance('1h')
    const user = await server.aUser({ email: 'typed@example.com' })
    const { tryWith } = await loginPage(server)
    const missing = await tryWith(user.email, '')
    assert.deepEqual([missing.status, pageOf(missing)], [400, '/u/login'])
    assert.ok(missing.html.includes('value="typed@example.com"'))
    assert.doesNotMatch(missing.html, /value="wrong password"/)
    const spaced = await tryWith(`  ${user.email.toUpperCase()} `, user.password)
    assert.ok(answerOf(spaced).has('code'))
  })

  test('RFC 6749 §10.10: a blocked user learns so with the right password alone', async () => {
    const server = running()
    server.advance('1h')
    const user = await server.aUser({ email: 'blocked@example.com', blocked: true })
    const { tryWith } = await loginPage(server)
    const guessed = await tryWith(user.email, wrong)
    assert.doesNotMatch(guessed.html, /account is blocked/)
    const known = await tryWith(user.email, user.password)
    assert.match(known.html, /account is blocked/)
    assert.equal(known.leftTo, undefined)
  })
}, settings)

/** Opens the link of a mail and does what its page asks. */
async function unlock(browser: ReturnType<TestServer['browser']>, link: string): Promise<Shown> {
  const page = await browser.open(link)
  return page.html.includes('<form') ? browser.submit(page, {}) : page
}
