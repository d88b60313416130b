// express-openid-connect as it is published, in front of a real Chromium, all of it through TLS.
import assert from 'node:assert/strict'
import { EventEmitter, once } from 'node:events'
import { after, before, type TestContext, test } from 'node:test'
import express, { type NextFunction, type Request, type Response } from 'express'
import openidConnect, {
  type ConfigParams,
  type SessionStore,
  type SessionStorePayload,
} from 'express-openid-connect'
import type { Browser, Page } from 'playwright-core'
import type { TestClient, TestServer, TestUser } from '../../src/testkit/testkit.ts'
import { launchBrowser } from '../support/browser.ts'
import { audience, decide, logIn, serveContacts } from './page-app.ts'
import { onTls, serverOnTls } from './tls.ts'

const { auth, requiresAuth } = openidConnect

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
  /** Emits `told` when the application has answered a logout token, with the status. */
  readonly events: EventEmitter
}

type Registration = NonNullable<Parameters<TestServer['aClient']>[0]>

interface Given {
  readonly client?: Registration
  readonly config: (client: TestClient) => ConfigParams
}

async function aScene(t: TestContext, { client: registration, config }: Given): Promise<Scene> {
  const events = new EventEmitter()
  const app = express()
  const appUrl = await onTls(t, app)
  const server = await serverOnTls(t, { settings: { outgoing: { allowedHosts: [new URL(appUrl).host] } } })
  await server.anApi()
  const client = await server.aClient({
    redirectUris: [`${appUrl}/callback`],
    allowedLogoutUrls: [appUrl],
    ...registration,
    logout: { backchannelUri: `${appUrl}/backchannel-logout`, backchannelSessionRequired: true },
  })
  app.use('/backchannel-logout', (_, response, next) => {
    response.on('finish', () => events.emit('told', response.statusCode))
    next()
  })
  app.use(
    auth({
      issuerBaseURL: server.issuer,
      baseURL: appUrl,
      clientID: client.id,
      secret: 'a secret of the application, for its cookies',
      authRequired: false,
      idpLogout: true,
      ...config(client),
    }),
  )
  routes(app, await serveContacts(t, server))
  const context = await browser.newContext({ ignoreHTTPSErrors: true })
  context.setDefaultTimeout(20_000)
  t.after(() => context.close())
  return { server, client, user: await server.aUser(), appUrl, page: await context.newPage(), events }
}

function routes(app: express.Express, contacts: string): void {
  const contactsWith = async (token: string) => {
    const answer = await fetch(contacts, { headers: { authorization: `Bearer ${token}` } })
    return { status: answer.status, body: await answer.json(), token }
  }
  app.get('/', ({ oidc }, response) => void response.json({ user: oidc.user ?? null }))
  app.get('/profile', requiresAuth(), async ({ oidc }, response) => {
    response.json(await oidc.fetchUserInfo())
  })
  app.get('/contacts', requiresAuth(), async ({ oidc }, response) => {
    response.json(await contactsWith(oidc.accessToken?.access_token ?? ''))
  })
  app.get('/renewed-contacts', requiresAuth(), async ({ oidc }, response) => {
    const renewed = await oidc.accessToken?.refresh()
    response.json(await contactsWith(renewed?.access_token ?? ''))
  })
  app.use((error: Error & { error?: string }, _request: Request, response: Response, _next: NextFunction) => {
    response.status(400).json({ error: error.error, description: error.message })
  })
}

interface Shown {
  readonly user?: { readonly sub: string; readonly email: string; readonly sid?: string } | null
  readonly name?: string
  readonly status?: number
  readonly token?: string
  readonly error?: string
  readonly description?: string
}

async function read({ page, appUrl }: Scene, path?: string): Promise<Shown> {
  if (path !== undefined) await page.goto(`${appUrl}/${path}`)
  return JSON.parse((await page.textContent('body')) ?? '')
}

async function signIn(scene: Scene, decision?: 'accept' | 'deny'): Promise<Shown> {
  const { page, user, appUrl } = scene
  await page.goto(`${appUrl}/login`)
  await logIn(page, user)
  if (decision !== undefined) await decide(page, decision)
  await page.waitForURL(decision === 'deny' ? `${appUrl}/callback` : `${appUrl}/`)
  return read(scene)
}

