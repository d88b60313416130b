import assert from 'node:assert/strict'
import { after, beforeEach, test } from 'node:test'
import { startTestServer, type TestBrowser, type TestUser } from '../../src/testkit/testkit.ts'
import {
  answerOf,
  assertPageRefusal,
  authorizationUrl,
  claimsOf,
  form,
  type Given,
  pageOf,
  rowsOf,
  throughPages,
  userInfo,
} from '../rfc/requests.ts'
import { forged, unsigned, withPayload } from './forged.ts'

const server = await startTestServer()
after(() => server.close())
const logoutUrls = ['https://app.test/bye', 'https://app.test/bye?from=valetkey', 'com.app:/bye']
const client = await server.aClient({
  grantTypes: ['authorization_code', 'implicit'],
  allowedLogoutUrls: logoutUrls,
})
const other = await server.aClient({ grantTypes: ['implicit'], allowedLogoutUrls: ['https://other.test/'] })
const user = await server.aUser()
const grace = await server.aUser({ email: 'grace@example.com' })

let browser: TestBrowser
let hint = ''

async function logIn(as: TestUser = user, own = server.browser(), asking = client) {
  const given = { response_type: 'id_token', nonce: 'n' }
  const shown = await throughPages(server, { client: asking, user: as, browser: own }, given)
  return { own, idToken: answerOf(shown).get('id_token') ?? '' }
}

beforeEach(async () => {
  const { own, idToken } = await logIn()
  browser = own
  hint = idToken
})

function logoutUrl(given: Given): string {
  return `${server.issuer}oidc/logout?${form(given)}`
}

async function isLoggedIn(own = browser): Promise<boolean> {
  const shown = await own.open(authorizationUrl(server, client, { prompt: 'none' }))
  return answerOf(shown).get('error') === null
}

test('RP-Initiated Logout §2: with a hint the session ends at once, and the browser goes back with its state', async () => {
  const state = `a b&c=d ${'x'.repeat(512)} "'<>`
  const shown = await browser.open(
    logoutUrl({ id_token_hint: hint, post_logout_redirect_uri: 'https://app.test/bye', state }),
  )
  const url = shown.leftTo?.url
  assert.equal(`${url?.origin}${url?.pathname}`, 'https://app.test/bye')
  assert.deepEqual([...(url?.searchParams ?? [])], [['state', state]])
  assert.equal(await isLoggedIn(), false)
})

test('RP-Initiated Logout §3: the URI keeps its own query, and without a state nothing is added', async () => {
  const uri = 'https://app.test/bye?from=valetkey'
  const bare = await browser.open(logoutUrl({ id_token_hint: hint, post_logout_redirect_uri: uri }))
  assert.equal(bare.leftTo?.url.href, uri)
  const again = await logIn()
  const given = { id_token_hint: again.idToken, post_logout_redirect_uri: uri, state: 's' }
  assert.equal((await again.own.open(logoutUrl(given))).leftTo?.url.href, `${uri}&state=s`)
})

test('RP-Initiated Logout §2: a private scheme can be gone back to', async () => {
  const given = { id_token_hint: hint, post_logout_redirect_uri: 'com.app:/bye' }
  assert.equal((await browser.open(logoutUrl(given))).leftTo?.url.href, 'com.app:/bye')
})

test('RP-Initiated Logout §2: POST with a form works like GET', async () => {
  const body = form({ id_token_hint: hint, post_logout_redirect_uri: 'https://app.test/bye', state: 's' })
  const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  const response = await server.fetch(`${server.issuer}oidc/logout`, {
    method: 'POST',
    body,
    headers: { cookie },
    redirect: 'manual',
  })
  assert.deepEqual([response.status, response.headers.get('location')], [303, 'https://app.test/bye?state=s'])
  assert.equal(await isLoggedIn(), false)
})

