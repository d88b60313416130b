import { createHash, randomBytes } from 'node:crypto'
import type { ResourceServer } from '../domain/resource-server.ts'
import { type Reachable, type TestBrowser, testBrowser } from './browser.ts'
import type { TestClient, TestUser } from './builders.ts'

export interface SignIn {
  readonly client: TestClient
  readonly user: TestUser
  /** Space-separated; `openid` where it is absent. */
  readonly scope?: string
  readonly api?: ResourceServer
  /** Scopes that the owner leaves ticked where the server asks; all where it is absent. */
  readonly allow?: readonly string[]
  /** Goes on in this browser, with its session, instead of a new one. */
  readonly browser?: TestBrowser
}

/** The answer of the token endpoint (RFC 6749 §5.1). */
export interface TokenSet {
  readonly access_token: string
  readonly token_type: string
  readonly expires_in: number
  readonly scope?: string
  readonly id_token?: string
  readonly refresh_token?: string
}

/** The code flow with PKCE from the authorization request to the tokens, through the real pages. */
export async function signIn(server: Reachable, request: SignIn): Promise<TokenSet> {
  const { client, user } = request
  const verifier = randomBytes(32).toString('base64url')
  const [redirectUri = ''] = client.redirectUris
  const browser = request.browser ?? testBrowser(server)
  const url = new URL('authorize', server.issuer)
  url.search = new URLSearchParams({
    response_type: 'code',
    client_id: client.id,
    redirect_uri: redirectUri,
    scope: request.scope ?? 'openid',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    ...(request.api !== undefined && { audience: request.api.identifier }),
  }).toString()
  let shown = await browser.open(url.href)
  if (new URL(shown.url).pathname === '/u/login') shown = await browser.logIn(shown, user)
  if (new URL(shown.url).pathname === '/u/consent') shown = await browser.allow(shown, request.allow)
  const code = shown.leftTo?.parameters.get('code')
  if (code === undefined || code === null) throw new Error(`no code: ${shown.leftTo?.url.href ?? shown.html}`)
  return redeem(server, client, { code, redirect_uri: redirectUri, code_verifier: verifier })
}

async function redeem(
  server: Reachable,
  client: TestClient,
  parameters: Readonly<Record<string, string>>,
): Promise<TokenSet> {
  const body = new URLSearchParams({
    grant_type: 'authorization_code',
    client_id: client.id,
    ...(client.secret !== '' && { client_secret: client.secret }),
    ...parameters,
  })
  const response = await server.fetch(
    new Request(new URL('oauth/token', server.issuer), { method: 'POST', body }),
  )
  if (!response.ok) throw new Error(`no tokens: ${await response.text()}`)
  return (await response.json()) as TokenSet
}
