import type { Client } from '../../domain/client.ts'
import type { Call } from '../call.ts'
import { noClientGrant, ownScope } from '../own-scope.ts'
import { grantableScope, userTargetRules } from '../target.ts'
import type { Issuance } from './issuance.ts'

export const policyRules = [...userTargetRules, noClientGrant] as const

/** What of a grant's decision the client may have at its API by now: no grant can give more, and none has to ask. */
export async function withinPolicy(issuance: Issuance, client: Client, call: Call): Promise<Issuance> {
  return { ...issuance, scope: await allowedScope(issuance, client, call) }
}

async function allowedScope({ subject, scope, api }: Issuance, client: Client, call: Call) {
  if (subject.kind !== 'client') return grantableScope(scope, client, api, call)
  if (api === undefined || scope.length === 0) return []
  return ownScope(scope, client, api, call)
}