test('RP-Initiated Logout §4: an expired hint is as good as a fresh one', async () => {
  const short = await server.aClient({
    grantTypes: ['implicit'],
    idToken: { signingAlgorithm: 'ES256', lifetimeSeconds: 1 },
    allowedLogoutUrls: ['https://app.test/bye'],
  })
  const { own, idToken } = await logIn(user, server.browser(), short)
  server.advance('1h')
  const shown = await own.open(
    logoutUrl({ id_token_hint: idToken, post_logout_redirect_uri: 'https://app.test/bye' }),
  )
  assert.equal(shown.leftTo?.url.href, 'https://app.test/bye')
  assert.equal(await isLoggedIn(own), false)
})

interface Page {
  readonly name: string
  given(): Given
  readonly rule: string
}

const refused: readonly Page[] = [
  {
    name: 'a URI that is not registered',
    given: () => ({ id_token_hint: hint, post_logout_redirect_uri: 'https://evil.test/' }),
    rule: 'logout.redirect_uri_not_registered',
  },
  {
    name: 'a registered URI with a query added',
    given: () => ({ id_token_hint: hint, post_logout_redirect_uri: 'https://app.test/bye?x=1' }),
    rule: 'logout.redirect_uri_not_registered',
  },
  {
    name: 'a registered URI with another case, path or port',
    given: () => ({ client_id: client.id, post_logout_redirect_uri: 'https://APP.test/bye' }),
    rule: 'logout.redirect_uri_not_registered',
  },
  {
    name: 'a registered URI in front of another host',
    given: () => ({ client_id: client.id, post_logout_redirect_uri: 'https://app.test/bye@evil.test/' }),
    rule: 'logout.redirect_uri_not_registered',
  },
  {
    name: 'a redirection URI, which is no logout URI',
    given: () => ({ id_token_hint: hint, post_logout_redirect_uri: 'https://app.test/callback' }),
    rule: 'logout.redirect_uri_not_registered',
  },
  {
    name: 'a URI of another client',
    given: () => ({ id_token_hint: hint, post_logout_redirect_uri: 'https://other.test/' }),
    rule: 'logout.redirect_uri_not_registered',
  },
  {
    name: 'a hint without a signature',
    given: () => ({ id_token_hint: unsigned(hint), post_logout_redirect_uri: 'https://app.test/bye' }),
    rule: 'logout.id_token_hint_invalid',
  },
  {
    name: 'a hint with another payload',
    given: () => ({
      id_token_hint: withPayload(hint, { aud: other.id }),
      post_logout_redirect_uri: 'https://other.test/',
    }),
    rule: 'logout.id_token_hint_invalid',
  },
  {
    name: 'a hint that somebody else signed',
    given: () => ({ id_token_hint: forged(hint) }),
    rule: 'logout.id_token_hint_invalid',
  },
  {
    name: 'a hint of another client than client_id',
    given: () => ({ id_token_hint: hint, client_id: other.id }),
    rule: 'logout.client_differs',
  },
  {
    name: 'a client_id that nobody has',
    given: () => ({ client_id: 'nobody', post_logout_redirect_uri: 'https://app.test/bye' }),
    rule: 'logout.client_unknown',
  },
  {
    name: 'a URI that comes twice',
    given: () => ({
      id_token_hint: hint,
      post_logout_redirect_uri: ['https://app.test/bye', 'https://evil.test/'],
    }),
    rule: 'parameter.repeated',
  },
]

for (const { name, given, rule } of refused) {
  test(`RP-Initiated Logout §2: ${name} ends on a page without a way out, and the session lives`, async () => {
    const shown = await browser.open(logoutUrl(given()))
    assert.equal(shown.leftTo, undefined)
    await assertPageRefusal(
      server,
      new Response(shown.html, { status: shown.status, headers: shown.headers }),
      rule,
    )
    assert.equal(await isLoggedIn(), true)
  })
}

