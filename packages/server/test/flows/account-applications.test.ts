// The owner's page: what was granted to whom, and how it ends.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { startTestServer, type TestServer } from '../../src/testkit/testkit.ts'
import {
  codeFor,
  credentials,
  form,
  granted,
  json,
  pageOf,
  redeem,
  refresh,
  userInfo,
} from '../rfc/requests.ts'
import { engines } from '../support/engines.ts'

const server = await startTestServer()
after(() => server.close())
const url = `${server.issuer}account/applications`
const api = await server.anApi()
const thirdParty = { isFirstParty: false, grantTypes: ['authorization_code', 'refresh_token'] } as const

async function anApplication(on: TestServer, name: string) {
  const client = await on.aClient({ ...thirdParty, name })
  await on.aClientGrant({
    clientId: client.id,
    audience: api.identifier,
    scope: ['read:contacts', 'create:contacts'],
    subjectType: 'user',
  })
  return client
}

const planner = await anApplication(server, 'Planner')
const printer = await anApplication(server, 'Printer')
const scope = 'openid read:contacts create:contacts offline_access'

async function anOwner(email: string) {
  return { user: await server.aUser({ email }), browser: server.browser() }
}

/** Opens the page and logs in where it asks for it. */
async function open({ user, browser }: Awaited<ReturnType<typeof anOwner>>) {
  const shown = await browser.open(url)
  return shown.html.includes('name="password"') ? browser.logIn(shown, user) : shown
}

async function revoke(owner: Awaited<ReturnType<typeof anOwner>>, clientId: string) {
  const shown = await open(owner)
  const forms = shown.html.match(/<form[\s\S]*?<\/form>/g) ?? []
  const html = forms.find((one) => one.includes(`value="${clientId}"`))
  assert.ok(html, `${clientId} is not listed`)
  return owner.browser.submit({ ...shown, html }, { action: 'revoke' })
}

function textOf(html: string): string {
  return html.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ')
}

test('an owner sees each application with its APIs, scopes and dates', async () => {
  const owner = await anOwner('lists@example.com')
  assert.match(textOf((await open(owner)).html), /No application has access to your account/)
  await server.signIn({ ...owner, client: planner, api, scope, allow: ['read:contacts', 'offline_access'] })
  await server.signIn({ ...owner, client: printer, scope: 'openid email' })
  const { html, status } = await open(owner)
  assert.equal(status, 200)
  const [before = '', afterPlanner = ''] = textOf(html).split('Remove access of Planner')
  assert.match(
    before,
    /Planner .*Contacts API .*May read contacts read:contacts .*Allowed on January 1, 2026/,
  )
  // OpenID Connect Core §5.4: who the owner is, is no right at the API.
  assert.match(before, /read:contacts .*Your profile .*openid/)
  assert.match(before, /Stays connected while you are away/)
  assert.match(textOf(html), /an API that does not ask us, applications may keep working for up to 24 hours/)
  assert.doesNotMatch(before, /create:contacts/)
  assert.match(
    afterPlanner,
    /Printer .*Your profile .*See your email address email .*Remove access of Printer/,
  )
  assert.doesNotMatch(afterPlanner, /Stays connected/)
})

test("a first-party application that was never asked for is listed by its refresh token's scopes", async () => {
  const owner = await anOwner('silent@example.com')
  const own = await server.aClient({ name: 'Own' })
  await server.signIn({ ...owner, client: own, api, scope: 'openid read:contacts offline_access' })
  assert.match(textOf((await open(owner)).html), /Own .*Contacts API .*read:contacts .*Remove access of Own/)
})

