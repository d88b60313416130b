import type { ClientId, EpochSeconds, UserId } from './ids.ts'

/** What an owner allowed a client at one audience, and what the owner was asked and left out. */
export interface Consent {
  readonly userId: UserId
  readonly clientId: ClientId
  /** Identifier of the API; the empty string when only OpenID Connect scopes were asked. */
  readonly audience: string
  readonly granted: readonly string[]
  readonly declined: readonly string[]
  readonly updatedAt: EpochSeconds
}
