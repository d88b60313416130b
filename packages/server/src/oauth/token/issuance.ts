import type { EpochSeconds, GrantId, SessionId } from '../../domain/ids.ts'
import type { ResourceServer } from '../../domain/resource-server.ts'
import type { User } from '../../domain/user.ts'
import type { Actor } from '../token-formats/token-format.ts'

/** What a grant decided to give: to whom, for which API, with which scopes. The mint turns it into tokens. */
export interface Issuance {
  readonly subject: Subject
  readonly grantId: GrantId
  readonly scope: readonly string[]
  /** Absent: an opaque token for UserInfo alone. */
  readonly api?: ResourceServer
  /** All that the subject may do at an API that enforces permissions; the mint's policy says them. */
  readonly permissions?: readonly string[]
  /** Auth0's `gty`, for tokens that no user was asked for. */
  readonly grantLabel?: string
  readonly refreshToken: RefreshTokenDecision
  /** Who acts for the user (RFC 8693 §4.1). */
  readonly actor?: Actor
  /** The access token ends no later, whatever the API's lifetime. */
  readonly notAfter?: EpochSeconds
  /** What kind of token comes back, where the grant has to say (RFC 8693 §2.2.1). */
  readonly issuedTokenType?: string
  /** Claims that UserInfo answers beside those of the scopes (OpenID Connect Core §5.5). */
  readonly userInfoClaims?: readonly string[]
  readonly extraClaims?: Readonly<Record<string, unknown>>
  /**
   * Uses up what was presented, or refuses. Runs beside the mint, so that one durable commit is enough for both, and nothing
   * leaves before it has succeeded; what was minted in vain belongs to nobody.
   */
  redeem?(): Promise<void>
}

export type Subject =
  | { readonly kind: 'client' }
  /** A user who is not there: no login, and so neither an ID token nor a refresh token. */
  | { readonly kind: 'represented'; readonly user: User }
  | {
      readonly kind: 'user'
      readonly user: User
      readonly authenticatedAt: EpochSeconds
      readonly sessionId?: SessionId
      /** Where an ID token is part of the answer (scope `openid`). */
      readonly idToken: IdTokenDecision
    }

export interface IdTokenDecision {
  readonly nonce?: string
  readonly sid?: SessionId
  /** Authentication methods of the login (RFC 8176). */
  readonly methods?: readonly string[]
  /** The authentication context that was asked for and reached. */
  readonly acr?: string
  /** Claims asked for one by one, beside those of the scopes. */
  readonly claims?: readonly string[]
}

/** `new`: when `offline_access` is in the scope. `given`: the string that goes back with this answer. */
export type RefreshTokenDecision =
  | { readonly kind: 'none' }
  | { readonly kind: 'new' }
  | { readonly kind: 'given'; readonly token: string }

/** The successful answer of the token endpoint (RFC 6749 §5.1, OpenID Connect Core §3.1.3.3). */
export interface TokenResponse {
  readonly access_token: string
  readonly token_type: 'Bearer'
  /** Seconds. */
  readonly expires_in: number
  readonly scope?: string
  readonly id_token?: string
  readonly refresh_token?: string
  readonly issued_token_type?: string
}
