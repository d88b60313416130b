import type { ClientId, GrantId, UserId } from '../../domain/ids.ts'
import type { Call } from '../call.ts'
import { isGrantRevoked } from '../grant-id.ts'
import { refuse } from '../refusal.ts'
import { rule } from '../rule.ts'

const grantEnded = rule({
  id: 'token.grant_ended',
  clause: 'RFC 6749 §5.2',
  error: 'invalid_grant',
  description: 'The grant was revoked',
})
export const endedGrantRules = [grantEnded] as const

/** Refuses what stands on a grant that its owner took back, before anything of it is used up. Throws `invalid_grant`. */
export async function refuseEndedGrant(
  given: { readonly grantId: GrantId; readonly userId: UserId; readonly clientId: ClientId },
  call: Call,
): Promise<void> {
  if (await isGrantRevoked(given, call)) throw refuse(grantEnded)
}