const asking: readonly { readonly name: string; given(): Given; readonly leadsTo?: string }[] = [
  { name: 'no parameters', given: () => ({}) },
  { name: 'only a state', given: () => ({ state: 's' }) },
  {
    name: 'a URI and nobody who vouches for it',
    given: () => ({ post_logout_redirect_uri: 'https://app.test/bye', state: 's' }),
  },
  {
    name: 'a client_id, which everybody knows',
    given: () => ({
      client_id: client.id,
      post_logout_redirect_uri: 'https://app.test/bye',
      state: 's',
    }),
    leadsTo: 'https://app.test/bye?state=s',
  },
]

for (const { name, given, leadsTo } of asking) {
  test(`RP-Initiated Logout §2: with ${name} the user is asked first`, async () => {
    const asked = await browser.open(logoutUrl(given()))
    assert.deepEqual([asked.status, asked.leftTo], [200, undefined])
    assert.match(asked.html, /Log out\?/)
    assert.equal(await isLoggedIn(), true)
    const done = await browser.submit(asked, { action: 'logout' })
    if (leadsTo === undefined) {
      assert.equal(done.leftTo, undefined)
      assert.match(done.html, /You are logged out/)
    } else {
      assert.equal(done.leftTo?.url.href, leadsTo)
    }
    assert.equal(await isLoggedIn(), false)
  })
}

test('RP-Initiated Logout §2: whoever is asked may stay logged in', async () => {
  const asked = await browser.open(logoutUrl({}))
  const stayed = await browser.submit(asked, { action: 'stay' })
  assert.match(stayed.html, /You are still logged in/)
  assert.equal(await isLoggedIn(), true)
})

test('RP-Initiated Logout §2: a hint of an older session, or of another user, is asked about', async () => {
  const older = hint
  await browser.open(logoutUrl({ id_token_hint: hint }))
  await logIn(user, browser)
  const ofGrace = await logIn(grace)
  for (const id_token_hint of [older, ofGrace.idToken]) {
    const asked = await browser.open(logoutUrl({ id_token_hint }))
    assert.match(asked.html, /Log out\?/)
    assert.equal(await isLoggedIn(), true)
  }
})

test('RP-Initiated Logout §2: logout_hint with the sid of the session is proof enough, another is none', async () => {
  const asked = await browser.open(logoutUrl({ client_id: client.id, logout_hint: 'a guess' }))
  assert.match(asked.html, /Log out\?/)
  const sid = String(claimsOf(hint).sid)
  const done = await browser.open(logoutUrl({ client_id: client.id, logout_hint: sid }))
  assert.match(done.html, /You are logged out/)
  assert.equal(await isLoggedIn(), false)
})

test('RP-Initiated Logout §2: logging in again keeps the sid, so that an old hint still speaks of the session', async () => {
  const login = await browser.open(authorizationUrl(server, client, { prompt: 'login' }))
  await browser.logIn(login, user)
  const done = await browser.open(logoutUrl({ id_token_hint: hint }))
  assert.match(done.html, /You are logged out/)
  assert.equal(await isLoggedIn(), false)
})

test('RP-Initiated Logout §2: without a session there is nothing to ask, and the way back is the same', async () => {
  const stranger = server.browser()
  const given = { id_token_hint: hint, post_logout_redirect_uri: 'https://app.test/bye', state: 's' }
  assert.equal((await stranger.open(logoutUrl(given))).leftTo?.url.href, 'https://app.test/bye?state=s')
  const unknown = await stranger.open(logoutUrl({ post_logout_redirect_uri: 'https://app.test/bye' }))
  assert.deepEqual([unknown.leftTo, unknown.status], [undefined, 200])
})

