import type { TestClient } from '../../src/testkit/builders.ts'
import type { Code } from './session.ts'

/** A chain of refresh tokens, as its client knows it. */
export interface Family {
  readonly client: TestClient
  /** The newest one that was received. */
  newest: string
  /** Whether the newest one was sent and no answer came, so that the server may already have moved on. */
  isInDoubt: boolean
  /** The access tokens of its grant. */
  readonly tokens: string[]
}

/** A code and what became of it. */
export interface Presented {
  readonly code: Code
  successes: number
  /** Requests whose answer never came: each of them may have redeemed the code. */
  lost: number
  /** The access tokens that it gave. */
  readonly tokens: string[]
}

/** What clients were told, and may rely on from then on. */
export interface Ledger {
  readonly opaque: Set<string>
  /** JWT of users: good at UserInfo too. */
  readonly jwt: Set<string>
  /** JWT that a client got for itself. */
  readonly own: Set<string>
  readonly families: Family[]
  /** Those that ended because the answer to a refresh without leeway was lost. */
  readonly ended: Family[]
  /** Codes that nobody has presented yet. */
  readonly fresh: Code[]
  readonly presented: Presented[]
  /** Tokens of which a client saw that they are revoked. */
  readonly revoked: Set<string>
  /** Whatever should not have happened. */
  readonly complaints: string[]
}

/** Notes that a grant was revoked, by its client's own doing. */
export function noteRevoked({ opaque, jwt, revoked }: Ledger, tokens: readonly string[]): void {
  for (const token of tokens) {
    opaque.delete(token)
    jwt.delete(token)
    revoked.add(token)
  }
}

export function emptyLedger(): Ledger {
  return {
    opaque: new Set(),
    jwt: new Set(),
    own: new Set(),
    families: [],
    ended: [],
    fresh: [],
    presented: [],
    revoked: new Set(),
    complaints: [],
  }
}
