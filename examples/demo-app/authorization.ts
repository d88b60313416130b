// The front channel: the request that the browser takes to the authorization server, and the answer it brings back.
import { createHash, randomBytes } from 'node:crypto'
import type { AuthorizationServer } from './authorization-server.ts'

export interface Choice {
  /** Scopes of the API, and `offline_access`. */
  readonly scopes: readonly string[]
  /** Asks for the consent page even when everything was allowed before. */
  readonly askAgain: boolean
}

/** What the application keeps between the request and its answer, bound to one browser. */
export interface PendingLogin {
  readonly state: string
  readonly nonce: string
  readonly codeVerifier: string
  readonly url: string
}

export interface Client {
  readonly clientId: string
  readonly clientSecret: string
  readonly audience: string
  readonly redirectUri: string
  /** Where the browser comes back to after a logout. */
  readonly homeUri: string
}

/** Builds an authorization request with PKCE (RFC 6749 §4.1.1, RFC 7636 §4.3, OpenID Connect Core §3.1.2.1). */
export function authorizationRequest(
  server: AuthorizationServer,
  client: Client,
  choice: Choice,
): PendingLogin {
  const [state, nonce, codeVerifier] = [randomValue(), randomValue(), randomValue()]
  const url = new URL(server.authorizationEndpoint)
  const parameters = {
    response_type: 'code',
    client_id: client.clientId,
    redirect_uri: client.redirectUri,
    audience: client.audience,
    scope: ['openid', 'profile', 'email', ...choice.scopes].join(' '),
    state,
    nonce,
    code_challenge: createHash('sha256').update(codeVerifier).digest('base64url'),
    code_challenge_method: 'S256',
    ...(choice.askAgain && { prompt: 'consent' }),
  }
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value)
  return { state, nonce, codeVerifier, url: url.href }
}

/** Builds a logout request; the ID token says whose session shall end, so that nobody has to be asked (RP-Initiated Logout §2). */
export function logoutRequest(endpoint: string, client: Client, idToken: string): string {
  const url = new URL(endpoint)
  const parameters = { id_token_hint: idToken, post_logout_redirect_uri: client.homeUri }
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value)
  return url.href
}

export type CallbackResult =
  | { readonly kind: 'code'; readonly code: string }
  | { readonly kind: 'refused'; readonly error: string; readonly description?: string }
  | { readonly kind: 'unusable'; readonly reason: string }

/**
 * Reads the answer to a pending login, whose `state` has already been matched. An error of the authorization server is
 * `refused`; an answer that must not be trusted is `unusable`.
 */
export function readCallback(query: URLSearchParams, server: AuthorizationServer): CallbackResult {
  // RFC 9207 §2.4: an answer from another authorization server must not be taken for ours (mix-up attack).
  const issuer = query.get('iss')
  if (issuer === null ? server.namesIssuer : issuer !== server.issuer) {
    return {
      kind: 'unusable',
      reason: 'The answer does not come from the authorization server that was asked.',
    }
  }
  const error = query.get('error')
  const description = query.get('error_description')
  if (error !== null) return { kind: 'refused', error, ...(description !== null && { description }) }
  const code = query.get('code')
  if (code === null) return { kind: 'unusable', reason: 'The answer holds neither a code nor an error.' }
  return { kind: 'code', code }
}

/** 256 random bits: more than RFC 6749 §10.10 and RFC 7636 §7.1 ask for. */
export function randomValue(): string {
  return randomBytes(32).toString('base64url')
}
