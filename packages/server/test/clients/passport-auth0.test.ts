// passport-auth0 as it is published, in an Express application with sessions, against a server behind TLS.
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import express from 'express'
import session from 'express-session'
import { Passport } from 'passport'
import { Strategy } from 'passport-auth0'
import type { TestBrowser, TestClient, TestServer, TestUser } from '../../src/testkit/testkit.ts'
import { audience, serveContacts } from './page-app.ts'
import { onLoopback, visit } from './scene.ts'
import { serverOnTls } from './tls.ts'
import { locationOf, type Visitor, visitorOf } from './visitor.ts'

declare global {
  // biome-ignore lint/style/noNamespace: it is how Express learns what a user is.
  namespace Express {
    interface User {
      readonly id: string
      readonly name: string
      readonly accessToken: string
    }
  }
}

interface Scene {
  readonly server: TestServer
  readonly client: TestClient
  readonly user: TestUser
  readonly browser: TestBrowser
  readonly ask: Visitor
}

const asked = { scope: 'openid profile email read:contacts', audience }

interface Given {
  /** The tenant's `valetkey.userinfo_query_token`: the strategy sends its access token to UserInfo in the query. */
  readonly userInfoQueryToken?: boolean
}

async function aScene(t: TestContext, { userInfoQueryToken = true }: Given = {}): Promise<Scene> {
  const server = await serverOnTls(t)
  await server.anApi()
  const [tenant] = (await server.store.tenants.list({ limit: 1 })).items
  assert.ok(tenant)
  await server.store.tenants.update({ ...tenant, settings: { ...tenant.settings, userInfoQueryToken } })
  const app = express()
  const appUrl = `http://localhost:${await onLoopback(t, app)}`
  const client = await server.aClient({
    redirectUris: [`${appUrl}/callback`],
    allowedLogoutUrls: [`${appUrl}/`],
  })
  const options = {
    domain: new URL(server.issuer).host,
    clientID: client.id,
    clientSecret: client.secret,
    callbackURL: `${appUrl}/callback`,
  }
  const strategy = new Strategy(options, (accessToken, _refreshToken, _parameters, profile, done) => {
    done(null, { id: profile.id, name: profile.displayName, accessToken })
  })
  const passport = new Passport()
  passport.use(strategy)
  passport.serializeUser((user, done) => done(null, user))
  passport.deserializeUser((user: Express.User, done) => done(null, user))
  app.use(session({ secret: 'of the application', resave: false, saveUninitialized: false }))
  app.use(passport.session())
  const contacts = await serveContacts(t, server)
  app.get('/', ({ user }, response) => void response.json({ user: user ?? null }))
  app.get('/login', passport.authenticate('auth0', asked))
  app.get('/callback', passport.authenticate('auth0', { successRedirect: '/', failureRedirect: '/failed' }))
  app.get('/contacts', async ({ user }, response) => {
    const headers = { authorization: `Bearer ${user?.accessToken}` }
    response.json(await (await fetch(contacts, { headers })).json())
  })
  app.get('/logout', (request, response, next) => {
    const to = new URLSearchParams({ client_id: client.id, returnTo: `${appUrl}/` })
    request.logout((error) => (error ? next(error) : response.redirect(`${server.issuer}v2/logout?${to}`)))
  })
  app.use(
    (error: Error, _request: express.Request, response: express.Response, _next: express.NextFunction) =>
      response.status(500).json({ error: error.message }),
  )
  return { server, client, user: await server.aUser(), browser: server.browser(), ask: visitorOf(appUrl) }
}

/** Through the login of the application and back to its callback; answers where the callback sends the browser. */
async function signIn(scene: Scene, answer: 'allow' | 'decline' = 'allow'): Promise<string> {
  const callback = await visit(locationOf(await scene.ask('/login')), { ...scene, answer })
  return locationOf(await scene.ask(callback)).pathname
}

async function read({ ask }: Scene, path: string) {
  return JSON.parse((await ask(path)).body)
}

test('OIDC Core §3.1: passport-auth0 logs in, checks its ID token, reads the profile and calls an API', async (t) => {
  const scene = await aScene(t)
  assert.equal(await signIn(scene), '/')
  const { user } = await read(scene, '/')
  assert.deepEqual([user.id, user.name], [scene.user.id, 'Ada Lovelace'])
  assert.deepEqual(await read(scene, '/contacts'), { owner: scene.user.id })
})

test('Auth0: an application with passport-auth0 logs out through /v2/logout', async (t) => {
  const scene = await aScene(t)
  await signIn(scene)
  const away = await scene.ask('/logout')
  const shown = await scene.browser.open(locationOf(away).href)
  assert.equal(shown.leftTo?.url.href, scene.client.allowedLogoutUrls[0])
  assert.equal((await read(scene, '/')).user, null)
  const again = await scene.ask('/login')
  const page = await scene.browser.open(locationOf(again).href)
  assert.equal(new URL(page.url).pathname, '/u/login')
})

test('RFC 6749 §4.1.2.1: who declines is sent where passport-auth0 sends failures', async (t) => {
  const scene = await aScene(t)
  assert.equal(await signIn(scene, 'decline'), '/failed')
  assert.equal((await read(scene, '/')).user, null)
})

test('RFC 6749 §4.1.3: a code of another browser is no login for passport-auth0', async (t) => {
  const scene = await aScene(t)
  const callback = await visit(locationOf(await scene.ask('/login')), scene)
  callback.searchParams.set('state', 'another')
  assert.equal(locationOf(await scene.ask(callback)).pathname, '/failed')
})

test('RFC 9700 §4.3.2: unless the tenant says so, the access token that passport-auth0 puts into a query is not read', async (t) => {
  const scene = await aScene(t, { userInfoQueryToken: false })
  const callback = await visit(locationOf(await scene.ask('/login')), scene)
  const { body } = await scene.ask(callback)
  assert.deepEqual(JSON.parse(body), { error: 'failed to fetch user profile' })
  assert.equal(scene.server.lastRefusal(), 'userinfo.no_token')
})
