import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import { after, beforeEach, test } from 'node:test'
import { createLocalJWKSet, decodeProtectedHeader, type JSONWebKeySet, jwtVerify } from 'jose'
import { startTestServer, type TestBrowser } from '../../src/testkit/testkit.ts'
import { answerOf, authorizationUrl, claimsOf, form, pageOf, throughPages } from '../rfc/requests.ts'

interface Received {
  readonly method: string | undefined
  readonly contentType: string | undefined
  readonly body: URLSearchParams
}

/** What the clients got, and what they answer: the last one stays. */
const received: Received[] = []
let connections = 0
let answers: readonly number[] = [200]

async function read(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of request) text += chunk
  return text
}

const receiver = createServer(async (request, response) => {
  const body = new URLSearchParams(await read(request))
  received.push({ method: request.method, contentType: request.headers['content-type'], body })
  const [status = 200, ...later] = answers
  if (later.length > 0) answers = later
  response.writeHead(status, status === 302 ? { location: '/elsewhere' } : {}).end()
})
  .on('connection', () => {
    connections += 1
  })
  .listen(0, '127.0.0.1')
await once(receiver, 'listening')
const address = receiver.address()
assert.ok(typeof address === 'object' && address !== null)
const host = `localhost:${address.port}`

const server = await startTestServer({ settings: { outgoing: { allowedHosts: [host] } } })
after(async () => {
  await server.close()
  receiver.close()
})

const user = await server.aUser()
const grace = await server.aUser({ email: 'grace@example.com' })
const es256 = { signingAlgorithm: 'ES256', lifetimeSeconds: 600 } as const
const backchannelUri = `http://${host}/logout?from=valetkey`
const client = await server.aClient({ logout: { backchannelUri }, idToken: es256 })

beforeEach(() => {
  received.length = 0
  answers = [200]
})

const event = 'http://schemas.openid.net/event/backchannel-logout'

async function logIn(asking = client, browser = server.browser()) {
  const given = { response_type: 'code' }
  await throughPages(server, { client: asking, user, browser }, given)
  return browser
}

/** Ends the session of a browser, and waits for what goes on beside it. */
async function logOut(browser: TestBrowser) {
  const shown = await browser.open(`${server.issuer}v2/logout`)
  await server.idle()
  return shown
}

function tokens(): readonly string[] {
  return received.map(({ body }) => body.get('logout_token') ?? '')
}

test('Back-Channel Logout §2.5: the client gets a POST with nothing but logout_token', async () => {
  await logOut(await logIn())
  const [message] = received
  assert.equal(received.length, 1)
  assert.deepEqual([message?.method, message?.contentType], ['POST', 'application/x-www-form-urlencoded'])
  assert.deepEqual([...(message?.body.keys() ?? [])], ['logout_token'])
})

test('Back-Channel Logout §2.4: the token is signed as the ID tokens of the client are, and says who and which session', async () => {
  const browser = server.browser()
  const implicit = await server.aClient({
    grantTypes: ['implicit'],
    logout: { backchannelUri },
    idToken: es256,
  })
  const given = { response_type: 'id_token', nonce: 'n' }
  const shown = await throughPages(server, { client: implicit, user, browser }, given)
  const idToken = claimsOf(answerOf(shown).get('id_token') ?? '')
  await logOut(browser)
  const [token = ''] = tokens()
  const { alg, typ } = decodeProtectedHeader(token)
  assert.deepEqual([alg, typ], ['ES256', 'logout+jwt'])
  const jwks: JSONWebKeySet = await (await server.fetch(`${server.issuer}.well-known/jwks.json`)).json()
  const { payload } = await jwtVerify(token, createLocalJWKSet(jwks), {
    issuer: server.issuer,
    audience: implicit.id,
    currentDate: new Date(server.now() * 1000),
  })
  assert.deepEqual(payload.events, { [event]: {} })
  assert.deepEqual([payload.sub, payload.sid], [idToken.sub, idToken.sid])
  assert.deepEqual([payload.iat, payload.exp], [server.now(), server.now() + 120])
  assert.equal(typeof payload.jti, 'string')
  assert.equal('nonce' in payload, false)
})

test('Back-Channel Logout §2.7: only clients that got something in the session are told, each once', async () => {
  const second = await server.aClient({ logout: { backchannelUri } })
  const silent = await server.aClient()
  await server.aClient({ logout: { backchannelUri } })
  const browser = await logIn()
  await logIn(second, browser)
  await logIn(silent, browser)
  await logIn(client, browser)
  await logOut(browser)
  assert.deepEqual(
    tokens()
      .map((token) => claimsOf(token).aud)
      .sort(),
    [client.id, second.id].sort(),
  )
})

test('Back-Channel Logout §2.4: a pairwise client reads its own sub', async () => {
  const pairwise = await server.aClient({
    grantTypes: ['implicit'],
    pairwise: {},
    logout: { backchannelUri },
  })
  const browser = server.browser()
  const given = { response_type: 'id_token', nonce: 'n' }
  const shown = await throughPages(server, { client: pairwise, user, browser }, given)
  await logOut(browser)
  const [token] = tokens()
  assert.equal(claimsOf(token).sub, claimsOf(answerOf(shown).get('id_token') ?? '').sub)
  assert.notEqual(claimsOf(token).sub, user.id)
})

