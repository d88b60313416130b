// oidc-client-ts as it is published, in a real Chromium: redirect, popup, renewal, session monitor, logout.
import assert from 'node:assert/strict'
import { after, before, type TestContext, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import type { TestClient, TestServer, TestUser } from '../../src/testkit/testkit.ts'
import { launchBrowser } from '../support/browser.ts'
import { attempt, audience, decide, leave, logIn, serveContacts, servePageApp, value } from './page-app.ts'
import { serverOnLoopback } from './scene.ts'

const sdk = new URL('../browser/oidc-client-ts.min.js', import.meta.resolve('oidc-client-ts'))

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

interface User {
  readonly access_token: string
  readonly id_token: string
  readonly refresh_token?: string | null
  readonly session_state?: string
  readonly profile: { readonly sub: string; readonly name: string; readonly email: string }
}

async function aScene(t: TestContext, options: object = {}): Promise<Scene> {
  const server = await serverOnLoopback(t)
  const settings = { options: {}, api: await serveContacts(t, server) }
  const appUrl = await servePageApp(t, { sdk, script: 'oidc-client-ts.js', settings })
  await server.anApi()
  const client = await server.aClient({
    applicationType: 'spa',
    tokenEndpointAuthMethod: 'none',
    grantTypes: ['authorization_code', 'refresh_token'],
    redirectUris: ['callback', 'silent', 'popup'].map((path) => `${appUrl}${path}`),
    allowedLogoutUrls: [`${appUrl}goodbye`],
  })
  settings.options = {
    authority: server.issuer,
    client_id: client.id,
    redirect_uri: `${appUrl}callback`,
    silent_redirect_uri: `${appUrl}silent`,
    popup_redirect_uri: `${appUrl}popup`,
    post_logout_redirect_uri: `${appUrl}goodbye`,
    scope: 'openid profile email read:contacts',
    extraQueryParams: { audience },
    loadUserInfo: true,
    automaticSilentRenew: false,
    ...options,
  }
  const context = await browser.newContext()
  context.setDefaultTimeout(20_000)
  t.after(() => context.close())
  const page = await context.newPage()
  await page.goto(appUrl)
  return { server, client, user: await server.aUser(), appUrl, page }
}

async function signIn({ page, user, appUrl }: Scene, decision: 'accept' | 'deny' = 'accept'): Promise<void> {
  await leave(page, 'login')
  await logIn(page, user)
  await decide(page, decision)
  await page.waitForURL(`${appUrl}callback?*`)
}

async function reads({ page, user }: Scene, token: string): Promise<void> {
  assert.deepEqual(await value(page, 'contacts', token), { status: 200, body: { owner: user.id } })
}

test('OIDC Core §3.1: oidc-client-ts logs in, renews in an iframe, and logs out with its state intact', async (t) => {
  const scene = await aScene(t)
  const { page, appUrl, server } = scene
  await signIn(scene)
  const first = await value<User>(page, 'finish')
  assert.deepEqual([first.profile.sub, first.profile.name], [scene.user.id, 'Ada Lovelace'])
  await reads(scene, first.access_token)
  server.advance('1s')
  const second = await value<User>(page, 'renew')
  assert.notEqual(second.access_token, first.access_token)
  await reads(scene, second.access_token)
  await leave(page, 'logout', { state: 'where I was' })
  await page.waitForURL(`${appUrl}goodbye?*`)
  const { userState } = await value<{ userState: string }>(page, 'loggedOut')
  assert.equal(userState, 'where I was')
  assert.equal((await attempt(page, 'renew')).error, 'login_required')
})

test('RFC 6749 §6: oidc-client-ts renews with refresh tokens, and revokes them', async (t) => {
  const scene = await aScene(t, { scope: 'openid profile offline_access read:contacts' })
  const { page, server } = scene
  await signIn(scene)
  const first = await value<User>(page, 'finish')
  server.advance('1s')
  const second = await value<User>(page, 'renew')
  assert.notEqual(second.refresh_token, first.refresh_token)
  await reads(scene, second.access_token)
  await value(page, 'revoke')
  assert.equal((await value<User>(page, 'user')).refresh_token, null)
  const body = {
    grant_type: 'refresh_token',
    client_id: scene.client.id,
    refresh_token: second.refresh_token ?? '',
  }
  const kept = await server.fetch(`${server.issuer}oauth/token`, {
    method: 'POST',
    body: new URLSearchParams(body),
  })
  assert.deepEqual([kept.status, (await kept.json()).error], [400, 'invalid_grant'])
})

test('OIDC Core §3.1.2.1: oidc-client-ts logs in with a popup', async (t) => {
  const scene = await aScene(t)
  const opened = scene.page.waitForEvent('popup')
  const outcome = value<User>(scene.page, 'popup')
  const popup = await opened
  await logIn(popup, scene.user)
  await decide(popup, 'accept')
  assert.equal((await outcome).profile.sub, scene.user.id)
})

test('OIDC Session Management §3.2: oidc-client-ts sees that the session ended in another tab', async (t) => {
  const scene = await aScene(t, { monitorSession: true, checkSessionIntervalInSeconds: 1 })
  await signIn(scene)
  const { session_state } = await value<User>(scene.page, 'finish')
  assert.equal(typeof session_state, 'string')
  const ended = value(scene.page, 'ended')
  const tab = await scene.page.context().newPage()
  await tab.goto(`${scene.server.issuer}v2/logout`)
  assert.equal(await ended, 'signed out')
})

test('RFC 6749 §4.1.2.1: who declines is access_denied for oidc-client-ts', async (t) => {
  const scene = await aScene(t)
  await signIn(scene, 'deny')
  assert.equal((await attempt(scene.page, 'finish')).error, 'access_denied')
  assert.equal(await value(scene.page, 'user'), null)
})
