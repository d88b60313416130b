import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TestBrowser, TestClient, TestServer } from '../../src/testkit/testkit.ts'
import {
  answerOf,
  authorizationUrl,
  codeFor,
  granted,
  pageOf,
  redeem,
  refresh,
  throughPages,
  userInfo,
} from '../rfc/requests.ts'
import { onEveryEngine } from './engines.ts'

const hour = 3600
const scope = 'openid offline_access read:contacts'

async function hasSession(server: TestServer, client: TestClient, browser: TestBrowser): Promise<boolean> {
  const shown = await browser.open(authorizationUrl(server, client, { prompt: 'none' }))
  return answerOf(shown).has('code')
}

onEveryEngine((running) => {
  test('RFC 6749 §4.1.2: a code ends after 60 seconds', async () => {
    const server = running()
    const client = await server.aClient()
    const user = await server.aUser({ email: 'code@example.com' })
    const [young, old] = [await codeFor(server, { client, user }), await codeFor(server, { client, user })]
    server.advance('59s')
    await granted(await redeem(server, client, young))
    server.advance('1s')
    assert.equal((await redeem(server, client, old)).status, 400)
    assert.equal(server.lastRefusal(), 'code.expired')
    server.advance('10m')
    assert.equal((await redeem(server, client, old)).status, 400)
    assert.equal(server.lastRefusal(), 'code.unknown')
  })

  test('RFC 6749 §5.1: an access token ends with its expires_in', async () => {
    const server = running()
    const client = await server.aClient()
    const user = await server.aUser({ email: 'token@example.com' })
    const api = await server.anApi({ tokenLifetimeSeconds: 600 })
    const { access_token, expires_in } = await server.signIn({ client, user, api, scope })
    assert.equal(expires_in, 600)
    server.advance('599s')
    assert.equal((await userInfo(server, access_token)).status, 200)
    server.advance('1s')
    assert.equal((await userInfo(server, access_token)).status, 401)
  })

  test('RFC 9700 §4.14.2: an idle refresh token ends, use keeps it, and nothing keeps it for ever', async () => {
    const server = running()
    const refreshToken = {
      rotating: true,
      leewaySeconds: 0,
      lifetimeSeconds: 10 * hour,
      idleLifetimeSeconds: 4 * hour,
    }
    const client = await server.aClient({ refreshToken })
    const user = await server.aUser({ email: 'refresh@example.com' })
    const idle = await server.signIn({ client, user, scope: 'openid offline_access' })
    const used = await server.signIn({ client, user, scope: 'openid offline_access' })
    server.advance('3h')
    const second = await granted(await refresh(server, client, used.refresh_token))
    server.advance('1h')
    assert.equal((await refresh(server, client, idle.refresh_token)).status, 400)
    assert.equal(server.lastRefusal(), 'refresh.unknown')
    server.advance('2h')
    const third = await granted(await refresh(server, client, second.refresh_token))
    server.advance('3h')
    const fourth = await granted(await refresh(server, client, third.refresh_token))
    server.advance('59m')
    const last = await granted(await refresh(server, client, fourth.refresh_token))
    server.advance('1m')
    assert.equal((await refresh(server, client, last.refresh_token)).status, 400)
    assert.equal(server.lastRefusal(), 'refresh.unknown')
  })

  test('RFC 6749 §6: a refresh token that does not rotate slides and ends the same way', async () => {
    const server = running()
    const refreshToken = {
      rotating: false,
      leewaySeconds: 0,
      lifetimeSeconds: 5 * hour,
      idleLifetimeSeconds: 2 * hour,
    }
    const client = await server.aClient({ refreshToken })
    const user = await server.aUser({ email: 'still@example.com' })
    const { refresh_token } = await server.signIn({ client, user, scope: 'openid offline_access' })
    for (const _ of [1, 2, 3, 4]) {
      server.advance('1h')
      await granted(await refresh(server, client, refresh_token))
    }
    server.advance('1h')
    assert.equal((await refresh(server, client, refresh_token)).status, 400)
    assert.equal(server.lastRefusal(), 'refresh.unknown')
  })

  test('RFC 6749 §1.5: a refresh token without an end lives for ten years', async () => {
    const server = running()
    const client = await server.aClient({ refreshToken: { rotating: false, leewaySeconds: 0 } })
    const user = await server.aUser({ email: 'forever@example.com' })
    const { refresh_token } = await server.signIn({ client, user, scope: 'openid offline_access' })
    server.advance('3650d')
    await granted(await refresh(server, client, refresh_token))
  })

  test('OIDC Core §3.1.2.3: a session ends when it is idle for 72 hours, and use keeps it', async () => {
    const server = running()
    const client = await server.aClient()
    const user = await server.aUser({ email: 'idle@example.com' })
    const [used, idle] = [server.browser(), server.browser()]
    for (const browser of [used, idle]) await throughPages(server, { client, user, browser })
    server.advance('71h')
    assert.equal(await hasSession(server, client, used), true)
    server.advance('1h')
    assert.equal(await hasSession(server, client, idle), false)
    server.advance('70h')
    assert.equal(await hasSession(server, client, used), true)
  })

  test('OIDC Core §3.1.2.3: a session ends after 168 hours, however much it is used', async () => {
    const server = running()
    const client = await server.aClient()
    const user = await server.aUser({ email: 'absolute@example.com' })
    const browser = server.browser()
    await throughPages(server, { client, user, browser })
    for (const _ of [1, 2, 3]) {
      server.advance('55h')
      assert.equal(await hasSession(server, client, browser), true)
    }
    server.advance('3h')
    assert.equal(await hasSession(server, client, browser), false)
  })

  test('RFC 6749 §4.1.1: a login page can wait for an hour', async () => {
    const server = running()
    const client = await server.aClient()
    const user = await server.aUser({ email: 'late@example.com' })
    const [patient, late] = [server.browser(), server.browser()]
    const [first, second] = [
      await patient.open(authorizationUrl(server, client)),
      await late.open(authorizationUrl(server, client)),
    ]
    server.advance('3599s')
    assert.ok(answerOf(await patient.logIn(first, user)).has('code'))
    server.advance('1s')
    const shown = await late.logIn(second, user)
    assert.deepEqual([shown.status, pageOf(shown)], [400, '/u/login'])
    assert.match(shown.html, /expired/)
  })
})
