import type { Client } from '../../domain/client.ts'
import type { ResourceServer } from '../../domain/resource-server.ts'
import type { Call } from '../call.ts'
import { hiddenUserOf, isGrantRevoked, newTokenId } from '../grant-id.ts'
import { subjectFor } from '../subject.ts'
import type { AccessTokenClaims } from '../token-formats/token-format.ts'
import { withoutReserved } from './extra-claims.ts'
import type { Issuance } from './issuance.ts'

/** Where a token is handed out: what travels through the browser lives shorter. */
export type IssuedAt = 'token_endpoint' | 'authorization_endpoint'

/** Lifetime of a token that is for UserInfo alone, in seconds; Auth0's figures. */
const userInfoTokenLifetimeSeconds = { token_endpoint: 86_400, authorization_endpoint: 7200 } as const

/** The audience value that stands for this server's own UserInfo endpoint, as Auth0 writes it. */
export function userInfoAudience(issuer: string): string {
  return `${issuer}userinfo`
}

/** What the access token of an issuance says; to a pairwise client nothing that another sector knows the user by. */
export function accessTokenClaims(
  issuance: Issuance,
  at: IssuedAt,
  client: Client,
  call: Call,
): AccessTokenClaims {
  const { subject, api, scope, userInfoClaims } = issuance
  const lifetime = lifetimeOf(api, at)
  const userId = subject.kind === 'client' ? undefined : subject.user.id
  // OpenID Connect Core §8.1, RFC 9068 §6: the client can read its token, so that only this server may find the user's id there.
  const isHidden = client.pairwise !== undefined
  return {
    issuer: call.issuer,
    subject: subject.kind === 'client' ? `${client.id}@clients` : subjectFor(subject.user, client, call),
    ...(userId !== undefined && !isHidden && { userId }),
    ...(subject.kind === 'user' && { authenticatedAt: subject.authenticatedAt }),
    clientId: client.id,
    grantId: issuance.grantId,
    tokenId: newTokenId(issuance.grantId, isHidden ? userId : undefined, call),
    audience: audienceOf(issuance, call.issuer),
    scope,
    ...(issuance.permissions !== undefined && { permissions: issuance.permissions }),
    issuedAt: call.now,
    expiresAt: Math.min(call.now + lifetime, issuance.notAfter ?? Number.MAX_SAFE_INTEGER),
    ...(issuance.grantLabel !== undefined && { grantLabel: issuance.grantLabel }),
    ...(userInfoClaims !== undefined && scope.includes('openid') && { userInfoClaims }),
    ...(issuance.actor !== undefined && { actor: issuance.actor }),
    ...(issuance.extraClaims !== undefined && { extra: withoutReserved(issuance.extraClaims) }),
  }
}

function lifetimeOf(api: ResourceServer | undefined, at: IssuedAt): number {
  if (api === undefined) return userInfoTokenLifetimeSeconds[at]
  return at === 'token_endpoint' ? api.tokenLifetimeSeconds : api.tokenLifetimeForWebSeconds
}

// Auth0: a token with `openid` works at UserInfo too, and says so.
function audienceOf({ api, scope }: Issuance, issuer: string): readonly string[] {
  if (api === undefined) return [userInfoAudience(issuer)]
  return scope.includes('openid') ? [api.identifier, userInfoAudience(issuer)] : [api.identifier]
}

/** Writes the token in the format of its API, which is a JWT unless it says otherwise; opaque for UserInfo alone. */
export function mintAccessToken(claims: AccessTokenClaims, issuance: Issuance, call: Call): Promise<string> {
  const name = issuance.api === undefined ? 'opaque' : (issuance.api.tokenFormat ?? 'jwt')
  const format = call.registry.tokenFormats.get(name)
  if (format === undefined) throw new Error(`no extension registers the token format ${name} of an API`)
  return format.mint(claims, issuance.api, call)
}

/** Reads a presented access token in any format; `undefined` unless it lives and its grant was not revoked (RFC 6749 §10.5). */
export async function readAccessToken(token: string, call: Call): Promise<AccessTokenClaims | undefined> {
  for (const format of call.registry.tokenFormats.values()) {
    const read = await format.read(token, call)
    if (read === undefined) continue
    const claims = withUser(read, call)
    // A format that forgets to look makes no dead or foreign token good.
    if (claims.issuer !== call.issuer || claims.expiresAt <= call.now) return undefined
    return (await isGrantRevoked(claims, call)) ? undefined : claims
  }
  return undefined
}

// What `sub` seems to name is nobody where the token carries a reference of its own.
function withUser(claims: AccessTokenClaims, call: Call): AccessTokenClaims {
  const userId = hiddenUserOf(claims.tokenId, call)
  return userId === undefined ? claims : { ...claims, userId }
}
