import type { ClientId, EpochSeconds, UserId } from './ids.ts'

/** What a client was given for an owner at one audience, whether or not the owner was asked. */
export interface GivenAccess {
  readonly userId: UserId
  readonly clientId: ClientId
  /** Identifier of the API; the empty string when the token is for UserInfo alone. */
  readonly audience: string
  readonly scope: readonly string[]
  readonly givenAt: EpochSeconds
  /** When no token of it can be alive any more; absent where nothing but taking it back ends it. */
  readonly endsAt?: EpochSeconds
}
