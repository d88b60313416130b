import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TestServer } from '../../src/testkit/testkit.ts'
import { answerOf, authorizationUrl, pageOf, rowsOf, throughPages } from '../rfc/requests.ts'
import { onEveryEngine } from './engines.ts'

/** An address that the guard refuses: each attempt to tell the client leaves one line in the log. */
const backchannelUri = 'https://10.0.0.1/logout'

async function aScene(server: TestServer) {
  const client = await server.aClient({ grantTypes: ['implicit'], logout: { backchannelUri } })
  const user = await server.aUser({ email: `${client.id}@example.com` })
  const browser = server.browser()
  const given = { response_type: 'id_token', nonce: 'n' }
  await throughPages(server, { client, user, browser }, given)
  return { client, user, browser, cookie: cookieOf(browser.cookies), given }
}

function cookieOf(cookies: ReadonlyMap<string, string>): string {
  return [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
}

function told(server: TestServer, clientId: string): number {
  const failed = server.log.filter(({ event }) => event === 'logout.back_channel_failed')
  return failed.filter(({ fields }) => fields.client_id === clientId).length
}

onEveryEngine((running) => {
  test('Back-Channel Logout §2.5: of 50 logouts of a session at once, one tells its client', async () => {
    const server = running()
    const { client, cookie } = await aScene(server)
    const logOut = () => server.fetch(`${server.issuer}v2/logout`, { headers: { cookie } })
    const responses = await Promise.all(Array.from({ length: 50 }, logOut))
    await server.idle()
    assert.deepEqual([...new Set(responses.map(({ status }) => status))], [200])
    assert.equal(told(server, client.id), 1)
    const { items } = await rowsOf(server).artifacts.list(
      { name: 'logout_delivery' },
      { limit: 99 },
      server.now(),
    )
    assert.equal(items.length, 1, 'one further attempt waits')
  })

  test('Back-Channel Logout §2: a login of another user and a logout at once end the session once', async () => {
    const server = running()
    const { client, browser, cookie } = await aScene(server)
    const other = await server.aUser({ email: `other-${client.id}@example.com` })
    const url = authorizationUrl(server, client, { response_type: 'token', prompt: 'login' })
    const login = await browser.open(url)
    assert.equal(pageOf(login), '/u/login')
    await Promise.all([
      browser.logIn(login, other),
      server.fetch(`${server.issuer}v2/logout`, { headers: { cookie } }),
    ])
    await server.idle()
    assert.equal(told(server, client.id), 1)
  })

  test('OpenID Connect Core §3.1.2.1: a new login and a logout at once leave either a session or none', async () => {
    const server = running()
    const { client, user, browser, cookie, given } = await aScene(server)
    const login = await browser.open(authorizationUrl(server, client, { ...given, prompt: 'login' }))
    const [answered] = await Promise.all([
      browser.logIn(login, user),
      server.fetch(`${server.issuer}v2/logout`, { headers: { cookie } }),
    ])
    assert.ok(answerOf(answered).get('id_token'), 'whoever logged in gets the answer')
    const silent = await browser.open(authorizationUrl(server, client, { ...given, prompt: 'none' }))
    assert.ok(['login_required', null].includes(answerOf(silent).get('error')))
    assert.equal((await server.fetch(`${server.issuer}v2/logout`, { headers: { cookie } })).status, 200)
  })
})
