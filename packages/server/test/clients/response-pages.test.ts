// The pages that carry an authorization response, in a real Chromium, read by applications with a few lines of their own.
import assert from 'node:assert/strict'
import { after, before, type TestContext, test } from 'node:test'
import express from 'express'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import type { TestClient, TestServer, TestUser } from '../../src/testkit/testkit.ts'
import { claimsOf } from '../rfc/requests.ts'
import { launchBrowser } from '../support/browser.ts'
import { onLoopback, serverOnLoopback } from './scene.ts'

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
  readonly page: Page
  /** The application's origin, a second one of the same application, and one of nobody. */
  readonly app: string
  readonly second: string
  readonly evil: string
  /** What was posted to the applications, or asked for, as `origin path?query` and fields. */
  readonly requests: readonly Arrived[]
}

interface Arrived {
  readonly method: string
  readonly url: URL
  readonly fields: Readonly<Record<string, string>>
}

/** A server and three origins, and a person with a browser that shows the application. */
async function aScene(t: TestContext, { scripts = true } = {}): Promise<Scene> {
  const server = await serverOnLoopback(t)
  const requests: Arrived[] = []
  const anApp = async () => {
    const app = express()
    app.use(express.urlencoded({ extended: false }))
    app.use((request, response) => {
      const url = new URL(request.originalUrl, `http://${request.headers.host}`)
      requests.push({ method: request.method, url, fields: request.body ?? {} })
      response.type('html').send('<!doctype html><title>App</title><h1>App</h1>')
    })
    return `http://localhost:${await onLoopback(t, app)}`
  }
  const [app, second, evil] = [await anApp(), await anApp(), await anApp()]
  const client = await server.aClient({
    grantTypes: ['authorization_code', 'implicit'],
    redirectUris: [`${app}/callback`],
    webOrigins: [app, second],
    allowedLogoutUrls: [`${app}/bye`],
  })
  const context = await browser.newContext({ javaScriptEnabled: scripts })
  context.setDefaultTimeout(20_000)
  t.after(() => context.close())
  const page = await context.newPage()
  const user = await server.aUser()
  return { server, client, user, context, page, app, second, evil, requests }
}

function urlFor({ server, client, app }: Scene, given: Readonly<Record<string, string>>): string {
  const request = {
    client_id: client.id,
    redirect_uri: `${app}/callback`,
    scope: 'openid',
    state: `the "state" & <more>`,
    nonce: 'n',
  }
  return `${server.issuer}authorize?${new URLSearchParams({ response_type: 'code', ...request, ...given })}`
}

async function logIn(page: Page, user: TestUser): Promise<void> {
  await page.fill('#username', user.email)
  await page.fill('#password', user.password)
  await page.click('button[value=login]')
}

/** Logs in and answers the parameters of the response. */
async function loggedIn(
  scene: Scene,
  given: Readonly<Record<string, string>> = {},
): Promise<URLSearchParams> {
  const { page, user, app } = scene
  await page.goto(urlFor(scene, { response_type: 'id_token', ...given }))
  await logIn(page, user)
  await page.waitForURL(`${app}/callback#*`)
  return new URLSearchParams(new URL(page.url()).hash.slice(1))
}

interface Message {
  readonly origin: string
  readonly data: { readonly type: string; readonly response: Readonly<Record<string, string>> }
}

/** Collects the messages that come to a page; `count` waits for that many. */
async function listen(page: Page): Promise<(count: number) => Promise<readonly Message[]>> {
  await page.evaluate(
    `window.got = []; addEventListener('message', ({ origin, data }) => got.push({ origin, data }))`,
  )
  return async (count) => {
    await page.waitForFunction(`got.length >= ${count}`)
    return (await page.evaluate('got')) as readonly Message[]
  }
}

async function frame(page: Page, url: string, name = 'frame'): Promise<void> {
  await page.evaluate(`new Promise((resolve) => {
    const frame = document.createElement('iframe')
    frame.name = ${JSON.stringify(name)}
    frame.onload = () => resolve()
    frame.src = ${JSON.stringify(url)}
    document.body.append(frame)
  })`)
}

function posted({ requests }: Scene): Arrived | undefined {
  return requests.find(({ method }) => method === 'POST')
}

