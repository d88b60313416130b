import { test } from 'node:test'
import { type Shown, startTestServer, type TestServer } from '../../src/testkit/testkit.ts'
import { matchesGolden } from '../support/golden.ts'
import { authorizationUrl, credentials, form, redeem, refresh, token, userInfo } from './requests.ts'

type Kind = readonly [name: string, response: Response]

/** One response of each kind that the server knows. */
async function everyKind(server: TestServer): Promise<readonly Kind[]> {
  const user = await server.aUser()
  const client = await server.aClient({ isFirstParty: false, redirectUris: ['https://app.test/cb'] })
  const jar = new Map<string, string>()
  const cookie = () => [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
  const keep = (response: Response) => {
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      jar.set(name, value)
    }
    return response
  }
  const get = async (url: string) => keep(await server.fetch(url, { headers: { cookie: cookie() } }))
  const post = async (url: string, body: URLSearchParams) =>
    keep(await server.fetch(url, { method: 'POST', body, headers: { cookie: cookie() } }))
  const fields = async (page: Response, more: Readonly<Record<string, string>>) => {
    const html = await page.clone().text()
    const csrf_token = /name="csrf_token" value="([^"]+)"/.exec(html)?.[1] ?? ''
    return form({ csrf_token, ...more })
  }

  const toLogin = await get(authorizationUrl(server, client, { scope: 'openid offline_access' }))
  const url = toLogin.headers.get('location') ?? ''
  const login = await get(url)
  const mistyped = await post(url, await fields(login, { username: user.email, password: 'wrong' }))
  const loggedIn = await post(url, await fields(login, { username: user.email, password: user.password }))
  const consentUrl = loggedIn.headers.get('location') ?? ''
  const consent = await get(consentUrl)
  const forged = await post(consentUrl, form({ action: 'accept' }))
  const allowed = await post(consentUrl, await fields(consent, { action: 'accept', scope: 'offline_access' }))
  const code = new URL(allowed.headers.get('location') ?? '').searchParams.get('code') ?? ''
  const tokens = await redeem(server, client, code)
  const { access_token, refresh_token } = (await tokens.clone().json()) as Shown & Record<string, string>
  const [style = ''] = /\/[^"]+\.css/.exec(await login.clone().text()) ?? []
  return [
    ['authorize: to the login page', toLogin],
    ['authorize: refused on a page', await get(authorizationUrl(server, client, { client_id: 'nobody' }))],
    ['authorize: refused by redirect', await get(authorizationUrl(server, client, { response_type: 'x' }))],
    ['login page', login],
    ['login page: wrong password', mistyped],
    ['login: to the consent page', loggedIn],
    ['consent page', consent],
    ['consent page: forged', forged],
    ['consent: back to the application', allowed],
    ['waiting request that is gone', await get(consentUrl)],
    ['token', tokens],
    ['token: refused', await refresh(server, client, 'x')],
    [
      'token: client not proven',
      await token(server, { grant_type: 'refresh_token' }, { authorization: 'Basic x' }),
    ],
    [
      'token: for an origin of the client',
      await token(
        server,
        { grant_type: 'refresh_token', ...credentials(client), refresh_token },
        { origin: 'https://app.test' },
      ),
    ],
    ['token: preflight', await server.fetch(`${server.issuer}oauth/token`, { method: 'OPTIONS' })],
    ['token: wrong method', await server.fetch(`${server.issuer}oauth/token`)],
    ['userinfo', await userInfo(server, access_token ?? '')],
    ['userinfo: without a token', await server.fetch(`${server.issuer}userinfo`)],
    ['userinfo: wrong token', await userInfo(server, 'x')],
    ['userinfo: preflight', await server.fetch(`${server.issuer}userinfo`, { method: 'OPTIONS' })],
    ['discovery', await get(`${server.issuer}.well-known/openid-configuration`)],
    ['keys', await get(`${server.issuer}.well-known/jwks.json`)],
    ['stylesheet', await get(new URL(style, server.issuer).href)],
    ['nothing there', await get(`${server.issuer}nowhere`)],
  ]
}

/** What is drawn at random gives way to a word. */
function written([name, { status, headers }]: Kind): string {
  const lines = [...headers]
    .map(([header, value]) => `  ${header}: ${value}`)
    .map((line) => line.replaceAll(/[\w-]{43}/g, '{random}').replace(/(x-request-id: ).*/, '$1{random}'))
  return [`${name}: ${status}`, ...lines].join('\n')
}

async function headersOf(publicUrl: string): Promise<string> {
  const server = await startTestServer({ settings: { publicUrl } })
  try {
    return `${(await everyKind(server)).map(written).join('\n\n')}\n`
  } finally {
    await server.close()
  }
}

test('headers and cookies of each kind of response, behind TLS', async () => {
  matchesGolden('headers-https.txt', await headersOf('https://valetkey.test'))
})

test('headers and cookies of each kind of response, on a loopback address', async () => {
  matchesGolden('headers-http.txt', await headersOf('http://localhost:4400'))
})