test('RFC 7009 §2.1: taking access back ends consent, refresh tokens, access tokens and codes of that application', async () => {
  const owner = await anOwner('revokes@example.com')
  const tokens = await server.signIn({ ...owner, client: planner, api, scope })
  const opaque = await server.signIn({ ...owner, client: planner, scope: 'openid' })
  const kept = await server.signIn({ ...owner, client: printer, api, scope })
  const waiting = await codeFor(server, { ...owner, client: planner }, { scope, audience: api.identifier })
  server.advance('1s')
  const shown = await revoke(owner, planner.id)
  assert.match(textOf(shown.html), /Planner has no access any more/)
  assert.doesNotMatch(textOf(shown.html), /Remove access of Planner/)
  assert.match(textOf(shown.html), /Printer/)

  assert.equal((await userInfo(server, tokens.access_token)).status, 401)
  assert.equal((await userInfo(server, opaque.access_token)).status, 401)
  assert.equal((await refresh(server, planner, tokens.refresh_token)).status, 400)
  const late = await redeem(server, planner, waiting)
  assert.deepEqual([late.status, (await json(late)).error], [400, 'invalid_grant'])
  assert.equal(server.lastRefusal(), 'token.grant_ended')
  const body = form({ ...credentials(planner), token: tokens.access_token })
  const asked = await server.fetch(`${server.issuer}oauth/introspect`, { method: 'POST', body })
  assert.deepEqual(await json(asked), { active: false })

  assert.equal((await userInfo(server, kept.access_token)).status, 200)
  await granted(await refresh(server, printer, kept.refresh_token))
})

test('RFC 6749 §1.1: whoever was sent away may be let in again', async () => {
  const owner = await anOwner('again@example.com')
  await server.signIn({ ...owner, client: planner, api, scope })
  server.advance('1s')
  await revoke(owner, planner.id)
  server.advance('1s')
  const { browser } = owner
  const asked = await browser.open(
    `${server.issuer}authorize?${form({
      response_type: 'code',
      client_id: planner.id,
      redirect_uri: planner.redirectUris[0],
      scope: 'openid',
    })}`,
  )
  assert.equal(pageOf(asked), '/u/consent')
  const tokens = await server.signIn({ ...owner, client: planner, api, scope })
  assert.equal((await userInfo(server, tokens.access_token)).status, 200)
  await granted(await refresh(server, planner, tokens.refresh_token))
})

test("one owner's decision is nothing to another owner", async () => {
  const one = await anOwner('one@example.com')
  const other = await anOwner('other@example.com')
  await server.signIn({ ...one, client: planner, api, scope })
  const tokens = await server.signIn({ ...other, client: planner, api, scope })
  await revoke(one, planner.id)
  assert.equal((await userInfo(server, tokens.access_token)).status, 200)
  await granted(await refresh(server, planner, tokens.refresh_token))
})

test('a form that this login did not get changes nothing', async (t) => {
  const owner = await anOwner('forged@example.com')
  const tokens = await server.signIn({ ...owner, client: planner, api, scope })
  const shown = await open(owner)
  const csrf_token = /name="csrf_token" value="([^"]+)"/.exec(shown.html)?.[1]
  const cookie = [...owner.browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  const sessionOnly = cookie.split('; ').find((one) => one.includes('session')) ?? ''
  const rows = [
    { name: 'no token', cookie, body: { client_id: planner.id, action: 'revoke' }, status: 403 },
    {
      name: 'a wrong token',
      cookie,
      body: { csrf_token: 'x', client_id: planner.id, action: 'revoke' },
      status: 403,
    },
    {
      name: 'another browser',
      cookie: sessionOnly,
      body: { csrf_token, client_id: planner.id, action: 'revoke' },
      status: 403,
    },
    {
      name: 'nobody',
      cookie: '',
      body: { csrf_token, client_id: planner.id, action: 'revoke' },
      status: 303,
    },
  ]
  for (const { name, body, status, ...headers } of rows) {
    await t.test(name, async () => {
      const response = await server.fetch(url, {
        method: 'POST',
        headers,
        body: form(body),
        redirect: 'manual',
      })
      assert.equal(response.status, status)
      assert.equal((await userInfo(server, tokens.access_token)).status, 200)
    })
  }
})

test('a removal is said once it is done, and no link of somebody else can say it', async () => {
  const owner = await anOwner('told@example.com')
  await server.signIn({ ...owner, client: planner, api, scope })
  await server.signIn({ ...owner, client: printer, api, scope })
  const told = await revoke(owner, planner.id)
  assert.match(textOf(told.html), /Planner has no access any more/)
  const address = new URL(told.url)
  address.searchParams.set('removed', printer.id)
  assert.doesNotMatch(textOf((await owner.browser.open(address.href)).html), /has no access any more/)
  assert.doesNotMatch(textOf((await owner.browser.open(url)).html), /has no access any more/)
  const other = await anOwner('other-told@example.com')
  await open(other)
  assert.doesNotMatch(textOf((await other.browser.open(told.url)).html), /has no access any more/)
})

