// Owns the test doubles of this folder: an authorization server at the network port, a clock and request builders.
import type { CryptoKey, JWK, JWTPayload } from 'jose'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import type { ProtectOptions, ResourceRequest, Verdict } from '../src/sdk.ts'
import { protectResource } from '../src/sdk.ts'

export const issuer = 'https://login.example.com/'
export const audience = 'https://contacts.example.com'
export const startOfTest = 1_790_000_000

export type Answer = { readonly status?: number; readonly body?: unknown }
type Sent = { readonly url: string; readonly init: RequestInit }
type Changed = Readonly<Record<string, unknown>>
type Signed = {
  readonly header?: Record<string, unknown>
  readonly key?: CryptoKey
  readonly secret?: Uint8Array
}

/** An authorization server that answers `fetch`. Every field can be changed while a test runs. */
export async function anIssuer() {
  const server = {
    now: startOfTest,
    isDown: false,
    sent: [] as Sent[],
    keys: [] as { readonly kid: string; readonly privateKey: CryptoKey; readonly jwk: JWK }[],
    answers: new Map<string, Answer | (() => Answer)>(),
    fetch: async (url: string | URL | Request, init: RequestInit = {}): Promise<Response> => {
      server.sent.push({ url: String(url), init })
      if (server.isDown) throw new TypeError('connection refused')
      const found = server.answers.get(String(url)) ?? { status: 404, body: {} }
      const { status = 200, body } = typeof found === 'function' ? found() : found
      return new Response(JSON.stringify(body), { status })
    },
    count: (url: string): number => server.sent.filter((sent) => sent.url === url).length,
    rotate: async (kid: string, alg = 'ES256'): Promise<void> => {
      const { publicKey, privateKey } = await generateKeyPair(alg)
      const jwk = { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' }
      server.keys = [{ kid, privateKey, jwk }]
    },
    /** Signs claims as they are. `header` replaces single members. */
    sign: async (claims: JWTPayload, signed: Signed = {}): Promise<string> => {
      const [own] = server.keys
      if (!own) throw new Error('no key')
      const header = { alg: own.jwk.alg ?? '', typ: 'at+jwt', kid: own.kid, ...signed.header }
      return new SignJWT(claims)
        .setProtectedHeader(header)
        .sign(signed.secret ?? signed.key ?? own.privateKey)
    },
    /** An RFC 9068 access token that passes, except for what is changed. A claim set to undefined is left out. */
    token: (changed: Changed = {}, signed: Signed = {}): Promise<string> =>
      server.sign({ ...rfc9068Claims(server.now), ...changed }, signed),
    /** An access token of Auth0's dialect. */
    auth0Token: (changed: Changed = {}): Promise<string> =>
      server.sign({ ...auth0Claims(server.now), ...changed }, { header: { typ: 'JWT' } }),
  }
  await server.rotate('key-1')
  server.answers.set(discoveryUrl, {
    body: { issuer, jwks_uri: jwksUri, introspection_endpoint: introspectionUrl },
  })
  server.answers.set(jwksUri, () => ({ body: { keys: server.keys.map(({ jwk }) => jwk) } }))
  return server
}

export type Issuer = Awaited<ReturnType<typeof anIssuer>>

export const discoveryUrl = `${issuer}.well-known/openid-configuration`
export const jwksUri = `${issuer}.well-known/jwks.json`
export const introspectionUrl = `${issuer}oauth/introspect`

function rfc9068Claims(now: number): JWTPayload {
  return {
    iss: issuer,
    sub: 'auth0|64f0c1d2e3f4a5b6c7d8e9f0',
    aud: audience,
    iat: now,
    exp: now + 600,
    jti: 'token-1',
    client_id: 'app-1',
    scope: 'read:contacts',
  }
}

function auth0Claims(now: number): JWTPayload {
  const { client_id: azp, jti: _, ...claims } = rfc9068Claims(now)
  return { ...claims, azp, aud: [audience, `${issuer}userinfo`] }
}

/** The contacts API, on the network and the clock of the test. */
export function contactsApi(server: Issuer, changed: Partial<ProtectOptions> = {}) {
  return protectResource({ issuer, audience, fetch: server.fetch, now: () => server.now, ...changed })
}

/** A request with a token in the header, except for what is changed. */
export function aRequest(token: string | undefined, changed: Partial<ResourceRequest> = {}): ResourceRequest {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` }
  return { method: 'GET', url: '/contacts', headers, ...changed }
}

/** What a verdict says, in one line. */
export function outcome(verdict: Verdict): string {
  return verdict.kind === 'allowed' ? 'allowed' : `${verdict.status} ${verdict.error ?? 'no error code'}`
}

/** Why a request was refused, for the log. */
export function detail(verdict: Verdict): string {
  return verdict.kind === 'refused' ? verdict.detail : 'allowed'
}
