// Apache's mod_auth_openidc as Debian packages it: the code flow with PKCE, renewal, and three ways to log out.
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import type { TestBrowser, TestClient, TestServer, TestUser } from '../../src/testkit/testkit.ts'
import { portForApache, startApache } from './apache.ts'
import { findApache } from './apache-install.ts'
import { serverOnLoopback, visit } from './scene.ts'
import { locationOf, type Visitor, visitorOf } from './visitor.ts'

// The only client here that npm cannot bring along.
const apache = await findApache()
const options = { skip: apache.kind === 'missing' && apache.reason }

interface Scene {
  readonly server: TestServer
  readonly client: TestClient
  readonly user: TestUser
  readonly browser: TestBrowser
  readonly appUrl: string
  readonly ask: Visitor
}

async function aScene(t: TestContext, isFirstParty = true): Promise<Scene> {
  assert.ok(apache.kind === 'found')
  const { program } = apache
  const port = await portForApache()
  const appUrl = `http://localhost:${port}`
  const server = await serverOnLoopback(t, {
    settings: { outgoing: { allowedHosts: [`localhost:${port}`] } },
  })
  const client = await server.aClient({
    isFirstParty,
    redirectUris: [`${appUrl}/callback`],
    allowedLogoutUrls: [`${appUrl}/goodbye`],
    tokenEndpointAuthMethod: 'client_secret_basic',
    logout: { backchannelUri: `${appUrl}/callback?logout=backchannel`, backchannelSessionRequired: true },
  })
  const directives = [
    `OIDCProviderMetadataURL ${server.issuer}.well-known/openid-configuration`,
    `OIDCClientID ${client.id}`,
    `OIDCClientSecret ${client.secret}`,
    `OIDCRedirectURI ${appUrl}/callback`,
    'OIDCCryptoPassphrase of-the-application',
    `OIDCDefaultURL ${appUrl}/`,
    'OIDCPKCEMethod S256',
    'OIDCScope "openid profile email offline_access"',
  ]
  await startApache(t, { program, port, directives })
  const user = await server.aUser()
  return { server, client, user, browser: server.browser(), appUrl, ask: visitorOf(appUrl) }
}

/** From a protected page over the server back to it. */
async function signIn(scene: Scene): Promise<void> {
  const callback = await visit(locationOf(await scene.ask('/')), scene)
  assert.equal(locationOf(await scene.ask(callback)).href, `${scene.appUrl}/`)
}

interface Known {
  readonly oidc_claim_sub: string
  readonly oidc_claim_email: string
  readonly oidc_access_token: string
}

/** What the application behind Apache is told of the user; nothing where Apache asks for a login. */
async function known({ ask }: Scene): Promise<Known | undefined> {
  const { status, body } = await ask('/')
  return status === 200 ? JSON.parse(body) : undefined
}

test(
  'OIDC Core §3.1: mod_auth_openidc logs in with a code and PKCE, and hands the claims on',
  options,
  async (t) => {
    const scene = await aScene(t)
    await signIn(scene)
    const user = await known(scene)
    assert.deepEqual([user?.oidc_claim_sub, user?.oidc_claim_email], [scene.user.id, scene.user.email])
  },
)

test('RFC 6749 §6: mod_auth_openidc renews its access token, and the new one is good', options, async (t) => {
  const scene = await aScene(t)
  const { server, ask, appUrl } = scene
  await signIn(scene)
  const before = (await known(scene))?.oidc_access_token ?? ''
  server.advance('1s')
  const renew = new URLSearchParams({ refresh: `${appUrl}/`, access_token: before })
  assert.equal(locationOf(await ask(`/callback?${renew}`)).href, `${appUrl}/`)
  const renewed = (await known(scene))?.oidc_access_token ?? ''
  assert.notEqual(renewed, before)
  const headers = { authorization: `Bearer ${renewed}` }
  const info = await server.fetch(`${server.issuer}userinfo`, { headers })
  assert.equal((await info.json()).sub, scene.user.id)
})

test(
  'OIDC RP-Initiated Logout §2: the logout of mod_auth_openidc ends the session and comes back',
  options,
  async (t) => {
    const scene = await aScene(t)
    const { ask, browser, appUrl } = scene
    await signIn(scene)
    const away = locationOf(await ask(`/callback?${new URLSearchParams({ logout: `${appUrl}/goodbye` })}`))
    assert.equal((await browser.open(away.href)).leftTo?.url.href, `${appUrl}/goodbye`)
    assert.equal((await ask('/goodbye')).status, 200)
    assert.equal(await known(scene), undefined)
    const page = await browser.open(locationOf(await ask('/')).href)
    assert.equal(new URL(page.url).pathname, '/u/login')
  },
)

test(
  'OIDC Back-Channel Logout §2.6: mod_auth_openidc verifies the logout token and forgets the user',
  options,
  async (t) => {
    const scene = await aScene(t)
    await signIn(scene)
    assert.ok(await known(scene))
    await scene.browser.open(`${scene.server.issuer}v2/logout`)
    // The server tells the client beside its answer to the browser.
    for (let tries = 0; (await known(scene)) !== undefined && tries < 200; tries++) await pause(25)
    assert.equal(await known(scene), undefined)
  },
)

test(
  'RFC 6749 §4.1.2.1: who declines is no user for mod_auth_openidc, which asks again',
  options,
  async (t) => {
    const scene = await aScene(t, false)
    const callback = await visit(locationOf(await scene.ask('/')), { ...scene, answer: 'decline' })
    assert.equal(callback.searchParams.get('error'), 'access_denied')
    // Debian's version takes an error with the `iss` of RFC 9207 §2 for a request to log in (OpenID Connect Core §4).
    const again = locationOf(await scene.ask(callback))
    assert.equal(`${again.origin}${again.pathname}`, `${scene.server.issuer}authorize`)
    assert.equal(await known(scene), undefined)
  },
)
