import type { Client } from '../domain/client.ts'
import type { ResourceServer } from '../domain/resource-server.ts'
import type { Call } from './call.ts'
import { refuse } from './refusal.ts'
import { rule } from './rule.ts'
import { intersect } from './scope.ts'

export const noClientGrant = rule({
  id: 'client_credentials.no_client_grant',
  clause: 'RFC 6749 §4.4.3',
  error: 'access_denied',
  description: 'Client is not authorized to access this API: create a client grant for it',
})

/** What a client may have at an API for itself. Auth0: no scope asks for all that the client grant holds; more is left out. */
export async function ownScope(
  requested: readonly string[],
  client: Client,
  api: ResourceServer,
  call: Call,
): Promise<readonly string[]> {
  const defined = api.scopes.map((scope) => scope.value)
  const policy = api.subjectTypeAuthorization.client
  const grant = await call.store.clientGrants.findFor(client.id, api.identifier, 'client')
  if (policy === 'deny_all' || (policy === 'require_client_grant' && grant === undefined))
    throw refuse(noClientGrant)
  const allowed = grant === undefined || grant.allowAllScopes ? defined : intersect(grant.scope, defined)
  return requested.length === 0 ? allowed : intersect(requested, allowed)
}
