import type { Client } from '../../domain/client.ts'
import type { Call } from '../call.ts'
import { noClientGrant, ownScope } from '../own-scope.ts'
import { permissionsOf } from '../permissions.ts'
import { openidScopes } from '../scope.ts'
import { grantableScope, userPolicyRules } from '../target.ts'
import type { Issuance } from './issuance.ts'

/** The rules of what is still allowed when tokens are made, whatever the grant. */
export const policyRules = [...userPolicyRules, noClientGrant] as const

/** What of a grant's decision the client may have at its API by now: no grant can give more, and none has to ask. */
export async function withinPolicy(issuance: Issuance, client: Client, call: Call): Promise<Issuance> {
  const allowed = await allowedScope(issuance, client, call)
  const permissions = await enforcedPermissions(issuance, client, call)
  if (permissions === undefined) return { ...issuance, scope: allowed }
  // Auth0: scopes of OpenID Connect are no matter of an API's permissions.
  const isPermitted = (scope: string) => openidScopes.includes(scope) || permissions.includes(scope)
  return { ...issuance, scope: allowed.filter(isPermitted), permissions }
}

async function allowedScope({ subject, scope, api }: Issuance, client: Client, call: Call) {
  if (subject.kind !== 'client') return grantableScope(scope, client, api, call)
  if (api === undefined || scope.length === 0) return []
  return ownScope(scope, client, api, call)
}

// Auth0: of a user what was given, of a client what its grant holds; whatever was asked for.
async function enforcedPermissions({ subject, api }: Issuance, client: Client, call: Call) {
  if (api?.enforcePolicies !== true) return undefined
  return subject.kind === 'client' ? ownScope([], client, api, call) : permissionsOf(subject.user, api, call)
}
