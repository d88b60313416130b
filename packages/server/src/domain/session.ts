import type { EpochSeconds, SessionId, UserId } from './ids.ts'
import type { Hashed } from './secrets.ts'
import type { User } from './user.ts'

/** One login of one browser, shared by every application of the tenant. */
export interface Session {
  readonly id: SessionId
  /** Hash of the cookie's value. */
  readonly hash: Hashed
  readonly userId: UserId
  readonly authenticatedAt: EpochSeconds
  /** Authentication methods, in the words of RFC 8176 (`pwd`, `otp`, …). */
  readonly methods: readonly string[]
  readonly expiresAt: EpochSeconds
  readonly idleExpiresAt: EpochSeconds
}

/** The owner who is logged in with a browser. */
export interface Login {
  readonly session: Session
  readonly user: User
}