test('an owner leaves the page logged out, or makes room for somebody else', async () => {
  const owner = await anOwner('leaves@example.com')
  const shown = await open(owner)
  assert.match(shown.html, /href="[^"]*\/oidc\/logout"/)
  const forged = { method: 'POST', body: form({ action: 'switch_account', csrf_token: 'x' }) }
  const cookie = [...owner.browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  assert.equal((await server.fetch(url, { ...forged, headers: { cookie } })).status, 403)
  assert.match((await owner.browser.open(url)).html, /leaves@example\.com/)
  const next = await owner.browser.submit(shown, { action: 'switch_account' })
  assert.match(next.html, /name="password"/)
  assert.match((await owner.browser.open(url)).html, /name="password"/)
})

test('the page asks for the password, and says no more about why it was wrong', async () => {
  const { user, browser } = await anOwner('password@example.com')
  const login = await browser.open(url)
  assert.match(login.html, /<h1>Log in to your account<\/h1>/)
  const wrong = await browser.logIn(login, { ...user, password: 'wrong' })
  assert.equal(wrong.status, 400)
  assert.match(wrong.html, /The username or the password is wrong/)
  const empty = await browser.submit(wrong, { username: '', password: '', action: 'login' })
  assert.match(empty.html, /Enter your username/)
  assert.equal((await browser.logIn(empty, user)).url, url)
})

test('a forged login is refused, and a blocked owner is not let in', async () => {
  const { user } = await anOwner('blocked@example.com')
  const body = form({ username: user.email, password: user.password, action: 'login' })
  const forged = await server.fetch(url, { method: 'POST', body })
  assert.deepEqual([forged.status, forged.headers.get('set-cookie')?.includes('session')], [403, false])
  const blocked = {
    user: await server.aUser({ email: 'out@example.com', blocked: true }),
    browser: server.browser(),
  }
  assert.match((await open(blocked)).html, /This account is blocked/)
})

test('no other page can frame it, and no cache keeps it', async () => {
  const { headers } = await open(await anOwner('framed@example.com'))
  assert.match(headers.get('content-security-policy') ?? '', /frame-ancestors 'none'/)
  assert.equal(headers.get('x-frame-options'), 'DENY')
  assert.equal(headers.get('cache-control'), 'no-store')
})

// Codes are redeemed and a token is renewed while the owner takes the access back: nothing that works may be left.
async function revokeWhileIssuing(racing: TestServer): Promise<void> {
  const client = await racing.aClient({ ...thirdParty, name: 'Racer' })
  const user = await racing.aUser({ email: 'races@example.com' })
  const browser = racing.browser()
  const offline = { scope: 'openid offline_access' }
  const tokens = await racing.signIn({ client, user, browser, ...offline })
  const codes: string[] = []
  for (let turn = 0; turn < 49; turn++) codes.push(await codeFor(racing, { client, user, browser }, offline))
  const shown = await browser.open(url)
  const answers = await Promise.all([
    ...codes.slice(0, 24).map((code) => redeem(racing, client, code)),
    refresh(racing, client, tokens.refresh_token),
    browser.submit(shown, { action: 'revoke' }),
    ...codes.slice(24).map((code) => redeem(racing, client, code)),
  ])
  const responses = answers.filter((answer) => answer instanceof Response)
  assert.ok(responses.every(({ status }) => status === 200 || status === 400))
  const issued = await Promise.all(responses.map((response) => response.json()))
  for (const { access_token, refresh_token } of [tokens, ...issued]) {
    if (access_token === undefined) continue
    assert.equal((await userInfo(racing, access_token)).status, 401)
    assert.equal((await refresh(racing, client, refresh_token)).status, 400)
  }
}

for (const { name, start } of engines) {
  test(`RFC 7009 §2.1: taking access back while tokens are issued leaves nothing that works, on ${name}`, async () => {
    const racing = await start()
    await revokeWhileIssuing(racing)
    await racing.close()
  })
}
