// What protocol tests share: requests that pass unless a test changes them, and what every refusal must look like.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import type { TenantId } from '../../src/domain/ids.ts'
import type { TenantStore } from '../../src/domain/store.ts'
import type { Shown, TestBrowser, TestClient, TestServer, TestUser } from '../../src/testkit/testkit.ts'

/** Parameters that a test changes: `undefined` leaves one out, several values repeat it. */
export type Given = Readonly<Record<string, string | readonly string[] | undefined>>

/** What an administrator could change while the server runs. */
export function rowsOf(server: TestServer): TenantStore {
  return server.store.forTenant('main' as TenantId)
}

/** A PKCE verifier (RFC 7636 §4.1) and its S256 challenge. */
export const verifier = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk'
export const challenge = createHash('sha256').update(verifier).digest('base64url')

/** Form-encodes what is defined. */
export function form(given: Given): URLSearchParams {
  const encoded = new URLSearchParams()
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined) continue
    for (const item of typeof value === 'string' ? [value] : value) encoded.append(name, item)
  }
  return encoded
}

/** Parameters of an authorization request that passes, with the changes of a test. */
export function authorizationParameters(client: TestClient, given: Given = {}): URLSearchParams {
  return form({
    response_type: 'code',
    client_id: client.id,
    redirect_uri: client.redirectUris[0],
    scope: 'openid',
    state: 'the state',
    code_challenge: challenge,
    code_challenge_method: 'S256',
    ...given,
  })
}

export function authorizationUrl(server: TestServer, client: TestClient, given: Given = {}): string {
  return `${server.issuer}authorize?${authorizationParameters(client, given)}`
}

/** Sends an authorization request without cookies. */
export function authorize(server: TestServer, client: TestClient, given: Given = {}): Promise<Response> {
  return server.fetch(authorizationUrl(server, client, given), { redirect: 'manual' })
}

