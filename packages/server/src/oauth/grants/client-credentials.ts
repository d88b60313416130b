import type { Client } from '../../domain/client.ts'
import type { ResourceServer } from '../../domain/resource-server.ts'
import type { Call } from '../call.ts'
import { newGrantId } from '../grant-id.ts'
import { many, optional } from '../params.ts'
import { refuse } from '../refusal.ts'
import { rule } from '../rule.ts'
import { intersect, parseScope, scopeRules } from '../scope.ts'
import { requestedApi, targetRules } from '../target.ts'
import { defineGrant } from './grant.ts'

const noAudience = rule({
  id: 'client_credentials.no_audience',
  clause: 'RFC 6749 §4.4.2',
  error: 'invalid_request',
  description: 'Missing required parameter: audience',
})
const noClientGrant = rule({
  id: 'client_credentials.no_client_grant',
  clause: 'RFC 6749 §4.4.3',
  error: 'access_denied',
  description: 'Client is not authorized to access this API: create a client grant for it',
})

/** A client acts for itself (RFC 6749 §4.4), within the client grant that an administrator made. */
export const clientCredentialsGrant = defineGrant({
  grantType: 'client_credentials',
  clientAuth: 'confidential',
  params: { scope: optional(), audience: optional(), resource: many() },
  rules: [...scopeRules, ...targetRules, noAudience, noClientGrant],
  async decide(params, client, call) {
    const requested = parseScope(params.scope)
    const api = await requestedApi(params, call)
    if (api === undefined) throw refuse(noAudience)
    return {
      subject: { kind: 'client' },
      grantId: newGrantId(call),
      scope: await allowedScope(requested, client, api, call),
      api,
      grantLabel: 'client-credentials',
      refreshToken: { kind: 'none' },
    }
  },
})

// Auth0: no scope asks for all that the client grant holds; more than it holds is left out.
async function allowedScope(requested: readonly string[], client: Client, api: ResourceServer, call: Call) {
  const defined = api.scopes.map((scope) => scope.value)
  const policy = api.subjectTypeAuthorization.client
  const grant = await call.store.clientGrants.findFor(client.id, api.identifier, 'client')
  if (policy === 'deny_all' || (policy === 'require_client_grant' && grant === undefined))
    throw refuse(noClientGrant)
  const allowed = grant === undefined || grant.allowAllScopes ? defined : intersect(grant.scope, defined)
  return requested.length === 0 ? allowed : intersect(requested, allowed)
}
