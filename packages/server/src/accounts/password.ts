// Owns how a person proves who they are: passwords, sessions, attempts, the first administrator. Knows no OAuth and no HTTP.
import { hash, verify } from '@node-rs/argon2'
import type { PasswordHash } from '../domain/secrets.ts'

// OWASP's recommendation for argon2id: 19 MiB, two passes, one lane.
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const
const currentPrefix = `$argon2id$v=19$m=${cost.memoryCost},t=${cost.timeCost},p=${cost.parallelism}$`

/** Longest password that is hashed, in UTF-16 code units; a longer one would only cost time. */
export const maxPasswordLength = 1024

/** Hashes a password with argon2id (RFC 9106), salted anew each time. Unicode is normalised first (NFKC). */
export async function hashPassword(password: string): Promise<PasswordHash> {
  return (await hash(normalise(password), cost)) as PasswordHash
}

/** Whether the password is the one that was hashed: argon2, or an imported bcrypt hash. An unknown format never matches. */
export async function verifyPassword(stored: PasswordHash, password: string): Promise<boolean> {
  if (password.length > maxPasswordLength) return false
  if (stored.startsWith('$argon2')) return verify(stored, normalise(password))
  if (/^\$2[aby]\$/.test(stored)) return verifyImported(stored, password)
  return false
}

// Loaded when the first imported hash is met: most servers have none.
async function verifyImported(stored: PasswordHash, password: string): Promise<boolean> {
  const bcrypt = await import('@node-rs/bcrypt')
  return bcrypt.verify(password, stored)
}

/** Whether a hash was made with another algorithm or cost than today's, so that the next login should renew it. */
export function isOutdated(stored: PasswordHash): boolean {
  return !stored.startsWith(currentPrefix)
}

function normalise(password: string): string {
  return password.normalize('NFKC')
}
