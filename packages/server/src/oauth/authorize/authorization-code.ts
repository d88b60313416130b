import { artifactKind } from '../../domain/artifact.ts'
import type { ClientId, EpochSeconds, GrantId, SessionId, UserId } from '../../domain/ids.ts'
import type { PkceChallenge, RequestedRedirectUri } from '../../domain/transaction.ts'

/** What a code stands for, from the authorization response to the token request. */
export interface AuthorizationCode {
  readonly clientId: ClientId
  readonly redirectUri: RequestedRedirectUri
  readonly pkce?: PkceChallenge
  readonly grantId: GrantId
  readonly userId: UserId
  readonly sessionId: SessionId
  readonly authenticatedAt: EpochSeconds
  readonly scope: readonly string[]
  readonly audience?: string
  readonly nonce?: string
  readonly methods: readonly string[]
  readonly acr?: string
  readonly idTokenClaims?: readonly string[]
  readonly userInfoClaims?: readonly string[]
  readonly expiresAt: EpochSeconds
}

export const authorizationCode = artifactKind<AuthorizationCode>('code')

/** How long a code can be redeemed (RFC 6749 §4.1.2 allows 600 at most, FAPI 2.0 demands 60). */
export const codeLifetimeSeconds = 60

/** How long a code is remembered, so that its replay is seen after it ended. */
export const codeMemorySeconds = 600