type EndedSession = Pick<SessionStorePayload, 'cookie'>

/** Where the application remembers which sessions ended. */
function logoutStore(): SessionStore<EndedSession> {
  const kept = new Map<string, SessionStorePayload<EndedSession>>()
  return {
    get: (id, done) => void done(null, kept.get(id)),
    set(id, ended, done) {
      kept.set(id, ended)
      done?.()
    },
    destroy(id, done) {
      kept.delete(id)
      done?.()
    },
  }
}

const implicit: Given = {
  client: { grantTypes: ['implicit'], tokenEndpointAuthMethod: 'none' },
  config: () => ({}),
}

const code: Given = {
  config: ({ secret }) => ({
    clientSecret: secret,
    authorizationParams: {
      response_type: 'code',
      audience,
      scope: 'openid profile email offline_access read:contacts',
    },
    backchannelLogout: { store: logoutStore() },
  }),
}

test('OAuth 2.0 Form Post Response Mode §2: by default express-openid-connect gets its ID token in a form', async (t) => {
  const scene = await aScene(t, implicit)
  const { user } = await signIn(scene)
  assert.deepEqual([user?.sub, user?.email], [scene.user.id, scene.user.email])
  // OIDC RP-Initiated Logout §2: its ID token goes along, so that nobody is asked.
  assert.equal((await read(scene, 'logout')).user, null)
  assert.equal(new URL(scene.page.url()).origin, scene.appUrl)
  await scene.page.goto(`${scene.appUrl}/login`)
  await scene.page.waitForURL('**/u/login?*')
})

test('Auth0: express-openid-connect logs out through /v2/logout where it is told to', async (t) => {
  const scene = await aScene(t, { ...implicit, config: () => ({ auth0Logout: true }) })
  await signIn(scene)
  assert.equal((await read(scene, 'logout')).user, null)
  await scene.page.goto(`${scene.appUrl}/login`)
  await scene.page.waitForURL('**/u/login?*')
})

test('RFC 6749 §4.2.2.1: who declines is access_denied for express-openid-connect, posted to it', async (t) => {
  const scene = await aScene(t, { ...implicit, client: { ...implicit.client, isFirstParty: false } })
  const shown = await signIn(scene, 'deny')
  assert.equal(shown.error, 'access_denied')
  assert.equal((await read(scene, '')).user, null)
})

test('OIDC Core §3.1.2.6: express-openid-connect tries silently first, and goes on without a user', async (t) => {
  const scene = await aScene(t, { ...implicit, config: () => ({ attemptSilentLogin: true }) })
  assert.equal((await read(scene, '')).user, null)
  assert.equal(scene.server.lastRefusal(), 'authorize.login_required')
  assert.equal((await signIn(scene)).user?.sub, scene.user.id)
})

test('RFC 6749 §6: with a code express-openid-connect reads UserInfo, calls an API and renews its token', async (t) => {
  const scene = await aScene(t, code)
  await signIn(scene, 'accept')
  assert.equal((await read(scene, 'profile')).name, 'Ada Lovelace')
  const first = await read(scene, 'contacts')
  scene.server.advance('1s')
  const second = await read(scene, 'renewed-contacts')
  assert.deepEqual([first.status, second.status], [200, 200])
  assert.notEqual(first.token, second.token)
  assert.equal((await read(scene, '')).user?.sub, scene.user.id)
})

test('OIDC Back-Channel Logout §2.6: express-openid-connect verifies the logout token and forgets the user', async (t) => {
  const scene = await aScene(t, code)
  const { user } = await signIn(scene, 'accept')
  assert.equal(typeof user?.sid, 'string')
  const told = once(scene.events, 'told')
  // Somebody else ends the session: the application learns of it from the server alone.
  await scene.page.goto(`${scene.server.issuer}v2/logout`)
  assert.deepEqual(await told, [204])
  assert.equal((await read(scene, '')).user, null)
})

test('RFC 9126 §2.1: express-openid-connect pushes its authorization request', async (t) => {
  const scene = await aScene(t, {
    client: { requirePushedAuthorizationRequests: true },
    config: (client) => ({ ...code.config(client), pushedAuthorizationRequests: true }),
  })
  assert.equal((await signIn(scene, 'accept')).user?.sub, scene.user.id)
})
