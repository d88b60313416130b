// The back channel: codes and refresh tokens become tokens, and tokens are checked before anything in them is believed.
import { decodeJwt, decodeProtectedHeader, errors, type JWTPayload, jwtVerify } from 'jose'
import type { Client } from './authorization.ts'
import type { AuthorizationServer } from './authorization-server.ts'
import { type Answer, exchange } from './exchange.ts'

/** The tokens of one login. They stay on this server. */
export interface Tokens {
  readonly accessToken: string
  readonly refreshToken?: string
  /** As it came; shown again when the session ends. */
  readonly idToken?: string
  readonly scopes: readonly string[]
}

export interface Identity {
  readonly subject: string
  readonly name: string
}

/** A token, taken apart to be looked at. */
export type Inspection =
  | { readonly kind: 'opaque' }
  | {
      readonly kind: 'jwt'
      readonly header: object
      readonly claims: object
      readonly signature: Signature
    }

export type Signature =
  | { readonly valid: true; readonly algorithm: string; readonly keyId?: string }
  | { readonly valid: false; readonly reason: string }

/** Exchanges a code for tokens (RFC 6749 §4.1.3, RFC 7636 §4.5). */
export function redeemCode(
  server: AuthorizationServer,
  client: Client,
  grant: { readonly code: string; readonly codeVerifier: string },
  fetcher: typeof fetch,
): Promise<Answer> {
  const form = {
    grant_type: 'authorization_code',
    code: grant.code,
    redirect_uri: client.redirectUri,
    code_verifier: grant.codeVerifier,
  }
  return exchange({ method: 'POST', url: server.tokenEndpoint, authorization: basic(client), form }, fetcher)
}

/** Exchanges a refresh token for new tokens (RFC 6749 §6). */
export function refresh(
  server: AuthorizationServer,
  client: Client,
  refreshToken: string,
  fetcher: typeof fetch,
): Promise<Answer> {
  const form = { grant_type: 'refresh_token', refresh_token: refreshToken }
  return exchange({ method: 'POST', url: server.tokenEndpoint, authorization: basic(client), form }, fetcher)
}

/**
 * The tokens of a token response, or undefined when it is an error. RFC 6749 §5.1: without `scope` the answer grants what
 * was asked. RFC 6749 §6: without a new refresh token the old one goes on.
 */
export function readTokens(
  answer: Answer,
  before: Pick<Tokens, 'scopes' | 'refreshToken' | 'idToken'>,
): Tokens | undefined {
  const { access_token, refresh_token = before.refreshToken, id_token = before.idToken } = answer.body
  const { scope, token_type } = answer.body
  if (typeof access_token !== 'string' || String(token_type).toLowerCase() !== 'bearer') return undefined
  return {
    accessToken: access_token,
    scopes: typeof scope === 'string' ? scope.split(' ') : before.scopes,
    ...(typeof refresh_token === 'string' && { refreshToken: refresh_token }),
    ...(typeof id_token === 'string' && { idToken: id_token }),
  }
}

/**
 * Verifies an ID token (OpenID Connect Core §3.1.3.7): signature, issuer, audience, expiry and nonce. `expected.subject`
 * is for a refresh, which must be about the same user (§12.2). Throws an error with the reason.
 */
export async function verifyIdToken(
  idToken: unknown,
  server: AuthorizationServer,
  expected: { readonly clientId: string; readonly nonce?: string; readonly subject?: string },
): Promise<Identity> {
  if (typeof idToken !== 'string') throw new Error('there is no ID token in the answer')
  const { payload } = await jwtVerify(idToken, server.keys, {
    issuer: server.issuer,
    audience: expected.clientId,
    algorithms: [...server.idTokenAlgorithms],
    requiredClaims: ['sub', 'iat', 'exp'],
    clockTolerance: 5,
  })
  // A token for several audiences says which of them it was issued to.
  const [, anotherAudience] = [payload.aud ?? []].flat()
  if (anotherAudience !== undefined && payload.azp !== expected.clientId)
    throw new Error('azp is another client')
  if (expected.nonce !== undefined && payload.nonce !== expected.nonce)
    throw new Error('nonce does not match')
  if (expected.subject !== undefined && payload.sub !== expected.subject)
    throw new Error('sub is another user')
  return { subject: String(payload.sub), name: nameIn(payload) }
}

/**
 * Takes a token apart to show it. An application must not do this with an access token, whose content is a matter
 * between the authorization server and the API (RFC 9068 §6); this one is here to be learned from.
 */
export async function inspect(
  token: string,
  server: AuthorizationServer,
  audience: string,
): Promise<Inspection> {
  const parts = takeApart(token)
  return parts
    ? { kind: 'jwt', ...parts, signature: await signatureOf(token, server, audience) }
    : { kind: 'opaque' }
}

function takeApart(token: string): { readonly header: object; readonly claims: object } | undefined {
  try {
    return { header: decodeProtectedHeader(token), claims: decodeJwt(token) }
  } catch {
    return undefined
  }
}

async function signatureOf(token: string, server: AuthorizationServer, audience: string): Promise<Signature> {
  try {
    const { protectedHeader } = await jwtVerify(token, server.keys, { issuer: server.issuer, audience })
    const { alg, kid } = protectedHeader
    return { valid: true, algorithm: alg, ...(kid !== undefined && { keyId: kid }) }
  } catch (error) {
    if (!(error instanceof errors.JOSEError)) throw error
    return { valid: false, reason: error.message }
  }
}

/** RFC 6749 §2.3.1: both parts are form-encoded before they are joined. */
function basic(client: Client): string {
  const encode = (part: string): string => new URLSearchParams([['', part]]).toString().slice(1)
  const pair = `${encode(client.clientId)}:${encode(client.clientSecret)}`
  return `Basic ${Buffer.from(pair).toString('base64')}`
}

function nameIn(payload: JWTPayload): string {
  const { name, nickname, email } = payload
  return [name, nickname, email, payload.sub].find(
    (value) => typeof value === 'string' && value !== '',
  ) as string
}
