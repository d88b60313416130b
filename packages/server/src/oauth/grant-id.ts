import type { GrantId } from '../domain/ids.ts'
import { type Random, randomToken } from '../domain/ports.ts'
import type { Call } from './call.ts'

/** How long a revocation is remembered, in seconds: longer than anything that a grant can have given. */
const revocationLifetimeSeconds = 10 * 365 * 86_400

export function newGrantId(random: Random): GrantId {
  return randomToken(random, 16) as GrantId
}

/** Ends everything that was or is being issued under the grant (RFC 6749 §4.1.2, §10.4). */
export async function revokeGrant(id: GrantId, call: Call): Promise<void> {
  await call.store.grants.revoke(id, call.now + revocationLifetimeSeconds)
}
