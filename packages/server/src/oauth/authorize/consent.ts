import type { Client } from '../../domain/client.ts'
import type { ResourceServer } from '../../domain/resource-server.ts'
import type { Login } from '../../domain/session.ts'
import { isForDevice, type OwnerRequest, type WaitingRequest } from '../../domain/transaction.ts'
import type { Call } from '../call.ts'
import { scopeOfClaim } from '../claims.ts'
import { isConfidential } from '../client-auth/keeps.ts'
import { isVerifiable } from '../redirect-uri.ts'
import { openidScopes } from '../scope.ts'

/** What the owner is asked for: the scopes, and those that claims asked for one by one belong to (OpenID Connect Core §5.5). */
export function askedScopes({ scope, claims }: OwnerRequest): readonly string[] {
  const ofClaims = [...(claims?.userInfo ?? []), ...(claims?.idToken ?? [])].flatMap(
    (name) => scopeOfClaim(name) ?? [],
  )
  return [...new Set([...scope, ...ofClaims])]
}

/** Scopes that the owner cannot leave out: without `openid` the request would be another protocol. */
export const requiredScopes: readonly string[] = ['openid']

/** The consent row of a request: an API has its own, requests without one share the row of the empty audience. */
export function consentAudience(request: OwnerRequest): string {
  return request.audience ?? ''
}

/**
 * Whether the owner has to be asked, by Auth0's rules: a third-party client always asks; the tenant's own only for an API,
 * and not even then where the API lets clients skip it whose redirection URI nobody else can receive at.
 */
export function consentNeeded(
  request: WaitingRequest,
  client: Client,
  api: ResourceServer | undefined,
): boolean {
  if (!client.isFirstParty) return true
  if (api === undefined || request.scope.every((scope) => openidScopes.includes(scope))) return false
  const isSafe = !isForDevice(request) && isVerifiable(request.redirectUri.value)
  return !(api.skipConsentForVerifiableFirstPartyClients && isSafe)
}

/**
 * Whether another program on the owner's device could pose as this client: it proves nothing, and any program may claim its
 * private scheme or listen on its loopback address (RFC 8252 §8.6).
 */
export function isImpersonable(request: WaitingRequest, client: Client, call: Call): boolean {
  if (client.applicationType !== 'native' || isConfidential(client, call) || isForDevice(request))
    return false
  return !isVerifiable(request.redirectUri.value)
}

/** Remembers the owner's decision: what was ticked is granted, the rest of what was asked is declined. */
export async function rememberConsent(
  request: OwnerRequest,
  ticked: readonly string[],
  login: Login,
  call: Call,
): Promise<void> {
  const audience = consentAudience(request)
  const before = await call.store.consents.find(login.user.id, request.clientId, audience)
  const isGranted = (scope: string) => requiredScopes.includes(scope) || ticked.includes(scope)
  const asked = askedScopes(request)
  const untouched = (scope: string) => !asked.includes(scope)
  await call.store.consents.save({
    userId: login.user.id,
    clientId: request.clientId,
    audience,
    granted: [...(before?.granted ?? []).filter(untouched), ...asked.filter(isGranted)],
    declined: [...(before?.declined ?? []).filter(untouched), ...asked.filter((scope) => !isGranted(scope))],
    updatedAt: call.now,
  })
}
