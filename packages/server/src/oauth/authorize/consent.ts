import type { Client } from '../../domain/client.ts'
import type { ResourceServer } from '../../domain/resource-server.ts'
import type { Login } from '../../domain/session.ts'
import type { AuthorizationRequest } from '../../domain/transaction.ts'
import type { Call } from '../call.ts'
import { isVerifiable } from '../redirect-uri.ts'
import { openidScopes } from '../scope.ts'

/** Scopes that the owner cannot leave out: without `openid` the request would be another protocol. */
export const requiredScopes: readonly string[] = ['openid']

/** The consent row of a request: an API has its own, requests without one share the row of the empty audience. */
export function consentAudience(request: AuthorizationRequest): string {
  return request.audience ?? ''
}

/**
 * Whether the owner has to be asked, by Auth0's rules: a third-party client always asks; the tenant's own only for an API,
 * and not even then where the API lets clients skip it whose redirection URI nobody else can receive at.
 */
export function consentNeeded(
  request: AuthorizationRequest,
  client: Client,
  api: ResourceServer | undefined,
): boolean {
  if (!client.isFirstParty) return true
  if (api === undefined || request.scope.every((scope) => openidScopes.includes(scope))) return false
  return !(api.skipConsentForVerifiableFirstPartyClients && isVerifiable(request.redirectUri.value))
}

/** Remembers the owner's decision: what was ticked is granted, the rest of what was asked is declined. */
export async function rememberConsent(
  request: AuthorizationRequest,
  ticked: readonly string[],
  login: Login,
  call: Call,
): Promise<void> {
  const audience = consentAudience(request)
  const before = await call.store.consents.find(login.user.id, request.clientId, audience)
  const isGranted = (scope: string) => requiredScopes.includes(scope) || ticked.includes(scope)
  const untouched = (scope: string) => !request.scope.includes(scope)
  await call.store.consents.save({
    userId: login.user.id,
    clientId: request.clientId,
    audience,
    granted: [...(before?.granted ?? []).filter(untouched), ...request.scope.filter(isGranted)],
    declined: [
      ...(before?.declined ?? []).filter(untouched),
      ...request.scope.filter((scope) => !isGranted(scope)),
    ],
    updatedAt: call.now,
  })
}
