import type { Client } from '../../domain/client.ts'
import type { EpochSeconds } from '../../domain/ids.ts'
import { randomToken } from '../../domain/ports.ts'
import type { GrantedIdentity, RefreshToken } from '../../domain/refresh-token.ts'
import { hashed } from '../../domain/secrets.ts'
import type { Call } from '../call.ts'
import type { IdTokenDecision, Issuance } from './issuance.ts'

/** The two halves of a refresh token: which family, and proof of holding its newest token. */
export interface RefreshTokenParts {
  readonly selector: string
  readonly secret: string
}

const shape = /^([A-Za-z0-9_-]{22})\.([A-Za-z0-9_-]{43})$/

/** Splits a refresh token; `undefined` when it cannot be one of ours. */
export function parseRefreshToken(token: string): RefreshTokenParts | undefined {
  const [, selector, secret] = shape.exec(token) ?? []
  return selector === undefined || secret === undefined ? undefined : { selector, secret }
}

export function formatRefreshToken(parts: RefreshTokenParts): string {
  return `${parts.selector}.${parts.secret}`
}

/**
 * The token that follows this one. It is derived and not drawn, so that two uses of one token inside the leeway get the
 * same successor and the family never forks; without the master key nobody can derive it.
 */
export function successorOf(parts: RefreshTokenParts, call: Call): RefreshTokenParts {
  const secret = call.ports.sealer.mac(formatRefreshToken(parts), 'refresh_token_successor')
  return { selector: parts.selector, secret }
}

/** When a family that is used now ends unless it is used again; never after its absolute end. */
export function idleEnd(
  client: Client,
  now: EpochSeconds,
  absolute: EpochSeconds | undefined,
): EpochSeconds | undefined {
  const idle = client.refreshToken.idleLifetimeSeconds
  if (idle === undefined) return absolute
  return Math.min(now + idle, absolute ?? Number.MAX_SAFE_INTEGER)
}

/** Begins a family of refresh tokens for a user's grant (RFC 6749 §1.5) and answers its first token. */
export async function beginRefreshTokenFamily(
  issuance: Issuance,
  client: Client,
  call: Call,
): Promise<string> {
  if (issuance.subject.kind !== 'user') throw new Error('a refresh token needs a user')
  const { user, authenticatedAt, sessionId } = issuance.subject
  const parts = { selector: randomToken(call.ports.random, 16), secret: randomToken(call.ports.random) }
  const lifetime = client.refreshToken.lifetimeSeconds
  const expiresAt = lifetime === undefined ? undefined : call.now + lifetime
  const idleExpiresAt = idleEnd(client, call.now, expiresAt)
  await call.store.refreshTokens.create({
    selector: hashed(parts.selector),
    current: hashed(parts.secret),
    grantId: issuance.grantId,
    clientId: client.id,
    userId: user.id,
    ...(sessionId !== undefined && { sessionId }),
    ...(issuance.api !== undefined && { audience: issuance.api.identifier }),
    scope: issuance.scope,
    ...identityOf(issuance.subject.idToken, issuance),
    authenticatedAt,
    createdAt: call.now,
    ...(expiresAt !== undefined && { expiresAt }),
    ...(idleExpiresAt !== undefined && { idleExpiresAt }),
  })
  return formatRefreshToken(parts)
}

// OpenID Connect Core §12.2: a renewed ID token follows the rules of the first one. Its nonce was for one answer alone.
function identityOf(
  { acr, methods, claims }: IdTokenDecision,
  { userInfoClaims }: Issuance,
): { readonly identity?: GrantedIdentity } {
  const identity: GrantedIdentity = {
    ...(userInfoClaims !== undefined && userInfoClaims.length > 0 && { userInfoClaims }),
    ...(claims !== undefined && claims.length > 0 && { idTokenClaims: claims }),
    ...(acr !== undefined && { acr }),
    ...(methods !== undefined && { methods }),
  }
  return Object.keys(identity).length === 0 ? {} : { identity }
}

/** What renewed tokens of a family tell of its user (OpenID Connect Core §12.2, §5.5). */
export function renewedIdentity({ identity = {} }: RefreshToken): {
  readonly idToken: IdTokenDecision
  readonly userInfoClaims?: readonly string[]
} {
  const { userInfoClaims, idTokenClaims, acr, methods } = identity
  return {
    idToken: {
      ...(idTokenClaims !== undefined && { claims: idTokenClaims }),
      ...(acr !== undefined && { acr }),
      ...(methods !== undefined && { methods }),
    },
    ...(userInfoClaims !== undefined && { userInfoClaims }),
  }
}
