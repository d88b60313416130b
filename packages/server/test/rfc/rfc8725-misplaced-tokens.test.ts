// Everything that we sign or hand out, presented everywhere that we take something: each has one place.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { startTestServer } from '../../src/testkit/testkit.ts'
import { fakeNetwork, jwtBearer } from './client-keys.ts'
import {
  authorize,
  codeFor,
  credentials,
  form,
  type Given,
  granted,
  json,
  redeem,
  token,
  userInfo,
} from './requests.ts'

const network = fakeNetwork()
const messages: string[] = []
const server = await startTestServer({
  fetcher: {
    async fetch(request) {
      if (request.method === 'POST') messages.push(request.body ?? '')
      return network.fetcher.fetch(request)
    },
  },
})
after(() => server.close())
const user = await server.aUser()
const api = await server.anApi()
const exchange = 'urn:ietf:params:oauth:grant-type:token-exchange'
const backchannelUri = 'https://app.test/back'
network.serve(backchannelUri, {})
const client = await server.aClient({
  grantTypes: ['authorization_code', 'refresh_token', 'client_credentials', exchange],
  tokenExchange: { impersonation: true, delegation: true },
  userInfo: { signingAlgorithm: 'RS256' },
  logout: { backchannelUri },
  resourceServerIdentifier: api.identifier,
})
const browser = server.browser()
const tokens = await server.signIn({
  client,
  user,
  api,
  browser,
  scope: 'openid profile offline_access read:contacts',
})
const { id_token: idToken = '', access_token: accessToken, refresh_token: refreshToken = '' } = tokens

function post(path: string, given: Given, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
  return server.fetch(`${server.issuer}${path}`, { method: 'POST', body: form(given), headers })
}

async function signedUserInfo(): Promise<string> {
  const claims = JSON.stringify({ userinfo: { auth_time: null, jti: null, sid: null, scope: null } })
  const code = await codeFor(server, { client, user, browser: server.browser() }, { claims })
  const { access_token = '' } = await granted(await redeem(server, client, code))
  return (await userInfo(server, access_token)).text()
}

async function signedIntrospection(): Promise<string> {
  const given = { ...credentials(client), token: accessToken }
  const headers = { accept: 'application/token-introspection+jwt' }
  return (await post('oauth/introspect', given, headers)).text()
}

const answers = { userInfo: await signedUserInfo(), introspection: await signedIntrospection() }

async function logoutToken(): Promise<string> {
  const own = server.browser()
  await server.signIn({ client, user, browser: own })
  await own.open(`${server.issuer}v2/logout`)
  await server.idle()
  return new URLSearchParams(messages.at(-1)).get('logout_token') ?? ''
}

const artefacts = [
  { name: 'an ID token', jwt: idToken },
  { name: 'an access token', jwt: accessToken },
  { name: 'a logout token', jwt: await logoutToken() },
  { name: 'a signed introspection answer', jwt: answers.introspection },
  { name: 'a signed UserInfo answer', jwt: answers.userInfo },
  { name: 'a refresh token', jwt: refreshToken },
] as const

interface Place {
  readonly name: string
  /** What may stand there. */
  readonly takes: readonly string[]
  /** Whether it was taken. */
  accepts(jwt: string): Promise<boolean>
}

const places: readonly Place[] = [
  {
    name: 'as the access token of UserInfo',
    takes: ['an access token'],
    accepts: async (jwt) => (await userInfo(server, jwt)).status === 200,
  },
  {
    name: 'as id_token_hint of an authorization request',
    takes: ['an ID token'],
    async accepts(jwt) {
      const location = (await authorize(server, client, { id_token_hint: jwt })).headers.get('location') ?? ''
      return !location.includes('error=')
    },
  },
  {
    name: 'as id_token_hint of a logout',
    takes: ['an ID token'],
    accepts: async (jwt) => (await post('oidc/logout', { id_token_hint: jwt })).status !== 400,
  },
  {
    name: 'at introspection',
    takes: ['an access token', 'a refresh token'],
    async accepts(jwt) {
      const given = { ...credentials(client), token: jwt }
      return (await json(await post('oauth/introspect', given))).active === true
    },
  },
  ...(['access_token', 'id_token'] as const).map((type) => ({
    name: `as the subject of an exchange, called ${type}`,
    takes: [type === 'id_token' ? 'an ID token' : 'an access token'],
    async accepts(jwt: string) {
      const given = { grant_type: exchange, ...credentials(client), subject_token: jwt }
      const subject_token_type = `urn:ietf:params:oauth:token-type:${type}`
      const response = await token(server, { ...given, subject_token_type, audience: api.identifier })
      // An ID token is taken, and refused for want of a client grant.
      return response.ok || server.lastRefusal() !== 'exchange.subject_token_invalid'
    },
  })),
  {
    name: 'as a client assertion',
    takes: [],
    async accepts(jwt) {
      const assertion = { client_assertion: jwt, client_assertion_type: jwtBearer }
      const given = { grant_type: 'client_credentials', audience: api.identifier, ...assertion }
      return (await token(server, given)).status !== 401
    },
  },
  {
    name: 'as a request object',
    takes: [],
    async accepts(jwt) {
      const location = (await authorize(server, client, { request: jwt })).headers.get('location') ?? ''
      return !location.includes('error=')
    },
  },
  {
    name: 'as a code',
    takes: [],
    accepts: async (jwt) => (await redeem(server, client, jwt)).status === 200,
  },
  {
    name: 'as the token of a registration',
    takes: [],
    async accepts(jwt) {
      const headers = { authorization: `Bearer ${jwt}` }
      return (await server.fetch(`${server.issuer}oidc/register/${client.id}`, { headers })).status === 200
    },
  },
]

test('RFC 8725 §3.12: what was issued for one place is worth nothing in another', async (t) => {
  for (const { name: where, takes, accepts } of places) {
    for (const { name: what, jwt } of artefacts) {
      await t.test(`${what} ${where}`, async () => {
        assert.ok(jwt)
        assert.equal(await accepts(jwt), takes.includes(what), `${server.lastRefusal()}`)
      })
    }
  }
  assert.deepEqual(
    server.log.filter(({ event }) => event === 'request.failed'),
    [],
  )
})
