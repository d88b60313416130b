import type { ClientId, EpochSeconds, GrantId, SessionId, UserId } from './ids.ts'
import type { Hashed } from './secrets.ts'

/**
 * A family of refresh tokens: one row however often it rotates.
 *
 * A token is `selector.secret`. The selector names the family and never changes; `current` is the hash of the
 * newest secret, `previous` of the one before it.
 */
export interface RefreshToken {
  readonly selector: Hashed
  readonly current: Hashed
  readonly previous?: Hashed
  readonly rotatedAt?: EpochSeconds
  readonly grantId: GrantId
  readonly clientId: ClientId
  readonly userId: UserId
  readonly sessionId?: SessionId
  /** Identifier of the API; absent when the token is for UserInfo alone. */
  readonly audience?: string
  readonly scope: readonly string[]
  /** What renewed tokens tell of the user beside what the scopes do; absent where nothing was decided. */
  readonly identity?: GrantedIdentity
  readonly authenticatedAt: EpochSeconds
  readonly createdAt: EpochSeconds
  /** Absolute end of the family; absent when it never ends. */
  readonly expiresAt?: EpochSeconds
  /** End of the family unless it is used before; absent when it may rest for ever. */
  readonly idleExpiresAt?: EpochSeconds
}

/** What a request learned of its user, beside its scopes; a renewed ID token says the same (OpenID Connect Core §12.2). */
export interface GrantedIdentity {
  /** Claims asked for one by one, and allowed (OpenID Connect Core §5.5). */
  readonly userInfoClaims?: readonly string[]
  readonly idTokenClaims?: readonly string[]
  readonly acr?: string
  /** Authentication methods of the login (RFC 8176). */
  readonly methods?: readonly string[]
}
