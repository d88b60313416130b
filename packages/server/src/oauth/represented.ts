// What a client gets for a user who is not there: by exchanging a token (RFC 8693) or presenting an assertion (RFC 7523).
import type { Client } from '../domain/client.ts'
import type { UserId } from '../domain/ids.ts'
import type { ResourceServer } from '../domain/resource-server.ts'
import type { Call } from './call.ts'
import { consentedScope } from './consented-scope.ts'
import { refuse } from './refusal.ts'
import { rule } from './rule.ts'
import { intersect, openidScopes, parseScope, scopeRules } from './scope.ts'
import { grantableScope, requestedApi, type TargetParams, userTargetRules } from './target.ts'

const noTarget = rule({
  id: 'represented.no_target',
  clause: 'RFC 8707 §2',
  error: 'invalid_target',
  description: 'Name the API that the token is for: audience or resource',
})
const noClientGrant = rule({
  id: 'represented.no_client_grant',
  clause: 'RFC 8693 §2.2.2',
  error: 'invalid_target',
  description: 'The client has no client grant for users of this API',
})
const nothingGranted = rule({
  id: 'represented.scope_not_granted',
  clause: 'RFC 6749 §3.3',
  error: 'invalid_scope',
  description: 'None of the requested scopes may be granted here',
})

/** The rules of a target, in the order in which they are checked. */
export const representedRules = [
  ...scopeRules,
  ...userTargetRules,
  noTarget,
  noClientGrant,
  nothingGranted,
] as const

/** What is asked for, and what bounds it. */
export interface RepresentedRequest extends TargetParams {
  readonly scope: string | undefined
  /** The user who is not there. */
  readonly owner: UserId
  /** No scope beyond these; absent where only the client grant bounds them. */
  readonly ceiling?: readonly string[]
  /** The API that the client holds a user's token for already: fewer scopes there need no client grant. */
  readonly held?: string
}

/**
 * The API and scopes: those of an explicit client grant for users, since no user is asked, and nothing that the owner left
 * out where the owner was. Never scopes of OpenID Connect: there is no login that an ID token could speak of.
 */
export async function representedTarget(
  request: RepresentedRequest,
  client: Client,
  call: Call,
): Promise<{ readonly api: ResourceServer; readonly scope: readonly string[] }> {
  const asked = parseScope(request.scope)
  const api = await requestedApi(request, call)
  if (api === undefined) throw refuse(noTarget)
  const allowed = await allowedScope(request, api, client, call)
  const bounded = request.ceiling === undefined ? allowed : intersect(allowed, request.ceiling)
  const scope = asked.length === 0 ? bounded : intersect(asked, bounded)
  if (scope.length === 0 && asked.length > 0) throw refuse(nothingGranted)
  return { api, scope }
}

async function allowedScope(
  { held, owner }: RepresentedRequest,
  api: ResourceServer,
  client: Client,
  call: Call,
): Promise<readonly string[]> {
  const defined = api.scopes.map(({ value }) => value).filter((value) => !openidScopes.includes(value))
  // The API's own policy for users comes first: it may let nobody in.
  const grantable = await grantableScope(defined, client, api, call)
  const consent = await call.store.consents.find(owner, client.id, api.identifier)
  // What the client holds, the owner has given; the rest no third party has until its owner allowed it.
  if (held === api.identifier) return consentedScope(grantable, consent, false)
  const grant = await call.store.clientGrants.findFor(client.id, api.identifier, 'user')
  if (grant === undefined) throw refuse(noClientGrant)
  const given = grant.allowAllScopes ? grantable : intersect(grantable, grant.scope)
  return consentedScope(given, consent, !client.isFirstParty)
}
