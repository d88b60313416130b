import { refuse } from './refusal.ts'

/** A verified access token, whichever way it was verified. `clientId` is the client that it was issued to; times are
 * epoch seconds; `claims` holds everything that the token or the introspection response said. */
export type AccessToken = {
  readonly value: string
  readonly subject?: string
  readonly clientId?: string
  readonly audience: readonly string[]
  readonly scopes: readonly string[]
  readonly permissions: readonly string[]
  readonly expiresAt?: number
  readonly claims: Claims
}

/** Claims as they were signed, or as introspection gave them. */
export type Claims = Readonly<Record<string, unknown>>

/** Reads verified claims (RFC 9068 §2.2, RFC 7662 §2.2). Throws invalid_token on a sender-constrained token. */
export function accessToken(value: string, claims: Claims): AccessToken {
  // RFC 9449 §7.2, RFC 8705 §3: a token bound to a key proves nothing when it comes as a bearer token.
  if (claims.cnf !== undefined) throw refuse.invalidToken('The access token is bound to a key of its client')
  const { sub, exp, scope } = claims
  // Auth0's dialect says azp where RFC 9068 says client_id.
  const clientId = claims.client_id ?? claims.azp
  return {
    value,
    ...(typeof sub === 'string' ? { subject: sub } : {}),
    ...(typeof clientId === 'string' ? { clientId } : {}),
    audience: texts([claims.aud].flat()),
    scopes: typeof scope === 'string' ? scope.split(' ').filter(Boolean) : [],
    permissions: texts(claims.permissions),
    ...(typeof exp === 'number' ? { expiresAt: exp } : {}),
    claims,
  }
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((member) => typeof member === 'string') : []
}
