// auth0-spa-js as it is published, in a real Chromium: our pages, our CORS, rotation, and an API of a third origin.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, before, type TestContext, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import express from 'express'
import { auth, requiredScopes } from 'express-oauth2-jwt-bearer'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import type { TestClient, TestServer, TestUser } from '../../src/testkit/testkit.ts'
import { launchBrowser } from '../support/browser.ts'
import { onLoopback, serverOnLoopback } from './scene.ts'

const audience = 'https://contacts.test/'
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
  readonly context: BrowserContext
  readonly appPort: number
  readonly appUrl: string
}

/** A server, an application and an API, each of another origin, and a person with a browser of their own. */
async function aScene(t: TestContext, cacheLocation: 'localstorage' | 'memory'): Promise<Scene> {
  const server = await serverOnLoopback(t)
  const settings = { options: {}, api: '' }
  const appPort = await onLoopback(t, await theApp(settings))
  const appUrl = `http://localhost:${appPort}/`
  settings.api = `http://localhost:${await onLoopback(t, theApi(server, new URL(appUrl).origin))}/contacts`
  await server.anApi()
  const client = await server.aClient({
    applicationType: 'spa',
    tokenEndpointAuthMethod: 'none',
    grantTypes: ['authorization_code', 'refresh_token'],
    redirectUris: [appUrl],
  })
  settings.options = {
    domain: new URL(server.issuer).origin,
    clientId: client.id,
    authorizationParams: { redirect_uri: appUrl, audience, scope: 'openid profile email read:contacts' },
    useRefreshTokens: true,
    cacheLocation,
  }
  const context = await browser.newContext()
  context.setDefaultTimeout(20_000)
  t.after(() => context.close())
  return { server, client, user: await server.aUser(), context, appPort, appUrl }
}

async function theApp(settings: object) {
  const page = await readFile(new URL('spa/index.html', import.meta.url), 'utf8')
  const script = await readFile(new URL('spa/app.js', import.meta.url), 'utf8')
  const bundle = await readFile(sdk, 'utf8')
  const app = express()
  app.get('/', (_, response) => void response.type('html').send(page))
  app.get('/app.js', (_, response) => void response.type('js').send(script))
  app.get('/auth0-spa-js.js', (_, response) => void response.type('js').send(bundle))
  app.get('/settings.json', (_, response) => void response.json(settings))
  return app
}

function theApi(server: TestServer, appOrigin: string) {
  const api = express()
  api.use((request, response, next) => {
    response.set('access-control-allow-origin', appOrigin)
    response.set('access-control-allow-headers', 'authorization')
    if (request.method === 'OPTIONS') response.sendStatus(204)
    else next()
  })
  const protection = auth({ issuerBaseURL: server.issuer, audience })
  api.get('/contacts', protection, requiredScopes('read:contacts'), (request, response) => {
    response.json({ owner: request.auth?.payload.sub })
  })
  return api
}

interface Outcome {
  readonly value?: unknown
  readonly error?: string
  readonly description?: string
}

/** Calls a member of the page's `app`. */
async function app(page: Page, member: string, ...given: unknown[]): Promise<Outcome> {
  const call = `app.${member}(...${JSON.stringify(given)})`
  return (await page.evaluate(call)) as Outcome
}

async function value(page: Page, member: string, ...given: unknown[]): Promise<unknown> {
  const outcome = await app(page, member, ...given)
  assert.equal(outcome.error, undefined, `${member}: ${outcome.error} ${outcome.description}`)
  return outcome.value
}

async function openApp({ context, appUrl }: Scene): Promise<Page> {
  const page = await context.newPage()
  await page.goto(appUrl)
  return page
}

/** Redirects to the server; leaving the page may well end the call that did it. */
async function leave(page: Page): Promise<void> {
  await page.evaluate('void app.login()')
}

/** From the application through login and consent and back to it, with the SDK's own check of what comes back. */
async function signIn(scene: Scene, decision: 'accept' | 'deny' = 'accept'): Promise<Page> {
  const page = await openApp(scene)
  await leave(page)
  await page.waitForURL('**/u/login?*')
  await page.fill('#username', scene.user.email)
  await page.fill('#password', scene.user.password)
  await page.click('button[value=login]')
  await page.waitForURL('**/u/consent?*')
  await page.click(`button[value=${decision}]`)
  await page.waitForURL(`${scene.appUrl}?*`)
  return page
}

/** Sees every refresh token that comes into the browser, and answers the first `count` once they came. */
function refreshTokensOf({ server, context }: Scene): (count: number) => Promise<readonly string[]> {
  const seen: string[] = []
  context.on('response', async (response) => {
    if (response.url() !== `${server.issuer}oauth/token` || response.request().method() !== 'POST') return
    const { refresh_token } = await response.json().catch(() => ({}))
    if (typeof refresh_token === 'string') seen.push(refresh_token)
  })
  return async (count) => {
    // The browser reports an answer to us and to the page in no certain order.
    for (let tries = 0; seen.length < count && tries < 200; tries++) await pause(25)
    return seen.slice(0, count)
  }
}

