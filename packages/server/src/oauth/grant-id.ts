import type { ClientId, EpochSeconds, GrantBond, GrantId, TokenId, UserId } from '../domain/ids.ts'
import { randomToken } from '../domain/ports.ts'
import { hashed } from '../domain/secrets.ts'
import type { Call } from './call.ts'
import { originsOf, revocableId } from './token-id.ts'

/** How long a revocation is remembered, in seconds: longer than anything that a grant can have given. */
const revocationLifetimeSeconds = 10 * 365 * 86_400

/** A name for what is granted now. It tells when, so that all that a user granted before some moment can end at once. */
export function newGrantId(call: Pick<Call, 'now' | 'ports'>): GrantId {
  return `${call.now.toString(36)}~${randomToken(call.ports.random, 16)}` as GrantId
}

/** Ends everything that was or is being issued under the grant (RFC 6749 §4.1.2, §10.4). */
export async function revokeGrant(id: GrantId, call: Call): Promise<void> {
  await call.store.grants.revoke(id, call.now + revocationLifetimeSeconds)
}

/** Ends one access token and what it was exchanged for, and nothing else that its grant gave. */
export async function revokeToken(id: TokenId, expiresAt: EpochSeconds, call: Call): Promise<void> {
  await call.store.grants.revoke(revocableId(id), expiresAt)
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

/**
 * Whether the grant or the token was revoked, in one look; and one more for each token that it comes from by exchange, since
 * what those died with it dies with too (RFC 7009 §2.1, RFC 8693 §2.1).
 */
export async function isGrantRevoked(given: GivenGrant, call: Call): Promise<boolean> {
  const origins = given.tokenId === undefined ? [] : originsOf(given.tokenId)
  if (origins.length === 0) return isRevoked(given, call)
  const held = [given, ...origins.map((origin) => ({ ...given, ...origin }))]
  const ended = await Promise.all(held.map((one) => isRevoked(one, call)))
  return ended.includes(true)
}

function isRevoked({ grantId, tokenId, userId, clientId }: GivenGrant, call: Call): Promise<boolean> {
  return call.store.grants.isRevoked(grantId, {
    ...(tokenId !== undefined && { tokenId: revocableId(tokenId) }),
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