test('Back-Channel Logout §2.5: a client that fails twice is told a third time, with tokens of their own', async () => {
  answers = [500, 400, 204]
  await logOut(await logIn())
  assert.equal(received.length, 1)
  server.advance('1s')
  await server.idle()
  assert.equal(received.length, 2)
  server.advance('4s')
  await server.idle()
  assert.equal(received.length, 2, 'the third attempt waits longer')
  server.advance('1s')
  await server.idle()
  assert.equal(received.length, 3)
  assert.equal(new Set(tokens().map((token) => claimsOf(token).jti)).size, 3)
  server.advance('1h')
  await server.idle()
  assert.equal(received.length, 3, 'a client that took it is left alone')
})

test('Back-Channel Logout §2.5: a client that never takes it is given up, and the log says so', async () => {
  answers = [500]
  await logOut(await logIn())
  for (const wait of ['1s', '5s', '30s', '1h']) {
    server.advance(wait)
    await server.idle()
  }
  assert.equal(received.length, 4)
  const given = server.log.findLast((entry) => entry.event === 'logout.back_channel_given_up')
  assert.deepEqual(given?.fields, { client_id: client.id })
})

test('Back-Channel Logout §2.5: the browser is answered before the client is', async () => {
  const browser = await logIn()
  const shown = await browser.open(`${server.issuer}v2/logout`)
  assert.match(shown.html, /You are logged out/)
  await server.idle()
  assert.equal(received.length, 1)
})

test('RFC 9700 §4.11: a client that redirects is not followed', async () => {
  answers = [302]
  await logOut(await logIn())
  assert.equal(received.length, 1)
  const failed = server.log.findLast(({ event: name }) => name === 'logout.back_channel_failed')
  assert.equal(failed?.fields.reason, 'redirects are not followed')
})

for (const [name, uri] of [
  ['a private address', 'https://10.0.0.1/logout'],
  ['the loopback address under a name that nobody allowed', `https://127.0.0.1:${address.port}/logout`],
  ['the address of cloud metadata', 'https://169.254.169.254/latest'],
] as const) {
  test(`RFC 9700 §4.12: ${name} is not called`, async () => {
    const inside = await server.aClient({ logout: { backchannelUri: uri } })
    const before = connections
    const start = server.log.length
    await logOut(await logIn(inside))
    const failed = server.log.slice(start).find((entry) => entry.event === 'logout.back_channel_failed')
    assert.deepEqual(failed?.fields, { client_id: inside.id, reason: 'the address is not public' })
    assert.equal(connections, before)
  })
}

test('Back-Channel Logout §2: logging in again as the same user tells nobody, and the session stays known', async () => {
  const browser = await logIn()
  const other = await server.aClient()
  const login = await browser.open(authorizationUrl(server, other, { prompt: 'login' }))
  await browser.logIn(login, user)
  await server.idle()
  assert.equal(received.length, 0)
  await logOut(browser)
  assert.equal(received.length, 1, 'the client of the first login is told of the end')
})

test('Back-Channel Logout §2: another user who logs in ends the session of the first, whose clients are told', async () => {
  const browser = await logIn()
  const login = await browser.open(authorizationUrl(server, client, { prompt: 'login' }))
  assert.equal(pageOf(login), '/u/login')
  await browser.logIn(login, grace)
  await server.idle()
  assert.deepEqual(
    tokens().map((token) => claimsOf(token).sub),
    [user.id],
  )
})

test('Back-Channel Logout §2: a refused logout request tells nobody', async () => {
  const browser = await logIn()
  await browser.open(`${server.issuer}v2/logout?${form({ returnTo: 'https://evil.test/' })}`)
  await browser.open(`${server.issuer}oidc/logout?id_token_hint=nonsense`)
  await browser.open(`${server.issuer}oidc/logout`)
  await server.idle()
  assert.equal(received.length, 0)
})

test('Back-Channel Logout §2.1: discovery announces it', async () => {
  const metadata = await (await server.fetch(`${server.issuer}.well-known/openid-configuration`)).json()
  const { backchannel_logout_supported, backchannel_logout_session_supported } = metadata as Record<
    string,
    unknown
  >
  assert.deepEqual([backchannel_logout_supported, backchannel_logout_session_supported], [true, true])
})

test('Back-Channel Logout §2.6: a logout token is no ID token, no access token and no hint', async () => {
  await logOut(await logIn())
  const [token = ''] = tokens()
  const info = await server.fetch(`${server.issuer}userinfo`, {
    headers: { authorization: `Bearer ${token}` },
  })
  assert.equal(info.status, 401)
  const shown = await server.browser().open(`${server.issuer}oidc/logout?${form({ id_token_hint: token })}`)
  assert.deepEqual([shown.status, server.lastRefusal()], [400, 'logout.id_token_hint_invalid'])
})