test('OAuth 2.0 Form Post Response Mode §2: the page posts itself to the application', async (t) => {
  const scene = await aScene(t)
  const { page, user, app } = scene
  await page.goto(urlFor(scene, { response_mode: 'form_post', response_type: 'code id_token' }))
  await logIn(page, user)
  await page.waitForURL(`${app}/callback`)
  const fields = posted(scene)?.fields ?? {}
  assert.deepEqual(Object.keys(fields).sort(), ['code', 'id_token', 'iss', 'session_state', 'state'])
  assert.equal(fields.state, `the "state" & <more>`)
  assert.equal(claimsOf(fields.id_token).nonce, 'n')
})

test('OAuth 2.0 Form Post Response Mode §2: without scripts a button does it', async (t) => {
  const scene = await aScene(t, { scripts: false })
  const { page, user, app } = scene
  await page.goto(urlFor(scene, { response_mode: 'form_post' }))
  await logIn(page, user)
  await page.waitForSelector('h1')
  assert.equal(posted(scene), undefined)
  await page.click('main button[type=submit]')
  await page.waitForURL(`${app}/callback`)
  assert.equal(posted(scene)?.fields.state, `the "state" & <more>`)
})

test('OAuth 2.0 Form Post Response Mode §2: an error is posted too, at once', async (t) => {
  const scene = await aScene(t)
  await scene.page.goto(urlFor(scene, { response_mode: 'form_post', prompt: 'none' }))
  await scene.page.waitForURL(`${scene.app}/callback`)
  const fields = posted(scene)?.fields ?? {}
  assert.deepEqual(Object.keys(fields), ['error', 'error_description', 'state', 'iss'])
  assert.equal(fields.error, 'login_required')
})

test('web_message: an iframe of the application gets the answer, and the error before', async (t) => {
  const scene = await aScene(t)
  const { page, app, server } = scene
  const silent = { response_mode: 'web_message', prompt: 'none', response_type: 'token id_token' }
  await page.goto(app)
  const refused = await listen(page)
  await frame(page, urlFor(scene, silent))
  const [error] = await refused(1)
  const origin = new URL(server.issuer).origin
  assert.deepEqual([error?.origin, error?.data.type], [origin, 'authorization_response'])
  assert.deepEqual(
    [error?.data.response.error, error?.data.response.state],
    ['login_required', `the "state" & <more>`],
  )
  await loggedIn(scene)
  await page.goto(app)
  const answered = await listen(page)
  await frame(page, urlFor(scene, silent))
  const [answer] = await answered(1)
  assert.equal(answer?.origin, origin)
  assert.deepEqual([answer?.data.response.expires_in, answer?.data.response.token_type], [7200, 'Bearer'])
  assert.equal(claimsOf(answer?.data.response.id_token).sub, scene.user.id)
})

test('web_message: a popup gets through login and hands the answer to the page that opened it', async (t) => {
  const scene = await aScene(t)
  const { page, app, context } = scene
  await page.goto(app)
  const messages = await listen(page)
  const opened = context.waitForEvent('page')
  await page.evaluate(`void open(${JSON.stringify(urlFor(scene, { response_mode: 'web_message' }))})`)
  const popup = await opened
  await logIn(popup, scene.user)
  const [answer] = await messages(1)
  assert.match(answer?.data.response.code ?? '', /^[\w-]{43}$/)
  assert.equal(answer?.data.response.state, `the "state" & <more>`)
})

test('web_message: a page of another origin can neither frame the answer nor get it through a popup', async (t) => {
  const scene = await aScene(t)
  const { page, evil, context } = scene
  await loggedIn(scene)
  const url = urlFor(scene, { response_mode: 'web_message', prompt: 'none' })
  await page.goto(evil)
  const messages = await listen(page)
  await frame(page, url)
  const opened = context.waitForEvent('page')
  await page.evaluate(`void open(${JSON.stringify(url)})`)
  const popup = await opened
  await popup.waitForFunction(`document.body.dataset.response !== undefined`)
  // A message of our own, which comes after whatever the popup has sent.
  await page.evaluate(`postMessage('the end', '*')`)
  assert.deepEqual(
    (await messages(1)).map(({ data }) => data),
    ['the end'],
  )
  assert.deepEqual(
    page.frames().filter((one) => one.url() === url),
    [],
    'the frame shows an error of the browser',
  )
})

