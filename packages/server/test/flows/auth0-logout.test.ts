import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { TenantId } from '../../src/domain/ids.ts'
import { startTestServer, type TestBrowser } from '../../src/testkit/testkit.ts'
import {
  answerOf,
  assertPageRefusal,
  authorizationUrl,
  form,
  type Given,
  throughPages,
} from '../rfc/requests.ts'

const server = await startTestServer()
after(() => server.close())
const user = await server.aUser()
const client = await server.aClient({
  allowedLogoutUrls: ['https://app.test/bye', 'https://app.test/second'],
})
const star = await server.aClient({
  allowSubdomainWildcards: true,
  allowedLogoutUrls: ['https://*.app.test/bye'],
})

before(async () => {
  const tenant = await server.store.tenants.find('main' as TenantId)
  assert.ok(tenant)
  const settings = { ...tenant.settings, allowedLogoutUrls: ['https://www.test/'] }
  await server.store.tenants.update({ ...tenant, settings })
})

async function loggedIn(): Promise<TestBrowser> {
  const browser = server.browser()
  await throughPages(server, { client, user, browser })
  return browser
}

async function isLoggedIn(browser: TestBrowser): Promise<boolean> {
  const shown = await browser.open(authorizationUrl(server, client, { prompt: 'none' }))
  return answerOf(shown).get('error') === null
}

function logoutUrl(given: Given, path = 'v2/logout'): string {
  return `${server.issuer}${path}?${form(given)}`
}

const followed: readonly { readonly name: string; readonly given: Given; readonly to: string }[] = [
  {
    name: 'an allowed URL of the client',
    given: { client_id: client.id, returnTo: 'https://app.test/second' },
    to: 'https://app.test/second',
  },
  {
    name: 'an allowed URL with query and fragment added',
    given: { client_id: client.id, returnTo: 'https://app.test/bye?a=1&b=%20#c' },
    to: 'https://app.test/bye?a=1&b=%20#c',
  },
  {
    name: 'no URL, so that the first of the client counts',
    given: { client_id: client.id },
    to: 'https://app.test/bye',
  },
  {
    name: 'an allowed URL of the tenant, without a client',
    given: { returnTo: 'https://www.test/' },
    to: 'https://www.test/',
  },
  {
    name: 'a URL that a star of the client stands for',
    given: { client_id: star.id, returnTo: 'https://pr-7.app.test/bye' },
    to: 'https://pr-7.app.test/bye',
  },
  {
    name: 'federated without a value, and telemetry',
    given: { client_id: client.id, federated: '', auth0Client: 'x' },
    to: 'https://app.test/bye',
  },
]

for (const { name, given, to } of followed) {
  test(`/v2/logout with ${name} ends the session and leads there`, async () => {
    const browser = await loggedIn()
    const shown = await browser.open(logoutUrl(given))
    assert.equal(shown.leftTo?.url.href, to)
    assert.equal(await isLoggedIn(browser), false)
  })
}

const refused: readonly { readonly name: string; readonly given: Given }[] = [
  { name: 'a foreign URL', given: { client_id: client.id, returnTo: 'https://evil.test/' } },
  {
    name: 'a foreign URL, without a client',
    given: { returnTo: 'https://evil.test/' },
  },
  {
    name: "the client's URL, without the client",
    given: { returnTo: 'https://app.test/bye' },
  },
  {
    name: "the tenant's URL, for the client",
    given: { client_id: client.id, returnTo: 'https://www.test/' },
  },
  {
    name: 'another path',
    given: { client_id: client.id, returnTo: 'https://app.test/bye/../evil' },
  },
  { name: 'another case', given: { client_id: client.id, returnTo: 'https://app.test/Bye' } },
  {
    name: 'an allowed URL as the user of another host',
    given: { client_id: client.id, returnTo: 'https://app.test/bye@evil.test' },
  },
  {
    name: 'an allowed URL in the query of another',
    given: { client_id: client.id, returnTo: 'https://evil.test/?https://app.test/bye' },
  },
  {
    name: 'a script',
    given: { client_id: client.id, returnTo: 'javascript:alert(1)//https://app.test/bye' },
  },
  {
    name: 'two labels for one star',
    given: { client_id: star.id, returnTo: 'https://a.b.app.test/bye' },
  },
  {
    name: 'another host before the star',
    given: { client_id: star.id, returnTo: 'https://evil.test/.app.test/bye' },
  },
  {
    name: 'a relative address',
    given: { client_id: client.id, returnTo: '//evil.test/' },
  },
]

for (const { name, given } of refused) {
  test(`RFC 9700 §4.11.1: /v2/logout to ${name} ends on a page, and the session lives`, async () => {
    const browser = await loggedIn()
    const shown = await browser.open(logoutUrl(given))
    assert.equal(shown.leftTo, undefined)
    const response = new Response(shown.html, { status: shown.status, headers: shown.headers })
    await assertPageRefusal(server, response, 'logout.return_to_not_allowed')
    assert.equal(await isLoggedIn(browser), true)
  })
}

const unread: readonly { readonly name: string; readonly query: string; readonly rule: string }[] = [
  {
    name: 'two addresses',
    query: `client_id=${client.id}&returnTo=https://evil.test/&returnTo=https://app.test/bye`,
    rule: 'parameter.repeated',
  },
  {
    name: 'two clients',
    query: `client_id=${client.id}&client_id=${star.id}`,
    rule: 'parameter.repeated',
  },
  { name: 'a client that nobody knows', query: 'client_id=nobody', rule: 'logout.return_to_client_unknown' },
  {
    name: 'a client that nobody knows and an address of the tenant',
    query: 'client_id=nobody&returnTo=https://www.test/',
    rule: 'logout.return_to_client_unknown',
  },
  { name: 'an address that is no text', query: 'returnTo=%ff', rule: 'parameter.malformed' },
]

for (const { name, query, rule } of unread) {
  test(`RFC 9700 §4.11.1: /v2/logout with ${name} ends on a page that names the parameter, and the session lives`, async () => {
    const browser = await loggedIn()
    const shown = await browser.open(`${server.issuer}v2/logout?${query}`)
    assert.equal(shown.leftTo, undefined)
    const response = new Response(shown.html, { status: shown.status, headers: shown.headers })
    await assertPageRefusal(server, response, rule)
    assert.match(
      shown.html,
      query.includes('returnTo=%ff') || name === 'two addresses' ? /returnTo/ : /client_id/,
    )
    assert.equal(await isLoggedIn(browser), true)
  })
}

test('/v2/logout without anything says that the session ended', async () => {
  const browser = await loggedIn()
  const shown = await browser.open(logoutUrl({}))
  assert.equal(shown.status, 200)
  assert.match(shown.html, /You are logged out/)
  assert.equal(await isLoggedIn(browser), false)
})

test('/v2/logout of a client without logout URLs says so too', async () => {
  const plain = await server.aClient()
  const shown = await (await loggedIn()).open(logoutUrl({ client_id: plain.id }))
  assert.match(shown.html, /You are logged out/)
})

test('/logout is the older name', async () => {
  const browser = await loggedIn()
  const shown = await browser.open(logoutUrl({ client_id: client.id }, 'logout'))
  assert.equal(shown.leftTo?.url.href, 'https://app.test/bye')
  assert.equal(await isLoggedIn(browser), false)
})

test('/v2/logout without a session leads back just the same', async () => {
  const shown = await server.browser().open(logoutUrl({ client_id: client.id }))
  assert.equal(shown.leftTo?.url.href, 'https://app.test/bye')
})
