// Owns what the owner's page lists beside consents and refresh tokens. Written where something is granted: at the authorization
// decision, and where a grant without a browser issues. Redeeming a code and renewing a token write nothing for it.
import type { Client } from '../domain/client.ts'
import type { EpochSeconds } from '../domain/ids.ts'
import { codeLifetimeSeconds } from './authorize/authorization-code.ts'
import type { Call } from './call.ts'
import { longestLifetimeSeconds } from './token/access-token.ts'
import type { Issuance } from './token/issuance.ts'

const daySeconds = 86_400

/** Notes for the owner, before any token leaves, what the client is given (RFC 9700 §4.14, RFC 7009 §2.1). */
export async function noteAccess(issuance: Issuance, client: Client, call: Call): Promise<void> {
  const { subject, scope, api } = issuance
  if (subject.kind === 'client') return
  const endsAt = endOf(issuance, client, call)
  await call.store.givenAccess.note({
    userId: subject.user.id,
    clientId: client.id,
    audience: api?.identifier ?? '',
    scope,
    givenAt: call.now,
    ...(endsAt !== undefined && { endsAt }),
  })
}

// The end of the last token that can come of it, in whole days: who comes back on the same day costs no further write.
function endOf({ scope, api, notAfter }: Issuance, client: Client, call: Call): EpochSeconds | undefined {
  const isRenewable = scope.includes('offline_access')
  const renewable = isRenewable ? client.refreshToken.lifetimeSeconds : 0
  if (renewable === undefined) return undefined
  const end = call.now + codeLifetimeSeconds + renewable + longestLifetimeSeconds(api)
  return Math.ceil(Math.min(end, notAfter ?? end) / daySeconds) * daySeconds
}