test('web_message: with a relay the answer goes to the frame that was named, and to its origin only', async (t) => {
  const scene = await aScene(t)
  const { page, app, second, evil, context } = scene
  await loggedIn(scene)
  for (const [relay, framed, expected] of [
    [second, second, 1],
    [second, evil, 0],
  ] as const) {
    await page.goto(app)
    await frame(page, framed, 'target')
    const target = page.frames().find((one) => one.name() === 'target')
    assert.ok(target)
    await target.evaluate(`window.got = []; addEventListener('message', ({ data }) => got.push(data))`)
    await page.evaluate(`addEventListener('message', ({ source, data, origin }) => {
      if (data.type === 'relay_request') source.postMessage({ type: 'relay_response' }, origin)
    })`)
    const opened = context.waitForEvent('page')
    const url = urlFor(scene, {
      response_mode: 'web_message',
      prompt: 'none',
      web_message_uri: relay,
      web_message_target: 'target',
    })
    await page.evaluate(`void open(${JSON.stringify(url)})`)
    const popup = await opened
    if (!popup.isClosed()) await popup.waitForEvent('close')
    await page.evaluate(`frames.target.postMessage('the end', '*')`)
    await target.waitForFunction(`got.includes('the end')`)
    const got = (await target.evaluate('got')) as readonly Message['data'][]
    const answers = got.filter(({ type }) => type === 'authorization_response')
    assert.equal(answers.length, expected, `${framed} for ${relay}`)
    assert.equal(
      answers.every(({ response }) => typeof response.code === 'string'),
      true,
    )
  }
})

test('OpenID Connect Session Management §3.2: the iframe answers unchanged, changed and error', async (t) => {
  const scene = await aScene(t)
  const { page, app, server, client } = scene
  const sessionState = (await loggedIn(scene)).get('session_state') ?? ''
  const ask = async (text: string, from = app): Promise<string> => {
    await page.goto(from)
    const messages = await listen(page)
    await frame(page, `${server.issuer}check_session`)
    await page.evaluate(`frames.frame.postMessage(${JSON.stringify(text)}, '*')`)
    const [answer] = await messages(1)
    return String(answer?.data)
  }
  const question = `${client.id} ${sessionState}`
  assert.equal(await ask(question), 'unchanged')
  assert.equal(await ask(`another-client ${sessionState}`), 'changed')
  assert.equal(await ask(question, scene.evil), 'changed', 'session_state is of the origin that got it')
  assert.equal(await ask('nonsense'), 'error')
  await page.goto(`${server.issuer}v2/logout`)
  assert.equal(await ask(question), 'changed')
})

test('OpenID Connect Front-Channel Logout §3: the applications are loaded in frames, then the browser goes on', async (t) => {
  const scene = await aScene(t)
  const { page, server, app, second, requests } = scene
  const framed = (origin: string, frontchannelSessionRequired: boolean) =>
    server.aClient({
      grantTypes: ['implicit'],
      redirectUris: [`${origin}/callback`],
      allowedLogoutUrls: [`${app}/bye`],
      logout: { frontchannelUri: `${origin}/front?from=valetkey`, frontchannelSessionRequired },
    })
  const [first, other] = [await framed(app, true), await framed(second, false)]
  await loggedIn(scene)
  const responses = new Map<TestClient, URLSearchParams>()
  for (const [client, origin] of [
    [first, app],
    [other, second],
  ] as const) {
    await page.goto(urlFor({ ...scene, client, app: origin }, { response_type: 'id_token' }))
    await page.waitForURL(`${origin}/callback#*`)
    responses.set(client, new URLSearchParams(new URL(page.url()).hash.slice(1)))
  }
  const idToken = responses.get(first)?.get('id_token') ?? ''
  const request = new URLSearchParams({
    id_token_hint: idToken,
    post_logout_redirect_uri: `${app}/bye`,
    state: 's',
  })
  await page.goto(`${server.issuer}oidc/logout?${request}`)
  await page.waitForURL(`${app}/bye?state=s`)
  const fronts = requests.filter(({ url }) => url.pathname === '/front')
  const queries = fronts.map(({ url }) => [url.origin, Object.fromEntries(url.searchParams)] as const)
  assert.deepEqual(
    new Map(queries),
    new Map([
      [app, { from: 'valetkey', iss: server.issuer, sid: claimsOf(idToken).sid }],
      [second, { from: 'valetkey' }],
    ] as const),
  )
  assert.equal(fronts.length, 2)
})
