import type { Client } from '../../domain/client.ts'
import type { RefreshToken } from '../../domain/refresh-token.ts'
import type { ResourceServer } from '../../domain/resource-server.ts'
import type { Call } from '../call.ts'
import { consentedScope } from '../consented-scope.ts'
import { refuse } from '../refusal.ts'
import { rule } from '../rule.ts'
import { intersect, openidScopes, parseScope, scopeRules } from '../scope.ts'
import { apiOf, grantableScope, knownTargetRules, type TargetParams, userTargetRules } from '../target.ts'

const scopeNotGranted = rule({
  id: 'refresh.scope_not_granted',
  clause: 'RFC 6749 §6',
  error: 'invalid_scope',
  description: 'None of the requested scopes was granted with this refresh token',
})
const otherAudience = rule({
  id: 'refresh.other_audience',
  clause: 'RFC 8707 §2.2',
  error: 'invalid_target',
  description: 'The refresh token was not granted for this API',
})

const offlineWithdrawn = rule({
  id: 'refresh.offline_withdrawn',
  clause: 'RFC 6749 §5.2',
  error: 'invalid_grant',
  description: 'Unknown or invalid refresh token.',
})

/** The rules of what is asked for with a refresh token, in the order in which they are checked. */
export const refreshTargetRules = [
  ...scopeRules,
  otherAudience,
  ...userTargetRules,
  ...knownTargetRules,
  offlineWithdrawn,
  scopeNotGranted,
] as const

export interface RefreshTarget {
  readonly api?: ResourceServer
  readonly scope: readonly string[]
}

/** The API and scopes of a renewed access token: those of the grant, or of another API that the client's policies open. */
export async function refreshTarget(
  family: RefreshToken,
  params: TargetParams & { readonly scope: string | undefined },
  client: Client,
  call: Call,
): Promise<RefreshTarget> {
  const asked = params.scope === undefined ? undefined : parseScope(params.scope)
  const audience = namedAudience(family, params)
  const api = await apiOf(family.audience, call)
  // What was withdrawn from the client or the API since then is withdrawn from the grant too, wherever else the grant
  // leads (RFC 9700 §4.14.2).
  const still = await grantableScope(family.scope, client, api, call)
  if (!still.includes('offline_access')) throw refuse(offlineWithdrawn)
  if (audience !== family.audience) {
    const other = await otherTarget({ ...family, scope: still }, audience, client, call)
    return { ...other, scope: narrowed(other.scope, asked) }
  }
  return { scope: narrowed(still, asked), ...(api !== undefined && { api }) }
}

function namedAudience(family: RefreshToken, { audience, resource }: TargetParams): string | undefined {
  const named = new Set([...resource, ...(audience === undefined ? [] : [audience])])
  const [only, ...others] = named
  if (others.length > 0) throw refuse(otherAudience)
  return only ?? family.audience
}

// RFC 6749 §3.3: more than was granted is ignored, and the answer says what the token holds.
function narrowed(granted: readonly string[], asked: readonly string[] | undefined): readonly string[] {
  if (asked === undefined) return granted
  const scope = intersect(granted, asked)
  if (scope.length === 0) throw refuse(scopeNotGranted)
  return scope
}

// Auth0's multi-resource refresh tokens: the client's policy stands for what its user was not asked for this API.
async function otherTarget(
  family: RefreshToken,
  audience: string | undefined,
  client: Client,
  call: Call,
): Promise<RefreshTarget> {
  const policy = client.refreshToken.policies?.find((candidate) => candidate.audience === audience)
  const api = policy && (await call.store.resourceServers.findByIdentifier(policy.audience))
  if (policy === undefined || !api?.allowOfflineAccess) throw refuse(otherAudience)
  const grantable = await grantableScope(policy.scope, client, api, call)
  const consent = await call.store.consents.find(family.userId, client.id, api.identifier)
  const ofApi = consentedScope(
    grantable.filter((scope) => !openidScopes.includes(scope)),
    consent,
    !client.isFirstParty,
  )
  return { api, scope: [...intersect(family.scope, openidScopes), ...ofApi] }
}
