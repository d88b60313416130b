import type { Client } from '../domain/client.ts'
import type { ResourceServer } from '../domain/resource-server.ts'
import type { Call } from './call.ts'
import { refuse } from './refusal.ts'
import { rule } from './rule.ts'
import { intersect, openidScopes } from './scope.ts'
import { userInfoAudience } from './token/access-token.ts'

const malformedResource = rule({
  id: 'target.resource_malformed',
  clause: 'RFC 8707 §2',
  error: 'invalid_target',
  description: 'resource must be an absolute URI without a fragment',
})
const twoApis = rule({
  id: 'target.two_apis',
  clause: 'RFC 8707 §2',
  error: 'invalid_target',
  description: 'One access token is for one API: name a single audience or resource',
})
const unknownResource = rule({
  id: 'target.resource_unknown',
  clause: 'RFC 8707 §2',
  error: 'invalid_target',
  description: 'resource names no API of this server',
})
const unknownAudience = rule({
  id: 'target.audience_unknown',
  clause: 'RFC 6749 §4.1.2.1',
  error: 'access_denied',
  description: 'Service not found: audience names no API of this server',
})
const usersDenied = rule({
  id: 'target.client_not_authorized',
  clause: 'RFC 6749 §4.1.2.1',
  error: 'unauthorized_client',
  description: 'The client is not authorized to access this API on behalf of users: create a client grant',
})
const apiGone = rule({
  id: 'target.api_gone',
  clause: 'RFC 8707 §2.2',
  error: 'invalid_target',
  description: 'The API that this was granted for does not exist any more',
})

/** The rules of naming an API, in the order in which they are checked. */
export const targetRules = [malformedResource, twoApis, unknownResource, unknownAudience] as const
/** The rules of what a client may ask of an API for users. */
export const userPolicyRules = [usersDenied] as const
export const userTargetRules = [...targetRules, ...userPolicyRules] as const
/** The rules of coming back to an API that was named before. */
export const knownTargetRules = [apiGone] as const

export interface TargetParams {
  readonly audience: string | undefined
  readonly resource: readonly string[]
}

/** The API that a request names by Auth0's `audience` or RFC 8707's `resource`; `undefined` for UserInfo alone. */
export async function requestedApi(params: TargetParams, call: Call): Promise<ResourceServer | undefined> {
  const resources = [...new Set(params.resource)]
  for (const resource of resources) {
    if (!URL.canParse(resource) || resource.includes('#')) throw refuse(malformedResource)
  }
  // Auth0: `resource` counts where `audience` is absent.
  const named = params.audience ?? resources[0] ?? call.tenant.settings.defaultAudience
  if (params.audience === undefined && resources.length > 1) throw refuse(twoApis)
  if (named === undefined || named === userInfoAudience(call.issuer)) return undefined
  const api = await call.store.resourceServers.findByIdentifier(named)
  if (api === undefined) throw refuse(params.audience === undefined ? unknownResource : unknownAudience)
  return api
}

/** The API of something issued before; one that was deleted since can have no new token. */
export async function apiOf(identifier: string | undefined, call: Call): Promise<ResourceServer | undefined> {
  if (identifier === undefined) return undefined
  const api = await call.store.resourceServers.findByIdentifier(identifier)
  if (api === undefined) throw refuse(apiGone)
  return api
}

/**
 * What a user could at most allow this client at this API: scopes of OpenID Connect, and those that the API defines and the
 * client may ask for. Others are dropped without an error, as Auth0 does (RFC 6749 §3.3).
 */
export async function grantableScope(
  requested: readonly string[],
  client: Client,
  api: ResourceServer | undefined,
  call: Call,
): Promise<readonly string[]> {
  const openid = intersect(requested, openidScopes).filter(
    (scope) => scope !== 'offline_access' || mayHaveRefreshTokens(client, api),
  )
  const ofApi = api === undefined ? [] : await apiScopes(requested, client, api, call)
  return requested.filter((scope) => openid.includes(scope) || ofApi.includes(scope))
}

function mayHaveRefreshTokens(client: Client, api: ResourceServer | undefined): boolean {
  return client.grantTypes.includes('refresh_token') && (api === undefined || api.allowOfflineAccess)
}

async function apiScopes(
  requested: readonly string[],
  client: Client,
  api: ResourceServer,
  call: Call,
): Promise<readonly string[]> {
  const defined = intersect(
    requested,
    api.scopes.map((scope) => scope.value),
  )
  const policy = api.subjectTypeAuthorization.user
  if (policy === 'deny_all') throw refuse(usersDenied)
  // Auth0: a third-party client needs a grant of its own even where the API allows everyone.
  if (policy === 'allow_all' && client.isFirstParty) return defined
  const grant = await call.store.clientGrants.findFor(client.id, api.identifier, 'user')
  if (grant === undefined) throw refuse(usersDenied)
  return grant.allowAllScopes ? defined : intersect(defined, grant.scope)
}