test('RFC 9700 §4.7: another site cannot log a user out with a form of its own', async () => {
  const asked = await browser.open(logoutUrl({}))
  const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  const foreign = await server.browser().open(logoutUrl({}))
  for (const [body, name] of [
    [form({ request: '', action: 'logout' }), 'without a token'],
    [form({ request: '', csrf_token: 'a guess', action: 'logout' }), 'with a guess'],
    [
      form({ request: 'client_id=x', csrf_token: tokenIn(asked.html), action: 'logout' }),
      'with the token of another request',
    ],
    [
      form({ request: '', csrf_token: tokenIn(foreign.html), action: 'logout' }),
      'with a token of another browser',
    ],
  ] as const) {
    const response = await server.fetch(`${server.issuer}u/logout`, {
      method: 'POST',
      body,
      headers: { cookie },
      redirect: 'manual',
    })
    assert.deepEqual([response.status, response.headers.get('location')], [403, null], name)
    assert.equal(await isLoggedIn(), true, name)
  }
})

function tokenIn(page: string): string | undefined {
  return /name="csrf_token" value="([^"]*)"/.exec(page)?.[1]
}

test('RFC 9700 §4.16: nobody may frame the page that asks', async () => {
  const { headers } = await browser.open(logoutUrl({}))
  assert.equal(headers.get('x-frame-options'), 'DENY')
  assert.match(headers.get('content-security-policy') ?? '', /frame-ancestors 'none'/)
})

test('RP-Initiated Logout §2: what is not UTF-8 or no form ends on a page', async () => {
  const response = await server.fetch(`${server.issuer}oidc/logout?post_logout_redirect_uri=%ff`)
  await assertPageRefusal(server, response, 'parameter.malformed')
  const json = await server.fetch(`${server.issuer}oidc/logout`, { method: 'POST', body: 'text' })
  assert.equal(json.status, 200)
})

test('RP-Initiated Logout §2: a client that was deleted vouches for nothing', async () => {
  const gone = await server.aClient({ grantTypes: ['implicit'], allowedLogoutUrls: ['https://app.test/bye'] })
  const { own, idToken } = await logIn(user, server.browser(), gone)
  await rowsOf(server).clients.delete(gone.id)
  const shown = await own.open(
    logoutUrl({ id_token_hint: idToken, post_logout_redirect_uri: 'https://app.test/bye' }),
  )
  assert.deepEqual([shown.leftTo, server.lastRefusal()], [undefined, 'logout.client_unknown'])
})

test('RP-Initiated Logout §2: a logout leaves access tokens to their end, as Auth0 does', async () => {
  const shown = await throughPages(server, { client, user, browser }, { response_type: 'token' })
  await browser.open(logoutUrl({ id_token_hint: hint }))
  assert.equal((await userInfo(server, answerOf(shown).get('access_token') ?? '')).status, 200)
})

test('RP-Initiated Logout §2: the cookie of a session that ended opens nothing, also when it comes back', async () => {
  const before = new Map(browser.cookies)
  await browser.open(logoutUrl({ id_token_hint: hint }))
  const cookie = [...before].map(([name, value]) => `${name}=${value}`).join('; ')
  const response = await server.fetch(authorizationUrl(server, client, { prompt: 'none' }), {
    headers: { cookie },
    redirect: 'manual',
  })
  assert.match(response.headers.get('location') ?? '', /error=login_required/)
})

test('RP-Initiated Logout §2.1: discovery announces the endpoint', async () => {
  const metadata = await (await server.fetch(`${server.issuer}.well-known/openid-configuration`)).json()
  assert.equal((metadata as Record<string, unknown>).end_session_endpoint, `${server.issuer}oidc/logout`)
})

test('OpenID Connect Core §3.1.2.4: another account on the consent page ends the session of the first', async () => {
  const stranger = await server.aClient({ isFirstParty: false })
  const asked = await browser.open(authorizationUrl(server, stranger))
  assert.equal(pageOf(asked), '/u/consent')
  const login = await browser.submit(asked, { action: 'switch_account' })
  assert.equal(pageOf(login), '/u/login')
  assert.equal(await isLoggedIn(), false)
})
