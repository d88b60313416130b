import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { type Shown, startTestServer, type TestBrowser } from '../../src/testkit/testkit.ts'
import { answerOf, authorizationUrl, authorize, pageOf, throughPages } from './requests.ts'

const server = await startTestServer()
after(() => server.close())
const user = await server.aUser()
const client = await server.aClient()
const stranger = await server.aClient({ isFirstParty: false })

function tokenOf(page: Shown): string {
  return /name="csrf_token" value="([^"]+)"/.exec(page.html)?.[1] ?? ''
}

function cookiesOf(browser: TestBrowser): string {
  return [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
}

/** Posts fields to a page as this browser would, without its hidden ones. */
function post(
  page: Shown,
  browser: TestBrowser,
  fields: Readonly<Record<string, string>>,
): Promise<Response> {
  const headers = { cookie: cookiesOf(browser) }
  return server.fetch(page.url, { method: 'POST', body: new URLSearchParams(fields), headers })
}

const loginFields = { username: user.email, password: user.password, action: 'login' }

test('RFC 9700 §4.7: a login form without its token, or with another, is refused and logs nobody in', async (t) => {
  const browser = server.browser()
  const page = await browser.open(authorizationUrl(server, client))
  const second = await browser.open(authorizationUrl(server, client))
  const elsewhere = await server.browser().open(authorizationUrl(server, client))
  const rows = [
    { name: 'none', token: undefined },
    { name: 'an empty one', token: '' },
    { name: 'a wrong one', token: 'a'.repeat(43) },
    { name: 'one of another transaction in the same browser', token: tokenOf(second) },
    { name: 'one of another browser', token: tokenOf(elsewhere) },
  ]
  for (const { name, token } of rows) {
    await t.test(name, async () => {
      const response = await post(page, browser, {
        ...loginFields,
        ...(token !== undefined && { csrf_token: token }),
      })
      assert.equal(response.status, 403)
      assert.equal(
        response.headers.getSetCookie().some((cookie) => cookie.includes('session')),
        false,
      )
    })
  }
  assert.ok(answerOf(await browser.logIn(page, user)).has('code'), 'its own token passes')
})

test('RFC 9700 §4.7: a consent form without its token, or with another, allows nothing', async (t) => {
  const browser = server.browser()
  const login = await browser.open(authorizationUrl(server, stranger))
  const page = await browser.logIn(login, user)
  const second = await browser.open(authorizationUrl(server, stranger))
  const rows = [
    { name: 'none', token: undefined },
    { name: 'a wrong one', token: 'a'.repeat(43) },
    { name: 'the one of the login form', token: tokenOf(login) },
    { name: 'one of another transaction', token: tokenOf(second) },
  ]
  for (const action of ['accept', 'deny', 'switch_account']) {
    for (const { name, token } of rows) {
      await t.test(`${action}: ${name}`, async () => {
        const fields = { action, ...(token !== undefined && { csrf_token: token }) }
        const response = await post(page, browser, fields)
        // The page is shown anew, for whoever is logged in now.
        assert.equal(response.status, 200)
        assert.equal(response.headers.get('location'), null)
        assert.match(await response.text(), /name="action" value="accept"/)
      })
    }
  }
  assert.ok(answerOf(await browser.allow(page)).has('code'), 'its own token passes')
})

test('RFC 9700 §4.7: a token that is repeated is no token', async () => {
  const browser = server.browser()
  const page = await browser.open(authorizationUrl(server, client))
  const body = new URLSearchParams({ ...loginFields, csrf_token: tokenOf(page) })
  body.append('csrf_token', tokenOf(page))
  const response = await server.fetch(page.url, {
    method: 'POST',
    body,
    headers: { cookie: cookiesOf(browser) },
  })
  assert.equal(response.status, 403)
})

test('RFC 9700 §4.7: another browser can neither see nor finish a waiting request (login CSRF)', async () => {
  const attacker = server.browser()
  const page = await attacker.open(authorizationUrl(server, client))
  const victim = server.browser()
  await throughPages(server, { client, user, browser: victim })
  for (const browser of [victim, server.browser()]) {
    const opened = await browser.open(page.url)
    assert.deepEqual([opened.status, opened.leftTo], [400, undefined])
    const posted = await post(page, browser, { ...loginFields, csrf_token: tokenOf(page) })
    assert.deepEqual([posted.status, posted.headers.get('location')], [400, null])
    assert.equal(
      posted.headers.getSetCookie().some((cookie) => cookie.includes('session')),
      false,
    )
  }
})

test('RFC 9700 §4.7: the consent of one browser cannot be given by another with the same user', async () => {
  const owner = server.browser()
  const page = await owner.logIn(
    await owner.open(authorizationUrl(server, stranger, { prompt: 'consent' })),
    user,
  )
  const other = server.browser()
  await throughPages(server, { client, user, browser: other })
  const shown = await post(page, other, { action: 'accept', csrf_token: tokenOf(page) })
  assert.deepEqual([shown.status, shown.headers.get('location')], [400, null])
})

test('RFC 6265 §8.4: a login makes a new session, and the old one ends', async () => {
  const browser = server.browser()
  await throughPages(server, { client, user, browser })
  const name = '__Host-valetkey_session'
  const before = browser.cookies.get(name) ?? ''
  await throughPages(server, { client, user, browser }, { prompt: 'login' })
  assert.notEqual(browser.cookies.get(name), before)
  const stolen = await server.fetch(authorizationUrl(server, client, { prompt: 'none' }), {
    headers: { cookie: `${name}=${before}` },
  })
  assert.match(stolen.headers.get('location') ?? '', /error=login_required/)
})

test('RFC 6265 §8.4: a session value that somebody planted is not taken over by a login', async () => {
  const browser = server.browser()
  const page = await browser.open(authorizationUrl(server, client))
  const planted = `${cookiesOf(browser)}; __Host-valetkey_session=planted`
  const response = await server.fetch(page.url, {
    method: 'POST',
    body: new URLSearchParams({ ...loginFields, csrf_token: tokenOf(page) }),
    headers: { cookie: planted },
  })
  const [session = ''] = response.headers.getSetCookie().filter((cookie) => cookie.includes('session'))
  assert.match(session, /^__Host-valetkey_session=[\w-]{43};/)
})

test('RFC 6265 §4.1.2: cookies of an https issuer', async () => {
  const response = await authorize(server, client)
  const cookies = response.headers.getSetCookie()
  assert.equal(cookies.length, 1)
  assert.match(
    cookies[0] ?? '',
    /^__Host-valetkey_browser=[\w-]{43}; Max-Age=604800; Path=\/; HttpOnly; Secure; SameSite=None$/,
  )
})

test('RFC 6265 §4.1.2: cookies of an http issuer on a loopback address', async () => {
  const local = await startTestServer({ settings: { publicUrl: 'http://localhost:4400' } })
  const app = await local.aClient()
  const ada = await local.aUser()
  const browser = local.browser()
  const page = await browser.open(authorizationUrl(local, app))
  const response = await local.fetch(page.url, {
    method: 'POST',
    body: new URLSearchParams({ ...loginFields, username: ada.email, csrf_token: tokenOf(page) }),
    headers: { cookie: cookiesOf(browser) },
  })
  await local.close()
  const [session = '', browserState = '', ...others] = response.headers.getSetCookie()
  assert.match(session, /^valetkey_session_4400=[\w-]{43}; Max-Age=604800; Path=\/; HttpOnly; SameSite=Lax$/)
  // OIDC Session Management §3.2: the page in the frame reads this one, so it is not HttpOnly.
  assert.match(browserState, /^valetkey_browser_state_4400=[\w-]{43}; Max-Age=604800; Path=\/; SameSite=Lax$/)
  assert.deepEqual(others, [])
})

test('RFC 6265 §8.5: two servers on one host, on two ports, keep out of the way of each other', async () => {
  const origins = [
    'http://localhost:4400',
    'http://localhost:4402',
    'https://localhost:4404',
    'https://localhost',
  ]
  const scenes = await Promise.all(
    origins.map(async (publicUrl) => {
      const one = await startTestServer({ settings: { publicUrl } })
      const scene = { one, client: await one.aClient(), user: await one.aUser(), browser: one.browser() }
      await throughPages(one, scene)
      return scene
    }),
  )
  const names = scenes.flatMap(({ browser }) => [...browser.cookies.keys()])
  assert.equal(new Set(names).size, names.length)
  assert.ok(names.includes('__Host-valetkey_session_4404') && names.includes('__Host-valetkey_session'))
  const cookie = scenes.map(({ browser }) => cookiesOf(browser)).join('; ')
  for (const { one, client: app } of scenes) {
    const response = await one.fetch(authorizationUrl(one, app, { prompt: 'none' }), {
      headers: { cookie },
      redirect: 'manual',
    })
    assert.match(response.headers.get('location') ?? '', /[?&]code=/, one.issuer)
    await one.close()
  }
})

test('RFC 9700 §4.12: after a form the browser is sent on with 303', async () => {
  const browser = server.browser()
  const page = await browser.open(authorizationUrl(server, client))
  const response = await post(page, browser, { ...loginFields, csrf_token: tokenOf(page) })
  assert.equal(response.status, 303)
})

test('RFC 9700 §4.11.2: nothing but a registered redirection URI is a way out of our pages', async (t) => {
  const browser = server.browser()
  const page = await browser.open(authorizationUrl(server, client))
  const rows = [
    { name: 'return_to', query: 'return_to=https://evil.test/' },
    { name: 'redirect_uri', query: 'redirect_uri=https://evil.test/' },
    { name: 'next', query: 'next=//evil.test' },
  ]
  for (const { name, query } of rows) {
    await t.test(name, async () => {
      const shown = await browser.open(`${page.url}&${query}`)
      assert.deepEqual([shown.status, pageOf(shown)], [200, '/u/login'])
      assert.doesNotMatch(shown.html, /evil\.test/)
    })
  }
})

test('RFC 9700 §4.16: pages cannot be framed, and run no script', async () => {
  const page = await server.browser().open(authorizationUrl(server, client))
  assert.equal(page.headers.get('x-frame-options'), 'DENY')
  const policy = page.headers.get('content-security-policy') ?? ''
  for (const part of [
    "default-src 'none'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'self'",
  ])
    assert.ok(policy.includes(part), part)
  assert.doesNotMatch(policy, /unsafe|\*/)
  assert.doesNotMatch(page.html, /<script/)
})

test('RFC 6819 §5.1.5.4: what the request names is shown as text, never as markup', async () => {
  const attack = '"><script>alert(1)</script>'
  const page = await server
    .browser()
    .open(authorizationUrl(server, client, { login_hint: attack, state: attack }))
  assert.ok(page.html.includes('&lt;script&gt;'))
  assert.doesNotMatch(page.html, /<script>alert/)
})

test('RFC 6749 §3.1: waiting requests are looked up by their hash, and nonsense finds none', async () => {
  const browser = server.browser()
  await browser.open(authorizationUrl(server, client))
  for (const id of ['', 'x', '%00', '%ff', '../x', 'a'.repeat(20_000)]) {
    for (const path of ['u/login', 'u/consent']) {
      const shown = await browser.open(`${server.issuer}${path}?state=${id}`)
      assert.deepEqual([shown.status, shown.leftTo], [400, undefined])
    }
  }
})
