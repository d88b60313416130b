// auth0-js as it is published, in a real Chromium, through TLS as it insists: the implicit flow and silent renewal.
import assert from 'node:assert/strict'
import { after, before, type TestContext, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import type { TestClient, TestServer, TestUser } from '../../src/testkit/testkit.ts'
import { launchBrowser } from '../support/browser.ts'
import { attempt, audience, decide, leave, logIn, serveContacts, servePageApp, value } from './page-app.ts'
import { serverOnTls } from './tls.ts'

const sdk = new URL('auth0.min.js', import.meta.resolve('auth0-js'))

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

interface Answer {
  readonly accessToken: string
  readonly idToken: string
  readonly idTokenPayload: { readonly sub: string; readonly email: string; readonly nonce: string }
  readonly expiresIn: number
  readonly scope: string
  readonly appState: unknown
}

async function aScene(t: TestContext): Promise<Scene> {
  const server = await serverOnTls(t)
  const settings = { options: {}, api: await serveContacts(t, server) }
  const appUrl = await servePageApp(t, { sdk, script: 'auth0-js.js', settings })
  await server.anApi()
  const client = await server.aClient({
    applicationType: 'spa',
    tokenEndpointAuthMethod: 'none',
    grantTypes: ['implicit'],
    redirectUris: [appUrl],
    webOrigins: [new URL(appUrl).origin],
    allowedLogoutUrls: [`${appUrl}goodbye`],
  })
  settings.options = {
    domain: new URL(server.issuer).host,
    clientID: client.id,
    redirectUri: appUrl,
    responseType: 'token id_token',
    audience,
    scope: 'openid profile email read:contacts',
  }
  const context = await browser.newContext({ ignoreHTTPSErrors: true })
  context.setDefaultTimeout(20_000)
  t.after(() => context.close())
  const page = await context.newPage()
  await page.goto(appUrl)
  return { server, client, user: await server.aUser(), appUrl, page }
}

async function signIn({ page, user, appUrl }: Scene, decision: 'accept' | 'deny' = 'accept'): Promise<void> {
  await leave(page, 'login', { appState: 'where I was' })
  await logIn(page, user)
  await decide(page, decision)
  await page.waitForURL(`${appUrl}#*`)
}

test('OIDC Core §3.2: auth0-js logs in with the implicit flow and verifies what parseHash finds', async (t) => {
  const scene = await aScene(t)
  await signIn(scene)
  const { page, user } = scene
  const answer = await value<Answer>(page, 'finish')
  assert.equal(answer.idTokenPayload.sub, user.id)
  assert.equal(answer.idTokenPayload.email, user.email)
  assert.equal(answer.expiresIn, 7200)
  assert.equal(answer.appState, 'where I was')
  const profile = await value<{ sub: string; name: string }>(page, 'user', answer.accessToken)
  assert.deepEqual([profile.sub, profile.name], [user.id, 'Ada Lovelace'])
  assert.deepEqual(await value(page, 'contacts', answer.accessToken), {
    status: 200,
    body: { owner: user.id },
  })
})

test('OIDC Core §3.1.2.3: auth0-js renews in an iframe, and is told login_required after its logout', async (t) => {
  const scene = await aScene(t)
  await signIn(scene)
  const { page, user, appUrl, client } = scene
  const first = await value<Answer>(page, 'finish')
  scene.server.advance('1s')
  const second = await value<Answer>(page, 'renew')
  assert.equal(second.idTokenPayload.sub, user.id)
  assert.notEqual(second.accessToken, first.accessToken)
  assert.deepEqual(await value(page, 'contacts', second.accessToken), {
    status: 200,
    body: { owner: user.id },
  })
  await leave(page, 'logout', { returnTo: `${appUrl}goodbye`, clientID: client.id })
  await page.waitForURL(`${appUrl}goodbye`)
  assert.deepEqual(await attempt(page, 'renew'), { error: 'login_required', description: 'Login required' })
})

test('OIDC Core §3.1.2.6: auth0-js is told consent_required when a renewal asks for more than was allowed', async (t) => {
  const scene = await aScene(t)
  await signIn(scene)
  await value(scene.page, 'finish')
  const { error } = await attempt(scene.page, 'renew', { scope: 'openid read:contacts create:contacts' })
  assert.equal(error, 'consent_required')
})

test('RFC 6749 §4.2.2.1: who declines is access_denied for parseHash', async (t) => {
  const scene = await aScene(t)
  await signIn(scene, 'deny')
  assert.deepEqual(await attempt(scene.page, 'finish'), {
    error: 'access_denied',
    description: 'User did not authorize the request',
  })
})

test('OIDC Core §3.2.2.11: auth0-js refuses a hash that answers another request', async (t) => {
  const scene = await aScene(t)
  await signIn(scene)
  const foreign = await attempt(scene.page, 'finish', { nonce: 'another' })
  assert.equal(foreign.error, 'invalid_token')
  assert.match(foreign.description ?? '', /nonce/i)
  // The transaction is used up, so that the same hash answers no request any more.
  assert.deepEqual(await attempt(scene.page, 'finish'), {
    error: 'invalid_token',
    description: '`state` does not match.',
  })
})
