import { hash, timingSafeEqual } from 'node:crypto'
import type { Branded } from './ids.ts'

/** SHA-256 of a secret with at least 128 bits of entropy, in base64url: the only form in which it reaches the store. */
export type Hashed = Branded<'Hashed'>

/** AES-256-GCM ciphertext under the master key, in base64url: what must be readable again, at rest. */
export type Sealed = Branded<'Sealed'>

/** A password hash in PHC string format (`$argon2id$…`), which names its own algorithm and cost. */
export type PasswordHash = Branded<'PasswordHash'>

/** Hashes a random secret for the store. Not for passwords: those need a slow hash. */
export function hashed(secret: string): Hashed {
  return hash('sha256', secret, 'base64url') as Hashed
}

/**
 * Whether somebody presented the secret, in a time that tells neither where the two differ nor how long the secret is: it
 * grows with what was presented alone.
 */
export function sameSecret(secret: string, presented: string): boolean {
  const [expected, given] = [Buffer.from(secret), Buffer.from(presented)]
  const isAsLong = expected.length === given.length
  return timingSafeEqual(given, isAsLong ? expected : given) && isAsLong
}