/** Sends a token request, form-encoded unless a body is given. */
export function token(
  server: TestServer,
  given: Given,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> {
  return server.fetch(`${server.issuer}oauth/token`, { method: 'POST', body: form(given), headers })
}

/** The `client_id` and `client_secret` of a request body. */
export function credentials(client: TestClient): Given {
  return { client_id: client.id, client_secret: client.secret === '' ? undefined : client.secret }
}

/** An `Authorization` header with both parts form-encoded (RFC 6749 §2.3.1). */
export function basic(id: string, secret: string): Readonly<Record<string, string>> {
  const encode = (part: string) => new URLSearchParams({ part }).toString().slice('part='.length)
  return {
    authorization: `Basic ${Buffer.from(`${encode(id)}:${encode(secret)}`).toString('base64')}`,
  }
}

export interface Owner {
  readonly client: TestClient
  readonly user: TestUser
  readonly browser?: TestBrowser
}

/** Goes through login and consent until the server sends the browser away, or shows something else. */
export async function throughPages(
  server: TestServer,
  { client, user, browser = server.browser() }: Owner,
  given: Given = {},
): Promise<Shown> {
  let shown = await browser.open(authorizationUrl(server, client, given))
  if (pageOf(shown) === '/u/login') shown = await browser.logIn(shown, user)
  if (pageOf(shown) === '/u/consent') shown = await browser.allow(shown)
  return shown
}

/** The path of the page that is shown; `undefined` once the browser left the server. */
export function pageOf(shown: Shown): string | undefined {
  return shown.leftTo === undefined ? new URL(shown.url).pathname : undefined
}

/** The response parameters of a browser that was sent back to the application. */
export function answerOf(shown: Shown): URLSearchParams {
  assert.ok(shown.leftTo, `the browser is still at ${shown.url}`)
  return shown.leftTo.parameters
}

/** A fresh authorization code. */
export async function codeFor(server: TestServer, owner: Owner, given: Given = {}): Promise<string> {
  const code = answerOf(await throughPages(server, owner, given)).get('code')
  assert.ok(code, 'no code')
  return code
}

/** Redeems a code as its client does, with the changes of a test. */
export function redeem(
  server: TestServer,
  client: TestClient,
  code: string,
  given: Given = {},
): Promise<Response> {
  return token(server, {
    grant_type: 'authorization_code',
    ...credentials(client),
    code,
    redirect_uri: client.redirectUris[0],
    code_verifier: verifier,
    ...given,
  })
}

/** Uses a refresh token as its client does, with the changes of a test. */
export function refresh(
  server: TestServer,
  client: TestClient,
  refreshToken: string | undefined,
  given: Given = {},
): Promise<Response> {
  return token(server, {
    grant_type: 'refresh_token',
    ...credentials(client),
    refresh_token: refreshToken,
    ...given,
  })
}

export function userInfo(server: TestServer, accessToken: string, init: RequestInit = {}): Promise<Response> {
  return server.fetch(`${server.issuer}userinfo`, {
    ...init,
    headers: { authorization: `Bearer ${accessToken}`, ...init.headers },
  })
}

/** The members of a JSON answer. */
export async function json(response: Response): Promise<Record<string, unknown>> {
  assert.equal(response.headers.get('content-type'), 'application/json')
  return (await response.json()) as Record<string, unknown>
}

/** The JSON answer of a request that must have succeeded; its members are strings where a test reads them as such. */
export async function granted(response: Response): Promise<Record<string, string>> {
  const text = await response.text()
  assert.equal(response.status, 200, text)
  return JSON.parse(text)
}

/** The claims of a JWT, unverified. */
export function claimsOf(jwt: string | undefined): Record<string, unknown> {
  return JSON.parse(Buffer.from(jwt?.split('.')[1] ?? '', 'base64url').toString())
}

/** The header of a JWT, unverified. */
export function headerOf(jwt: string | undefined): Record<string, unknown> {
  return JSON.parse(Buffer.from(jwt?.split('.')[0] ?? '', 'base64url').toString())
}

// RFC 6749 §5.2, less what the conformance suite of OpenID warns about.
const descriptionCharacters = /^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/

export interface Refused {
  readonly status?: number
  readonly error: string
  /** Id of the rule that must have fired. */
  readonly rule: string
}

/** A direct endpoint refused: JSON that no cache keeps, with nothing but the error. */
export async function assertJsonRefusal(
  server: TestServer,
  response: Response,
  { status = 400, error, rule }: Refused,
): Promise<void> {
  const body = await json(response)
  assert.deepEqual([response.status, body.error, server.lastRefusal()], [status, error, rule])
  assert.deepEqual(Object.keys(body), ['error', 'error_description'])
  assert.match(String(body.error_description), descriptionCharacters)
  assert.equal(response.headers.get('cache-control'), 'no-store')
}

/** The authorization endpoint refused after the redirection URI was proven: a redirect with nothing but the error. */
export function assertRedirectRefusal(
  server: TestServer,
  response: Response,
  { status = 302, error, rule }: Refused,
  redirectUri = 'https://app.test/callback',
): void {
  const location = response.headers.get('location') ?? ''
  assert.ok(location.startsWith(redirectUri), location)
  const parameters = URL.parse(location)?.searchParams ?? new URLSearchParams()
  assert.deepEqual([response.status, parameters.get('error'), server.lastRefusal()], [status, error, rule])
  const allowed = ['error', 'error_description', 'state', 'iss']
  assert.deepEqual(
    [...parameters.keys()].filter((name) => !allowed.includes(name)),
    [],
  )
  assert.match(parameters.get('error_description') ?? '', descriptionCharacters)
  assert.equal(parameters.get('iss'), server.issuer)
  assert.equal(response.headers.get('cache-control'), 'no-store')
}

/** The authorization endpoint refused before the redirection URI was proven: a page of its own, and no way out. */
export async function assertPageRefusal(
  server: TestServer,
  response: Response,
  rule: string,
  status = 400,
): Promise<void> {
  const page = await response.text()
  assert.deepEqual([response.status, server.lastRefusal()], [status, rule])
  assert.equal(response.headers.get('location'), null)
  assert.equal(response.headers.get('content-type'), 'text/html; charset=utf-8')
  assert.match(page, /could not be accepted/)
  assert.doesNotMatch(page, /<a |<form|<script|http-equiv/)
}
