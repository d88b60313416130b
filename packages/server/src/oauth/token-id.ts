// A token's id, its `jti`, tells what the token dies with: `{grant}.{own}`. That of an exchanged token goes on from the id of the
// token that it was exchanged for and names that token's client: `{grant}.{own}~{client}.{own}`, and so on. A store keeps nothing
// for it, and the token has no claim that other tokens have not. Where the token's `sub` does not name the user, `!` and a reference
// to the user follow.
import type { ClientId, GrantId, TokenId, UserId } from '../domain/ids.ts'
import { randomToken } from '../domain/ports.ts'
import type { Call } from './call.ts'
import { referencedUser, userReference } from './user-reference.ts'

/** A token, and whom it was issued to. */
export interface HeldToken {
  readonly tokenId: TokenId
  readonly clientId: ClientId
}

/** What a new token's id tells. */
interface Told {
  readonly grantId: GrantId
  /** What it is exchanged for, of the same grant. */
  readonly from?: HeldToken | undefined
  /** Whom it is about, where its `sub` does not say it. */
  readonly hiddenUser?: UserId | undefined
}

/** The `jti` of a token: begins with its grant (RFC 6749 §10.5). */
export function newTokenId({ grantId, from, hiddenUser }: Told, call: Pick<Call, 'ports'>): TokenId {
  const before = from === undefined ? grantId : `${withoutReference(from.tokenId)}~${encoded(from.clientId)}`
  const id = `${before}.${randomToken(call.ports.random, 16)}`
  return (hiddenUser === undefined ? id : `${id}!${userReference(hiddenUser, call)}`) as TokenId
}

/** The grant that a token dies with, from the token's `jti`. */
export function grantOf(id: TokenId): GrantId {
  return (id.split('.')[0] ?? '') as GrantId
}

/** Whom a token is about whose `sub` does not say it, from the token's `jti`. */
export function hiddenUserOf(id: TokenId, call: Pick<Call, 'ports'>): UserId | undefined {
  const [, reference] = id.split('!')
  return reference === undefined ? undefined : referencedUser(reference, call)
}

/** The name under which a token is revoked: the same length however often it was exchanged, and whomever it is about. */
export function revocableId(id: TokenId): TokenId {
  const [grant, ...segments] = withoutReference(id).split('.')
  return `${grant}.${segments.at(-1)}` as TokenId
}

/** The tokens that this one comes from by exchanges, the first one first; each under the name under which it is revoked. */
export function originsOf(id: TokenId): readonly HeldToken[] {
  const [grant, ...segments] = withoutReference(id).split('.')
  return segments.slice(0, -1).map((segment) => {
    const [own, client = ''] = segment.split('~')
    return { tokenId: `${grant}.${own}` as TokenId, clientId: decoded(client) }
  })
}

function withoutReference(id: TokenId): string {
  return id.split('!')[0] ?? ''
}

// Administrators choose client ids, and may choose dots.
function encoded(id: ClientId): string {
  return Buffer.from(id).toString('base64url')
}

function decoded(id: string): ClientId {
  return Buffer.from(id, 'base64url').toString() as ClientId
}