async function doesItsWholeJob(t: TestContext, cacheLocation: 'localstorage' | 'memory'): Promise<void> {
  const scene = await aScene(t, cacheLocation)
  const page = await signIn(scene)
  await value(page, 'finish')
  const user = (await value(page, 'user')) as { sub: string; email: string; name: string }
  assert.equal(user.sub, scene.user.id)
  assert.equal(user.email, scene.user.email)
  assert.equal(user.name, 'Ada Lovelace')
  const tokens = new Set<unknown>([await value(page, 'token')])
  assert.equal(await value(page, 'token'), [...tokens][0], 'the cached token is used again')
  for (let times = 1; times <= 3; times++) {
    scene.server.advance('1s')
    tokens.add(await value(page, 'token', { cacheMode: 'off' }))
  }
  assert.equal(tokens.size, 4)
  for (const token of tokens) {
    const answer = await value(page, 'contacts', token)
    assert.deepEqual(answer, { status: 200, body: { owner: scene.user.id } })
  }
}

test('RFC 9700 §4.14.2: with localstorage auth0-spa-js logs in and renews its tokens again and again', (t) =>
  doesItsWholeJob(t, 'localstorage'))

test('RFC 9700 §4.14.2: with memory and a worker auth0-spa-js logs in and renews its tokens again and again', (t) =>
  doesItsWholeJob(t, 'memory'))

test('OIDC Core §3.1.2.3: after a reload that loses its memory auth0-spa-js logs in again without a page', async (t) => {
  const scene = await aScene(t, 'memory')
  const page = await signIn(scene)
  await value(page, 'finish')
  assert.equal(await page.evaluate('JSON.stringify(localStorage).includes("token")'), false)
  await page.goto(scene.appUrl)
  assert.equal((await app(page, 'token')).error, 'missing_refresh_token')
  await leave(page)
  // The session and the consent are remembered.
  await page.waitForURL(`${scene.appUrl}?*`)
  await value(page, 'finish')
  assert.equal(typeof (await value(page, 'token')), 'string')
})

test('RFC 9700 §4.14.2: two tabs renew at the same time, and the family of refresh tokens lives on', async (t) => {
  const scene = await aScene(t, 'localstorage')
  const refreshTokens = refreshTokensOf(scene)
  const one = await signIn(scene)
  await value(one, 'finish')
  const other = await openApp(scene)
  const renewals = Array.from({ length: 4 }, () =>
    [one, other].map((tab) => value(tab, 'token', { cacheMode: 'off' })),
  )
  const tokens = await Promise.all(renewals.flat())
  assert.equal(new Set(tokens).size, 8)
  assert.equal(new Set(await refreshTokens(9)).size, 9, 'each renewal had the newest refresh token')
  scene.server.advance('1s')
  for (const tab of [one, other]) {
    const token = await value(tab, 'token', { cacheMode: 'off' })
    assert.deepEqual(await value(tab, 'contacts', token), { status: 200, body: { owner: scene.user.id } })
  }
})

test('RFC 6749 §4.1.2.1: who declines is access_denied for auth0-spa-js, and may try again', async (t) => {
  const scene = await aScene(t, 'localstorage')
  const page = await signIn(scene, 'deny')
  assert.equal((await app(page, 'finish')).error, 'access_denied')
  await page.goto(scene.appUrl)
  await leave(page)
  await page.waitForURL('**/u/consent?*')
  await page.click('button[value=accept]')
  await page.waitForURL(`${scene.appUrl}?*`)
  await value(page, 'finish')
  assert.equal(typeof (await value(page, 'token')), 'string')
})

test('RFC 9700 §4.14.2: auth0-spa-js is told invalid_grant when its refresh token was used behind its back', async (t) => {
  const scene = await aScene(t, 'localstorage')
  const refreshTokens = refreshTokensOf(scene)
  const page = await signIn(scene)
  await value(page, 'finish')
  const [stolen = ''] = await refreshTokens(1)
  const body = { grant_type: 'refresh_token', client_id: scene.client.id, refresh_token: stolen }
  const thief = await scene.server.fetch(`${scene.server.issuer}oauth/token`, {
    method: 'POST',
    body: new URLSearchParams(body),
  })
  assert.equal(thief.status, 200)
  scene.server.advance('1s')
  assert.deepEqual(await app(page, 'token', { cacheMode: 'off' }), {
    error: 'invalid_grant',
    description: 'Unknown or invalid refresh token.',
  })
})

test('Fetch §3.2: only a page of the client reads the answers of the token endpoint', async (t) => {
  const scene = await aScene(t, 'localstorage')
  const fields = { grant_type: 'refresh_token', client_id: scene.client.id, refresh_token: 'unknown' }
  const url = `${scene.server.issuer}oauth/token`
  const own = await openApp(scene)
  const read = (await value(own, 'post', url, fields)) as { status: number; body: { error: string } }
  assert.deepEqual([read.status, read.body.error], [400, 'invalid_grant'])
  const foreign = await scene.context.newPage()
  await foreign.goto(`http://127.0.0.1:${scene.appPort}/`)
  assert.deepEqual(await app(foreign, 'post', url, fields), {
    error: 'TypeError',
    description: 'Failed to fetch',
  })
})

test('Fetch §3.2: pages of other origins may read discovery, keys and UserInfo', async (t) => {
  const scene = await aScene(t, 'localstorage')
  const page = await scene.context.newPage()
  await page.goto(`http://127.0.0.1:${scene.appPort}/`)
  const statuses = await page.evaluate(async (issuer) => {
    const paths = ['.well-known/openid-configuration', '.well-known/jwks.json', 'userinfo']
    const headers = { authorization: 'Bearer unknown' }
    const answers = await Promise.all(paths.map((path) => fetch(issuer + path, { headers })))
    return answers.map((answer) => answer.status)
  }, scene.server.issuer)
  assert.deepEqual(statuses, [200, 200, 401])
})
