import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import fc from 'fast-check'
import { type Shown, startTestServer, type TestBrowser } from '../../src/testkit/testkit.ts'
import { hostileBody, hostileForm } from './hostile.ts'
import { authorizationUrl } from './requests.ts'

const limits = { failedLoginsPerAccount: 1_000_000, failedLoginsPerAddress: 1_000_000 }
const server = await startTestServer({ settings: { attackProtection: limits } })
after(() => server.close())
const user = await server.aUser()
const stranger = await server.aClient({ isFirstParty: false })
const form = 'application/x-www-form-urlencoded'

function csrfToken(page: Shown): string {
  return /name="csrf_token" value="([^"]+)"/.exec(page.html)?.[1] ?? ''
}

function post(
  path: string,
  query: string,
  browser: TestBrowser,
  body: BodyInit,
  type = form,
): Promise<Response> {
  const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  const headers = { cookie, 'content-type': type }
  return server.fetch(`${server.issuer}u/${path}?${query}`, { method: 'POST', body, headers })
}

/** A page or a way on, never a failure, and no way to anywhere but the redirection URI. */
async function assertPageAnswer(response: Response): Promise<void> {
  const html = await response.text()
  assert.ok([200, 303, 400, 403, 429].includes(response.status), `${response.status} ${html}`)
  const location = response.headers.get('location')
  if (location === null) assert.equal(response.headers.get('content-type'), 'text/html; charset=utf-8')
  else assert.match(location, /^(?:https:\/\/app\.test\/callback\?|https:\/\/valetkey\.test\/u\/|\/u\/)/)
  assert.doesNotMatch(html, /<script/)
  assert.deepEqual(
    server.log.filter(({ event }) => event === 'request.failed'),
    [],
  )
}

test('RFC 6749 §4.1.1: whatever a login form holds, the answer is a page or a way on', async () => {
  const browser = server.browser()
  const page = await browser.open(authorizationUrl(server, stranger))
  const state = new URL(page.url).searchParams.get('state') ?? ''
  const fields = hostileForm({
    csrf_token: csrfToken(page),
    username: user.email,
    password: 'wrong',
    action: 'login',
  })
  const property = fc.asyncProperty(fields, hostileForm({ state }), async (body, query) => {
    await assertPageAnswer(await post('login', query, browser, body))
  })
  await fc.assert(property, { numRuns: 100 })
})

test('RFC 6749 §4.1.1: whatever JSON is posted to the login page, nothing fails', async () => {
  const browser = server.browser()
  const page = await browser.open(authorizationUrl(server, stranger))
  const query = new URL(page.url).search.slice(1)
  for (const username of ['a\0b', '\ud800', 'x'.repeat(5000), { a: 1 }, ['a'], null, 7]) {
    const body = JSON.stringify({ csrf_token: csrfToken(page), username, password: 'x\0\udfff' })
    await assertPageAnswer(await post('login', query, browser, body, 'application/json'))
  }
})

test('RFC 6749 §4.1.1: whatever a consent form holds, the answer is a page or a way on', async () => {
  const browser = server.browser()
  const first = await browser.open(authorizationUrl(server, stranger, { prompt: 'consent' }))
  await browser.logIn(first, user)
  // The real values of each page take the place of these words.
  const fields = hostileForm({ csrf_token: 'TOKEN', scope: 'openid', action: 'accept' })
  const property = fc.asyncProperty(fields, hostileForm({ state: 'STATE' }), async (body, query) => {
    const page = await browser.open(authorizationUrl(server, stranger, { prompt: 'consent' }))
    const state = new URL(page.url).searchParams.get('state') ?? ''
    const posted = body.replaceAll('TOKEN', csrfToken(page))
    await assertPageAnswer(await post('consent', query.replaceAll('STATE', state), browser, posted))
  })
  await fc.assert(property, { numRuns: 100 })
})

test('RFC 6749 §4.1.1: whatever bytes and content type come, the pages do not fail', async () => {
  const browser = server.browser()
  const page = await browser.open(authorizationUrl(server, stranger))
  const query = new URL(page.url).search.slice(1)
  const property = fc.asyncProperty(
    hostileBody,
    fc.constantFrom('login', 'consent'),
    async ({ bytes, type }, path) => assertPageAnswer(await post(path, query, browser, bytes, type)),
  )
  await fc.assert(property, { numRuns: 100 })
})

test('RFC 6749 §4.1.1: whatever languages and cookies a browser sends, there is a page', async () => {
  const text = fc
    .string({ unit: 'binary', maxLength: 80 })
    .map((value) => value.replaceAll(/[^\x20-\x7e]/g, 'x'))
  const page = await server.browser().open(authorizationUrl(server, stranger))
  const property = fc.asyncProperty(text, text, async (language, cookie) => {
    const headers = { 'accept-language': language, cookie: `__Host-valetkey_browser=${cookie}; ${cookie}` }
    await assertPageAnswer(await server.fetch(page.url, { headers }))
  })
  await fc.assert(property, { numRuns: 100 })
})
