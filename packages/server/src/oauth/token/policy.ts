import type { Client } from '../../domain/client.ts'
import type { Call } from '../call.ts'
import { consentedScope } from '../consented-scope.ts'
import { noClientGrant, ownScope } from '../own-scope.ts'
import { permissionsOf, permittedScope } from '../permissions.ts'
import { intersect } from '../scope.ts'
import { grantableScope, userPolicyRules } from '../target.ts'
import type { Issuance } from './issuance.ts'

/** The rules of what is still allowed when tokens are made, whatever the grant. */
export const policyRules = [...userPolicyRules, noClientGrant] as const

/** What of a grant's decision the client may have at its API by now: no grant can give more, and none has to ask. */
export async function withinPolicy(issuance: Issuance, client: Client, call: Call): Promise<Issuance> {
  const allowed = await allowedScope(issuance, client, call)
  const permissions = await enforcedPermissions(issuance, client, call)
  if (permissions === undefined) return { ...issuance, scope: allowed }
  const within = { ...issuance, scope: permittedScope(allowed, permissions) }
  return { ...within, permissions: await toldPermissions(permissions, within, client, call) }
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

// An API may go by `permissions` instead of the scope, so they tell nothing that the scope could not (RFC 6749 §3.3). Auth0
// tells all of a user's, whatever was asked for: so they do where the user is there and the client is the tenant's own.
async function toldPermissions(
  permissions: readonly string[],
  { subject, scope, api }: Issuance,
  client: Client,
  call: Call,
): Promise<readonly string[]> {
  if (subject.kind === 'client' || api === undefined) return permissions
  if (subject.kind === 'represented' || !client.isFirstParty) return intersect(permissions, scope)
  const consent = await call.store.consents.find(subject.user.id, client.id, api.identifier)
  return consentedScope(await grantableScope(permissions, client, api, call), consent, false)
}
