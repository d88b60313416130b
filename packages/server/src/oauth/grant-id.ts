import type { ClientId, EpochSeconds, GrantBond, GrantId, TokenId, UserId } from '../domain/ids.ts'
import { randomToken } from '../domain/ports.ts'
import { hashed } from '../domain/secrets.ts'
import type { Call } from './call.ts'
import { referencedUser, userReference } from './user-reference.ts'

/** How long a revocation is remembered, in seconds: longer than anything that a grant can have given. */
const revocationLifetimeSeconds = 10 * 365 * 86_400

/** A name for what is granted now. It tells when, so that all that a user granted before some moment can end at once. */
export function newGrantId(call: Pick<Call, 'now' | 'ports'>): GrantId {
  return `${call.now.toString(36)}~${randomToken(call.ports.random, 16)}` as GrantId
}

/**
 * The `jti` of a token: begins with its grant (RFC 6749 §10.5). Where its `sub` does not name the user, it ends with a
 * reference to `hiddenUser`.
 */
export function newTokenId(
  grantId: GrantId,
  hiddenUser: UserId | undefined,
  call: Pick<Call, 'ports'>,
): TokenId {
  const id = `${grantId}.${randomToken(call.ports.random, 16)}`
  return (hiddenUser === undefined ? id : `${id}.${userReference(hiddenUser, call)}`) as TokenId
}

/** The grant that a token dies with, from the token's `jti`. */
export function grantOf(id: TokenId): GrantId {
  return (id.split('.')[0] ?? '') as GrantId
}

/** Whom a token is about whose `sub` does not say it, from the token's `jti`. */
export function hiddenUserOf(id: TokenId, call: Pick<Call, 'ports'>): UserId | undefined {
  const [, , reference] = id.split('.')
  return reference === undefined ? undefined : referencedUser(reference, call)
}

// The reference makes it no other token, and longer than a row's key may be.
function withoutReference(id: TokenId): TokenId {
  return id.split('.').slice(0, 2).join('.') as TokenId
}

/** Ends everything that was or is being issued under the grant (RFC 6749 §4.1.2, §10.4). */
export async function revokeGrant(id: GrantId, call: Call): Promise<void> {
  await call.store.grants.revoke(id, call.now + revocationLifetimeSeconds)
}

/** Ends one access token, and nothing else that its grant gave. */
export async function revokeToken(id: TokenId, expiresAt: EpochSeconds, call: Call): Promise<void> {
  await call.store.grants.revoke(withoutReference(id), expiresAt)
}

/** Ends everything that the user granted the client until now, also what waits to be collected. */
export async function revokeGrantsOf(userId: UserId, clientId: ClientId, call: Call): Promise<void> {
  // The mark first: what is issued meanwhile sees it, and what was stored before it is deleted after it.
  await call.store.grants.revokeGiven(
    bondOf(userId, clientId),
    call.now,
    call.now + revocationLifetimeSeconds,
  )
  await call.store.refreshTokens.deleteFor(userId, clientId)
}

/** Which grant, by and to whom; a client's own grant has no user. */
export interface GivenGrant {
  readonly grantId: GrantId
  readonly tokenId?: TokenId
  readonly userId?: UserId
  readonly clientId: ClientId
}

/** Whether the grant or the token was revoked, in one look. */
export function isGrantRevoked({ grantId, tokenId, userId, clientId }: GivenGrant, call: Call) {
  return call.store.grants.isRevoked(grantId, {
    ...(tokenId !== undefined && { tokenId: withoutReference(tokenId) }),
    ...(userId !== undefined && { bond: bondOf(userId, clientId), givenAt: givenAt(grantId) }),
  })
}

// Both ids may be as long as a row's key may be.
function bondOf(userId: UserId, clientId: ClientId): GrantBond {
  return hashed(`${clientId} ${userId}`) as string as GrantBond
}

function givenAt(id: GrantId): EpochSeconds {
  const [time = '', random] = id.split('~')
  return random === undefined ? 0 : Number.parseInt(time, 36)
}
