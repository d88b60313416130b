// auth0-spa-js as it is published, in a real Chromium: popup, iframe, logout, revocation.
import assert from 'node:assert/strict'
import { after, before, type TestContext, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import type { TestClient, TestServer, TestUser } from '../../src/testkit/testkit.ts'
import { launchBrowser } from '../support/browser.ts'
import { attempt, audience, decide, leave, logIn, serveContacts, servePageApp, value } from './page-app.ts'
import { serverOnLoopback } from './scene.ts'

// The bundle for a script element lies beside the folder of the one for Node.
const sdk = new URL('../auth0-spa-js.production.js', import.meta.resolve('@auth0/auth0-spa-js'))

let browser: Browser

before(async () => {
  browser = await launchBrowser()
})

after(async () => {
  await browser?.close()
})

interface Scene {
  readonly server: TestServer
  readonly client: TestClient
  readonly user: TestUser
  readonly appUrl: string
  readonly page: Page
}

interface Given {
  readonly options?: object
  readonly isWebOrigin?: boolean
}

async function aScene(t: TestContext, { options = {}, isWebOrigin = true }: Given = {}): Promise<Scene> {
  const server = await serverOnLoopback(t)
  const settings = { options: {}, api: await serveContacts(t, server) }
  const appUrl = await servePageApp(t, { sdk, script: 'auth0-spa-js.js', settings })
  await server.anApi()
  const client = await server.aClient({
    applicationType: 'spa',
    tokenEndpointAuthMethod: 'none',
    grantTypes: ['authorization_code', 'refresh_token'],
    redirectUris: [appUrl, new URL(appUrl).origin],
    webOrigins: isWebOrigin ? [new URL(appUrl).origin] : [],
    allowedLogoutUrls: [`${appUrl}goodbye`],
  })
  settings.options = {
    domain: new URL(server.issuer).origin,
    clientId: client.id,
    authorizationParams: { audience, scope: 'openid profile email read:contacts' },
    ...options,
  }
  const context = await browser.newContext()
  context.setDefaultTimeout(20_000)
  t.after(() => context.close())
  const page = await context.newPage()
  await page.goto(appUrl)
  return { server, client, user: await server.aUser(), appUrl, page }
}

interface Profile {
  readonly sub: string
  readonly name: string
}

/** Logs in through a popup, which the SDK closes itself, and answers what the application then knows. */
async function signIn({ page, user }: Scene, decision: 'accept' | 'deny' = 'accept') {
  const opened = page.waitForEvent('popup')
  const outcome = attempt<Profile>(page, 'popup')
  const popup = await opened
  const closed = popup.waitForEvent('close')
  await logIn(popup, user)
  await decide(popup, decision)
  const answer = await outcome
  await closed
  return answer
}

async function reads({ page, user }: Scene, token: unknown): Promise<void> {
  assert.deepEqual(await value(page, 'contacts', token), { status: 200, body: { owner: user.id } })
}

test('OIDC Core §3.1.2.3: auth0-spa-js logs in with a popup and renews in an iframe', async (t) => {
  const scene = await aScene(t)
  const { page, server, user } = scene
  const { value: profile } = await signIn(scene)
  assert.deepEqual([profile?.sub, profile?.name], [user.id, 'Ada Lovelace'])
  const first = await value(page, 'token')
  await reads(scene, first)
  server.advance('1s')
  const second = await value(page, 'token', { cacheMode: 'off' })
  assert.notEqual(second, first)
  await reads(scene, second)
  const claims = await value<{ sub: string; sid: string }>(page, 'claims')
  assert.equal(claims.sub, user.id)
  assert.equal(typeof claims.sid, 'string')
})

test('OIDC Core §3.1.2.6: after a reload auth0-spa-js finds the session again in an iframe', async (t) => {
  const scene = await aScene(t)
  await signIn(scene)
  await scene.page.reload()
  assert.equal(await value(scene.page, 'known'), false)
  assert.equal(await value(scene.page, 'restore'), true)
  await reads(scene, await value(scene.page, 'token'))
})

test('OIDC Core §3.1.2.1: auth0-spa-js checks the auth_time of a renewal that limits the age of the login', async (t) => {
  const scene = await aScene(t)
  await signIn(scene)
  scene.server.advance('30s')
  const young = { cacheMode: 'off', authorizationParams: { max_age: 60 } }
  assert.equal(typeof (await value(scene.page, 'token', young)), 'string')
  scene.server.advance('31s')
  assert.equal((await attempt(scene.page, 'token', young)).error, 'login_required')
})

test('OIDC RP-Initiated Logout §2: the logout of auth0-spa-js ends the session and comes back', async (t) => {
  const scene = await aScene(t)
  const { page, appUrl } = scene
  await signIn(scene)
  await leave(page, 'logout', { logoutParams: { returnTo: `${appUrl}goodbye` } })
  await page.waitForURL(`${appUrl}goodbye`)
  assert.equal(await value(page, 'known'), false)
  assert.deepEqual(await attempt(page, 'token'), { error: 'login_required', description: 'Login required' })
})

test('RFC 6749 §4.1.2.1: who declines in the popup is access_denied for auth0-spa-js', async (t) => {
  const scene = await aScene(t)
  assert.deepEqual(await signIn(scene, 'deny'), {
    error: 'access_denied',
    description: 'User did not authorize the request',
  })
  assert.equal(await value(scene.page, 'known'), false)
})

test('RFC 9700 §4.1.3: a page whose origin is no web origin of the client is answered nothing', async (t) => {
  const scene = await aScene(t, { isWebOrigin: false, options: { authorizeTimeoutInSeconds: 1 } })
  assert.equal((await attempt(scene.page, 'token')).error, 'timeout')
  assert.equal(scene.server.lastRefusal(), 'authorize.web_origin_not_registered')
})

test('RFC 7009 §2.1: auth0-spa-js revokes its refresh token and falls back to the iframe', async (t) => {
  const scene = await aScene(t, { options: { useRefreshTokens: true, useRefreshTokensFallback: true } })
  const { page, server } = scene
  await signIn(scene)
  server.advance('1s')
  await reads(scene, await value(page, 'token', { cacheMode: 'off' }))
  await value(page, 'revoke')
  await reads(scene, await value(page, 'token', { cacheMode: 'off' }))
})
