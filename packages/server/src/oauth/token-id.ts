// A token's id, its `jti`, tells what the token dies with: `{grant}.{own}`. That of an exchanged token goes on from the id of the
// token that it was exchanged for and names that token's client: `{grant}.{own}~{client}.{own}`, and so on. A store keeps nothing
// for it, and the token has no claim that other tokens have not.
import type { ClientId, GrantId, TokenId } from '../domain/ids.ts'
import { randomToken } from '../domain/ports.ts'
import type { Call } from './call.ts'

/** A token, and whom it was issued to. */
export interface HeldToken {
  readonly tokenId: TokenId
  readonly clientId: ClientId
}

/** The `jti` of a token: begins with its grant (RFC 6749 §10.5). `from`: what it is exchanged for, of the same grant. */
export function newTokenId(grantId: GrantId, call: Pick<Call, 'ports'>, from?: HeldToken): TokenId {
  const own = randomToken(call.ports.random, 16)
  const before = from === undefined ? grantId : `${from.tokenId}~${encoded(from.clientId)}`
  return `${before}.${own}` as TokenId
}

/** The grant that a token dies with, from the token's `jti`. */
export function grantOf(id: TokenId): GrantId {
  return (id.split('.')[0] ?? '') as GrantId
}

/** The name under which a token is revoked: the same length however often it was exchanged. */
export function revocableId(id: TokenId): TokenId {
  const [grant, ...segments] = id.split('.')
  return `${grant}.${segments.at(-1)}` as TokenId
}

/** The tokens that this one comes from by exchanges, the first one first; each under the name under which it is revoked. */
export function originsOf(id: TokenId): readonly HeldToken[] {
  const [grant, ...segments] = id.split('.')
  return segments.slice(0, -1).map((segment) => {
    const [own, client = ''] = segment.split('~')
    return { tokenId: `${grant}.${own}` as TokenId, clientId: decoded(client) }
  })
}

// Administrators choose client ids, and may choose dots.
function encoded(id: ClientId): string {
  return Buffer.from(id).toString('base64url')
}

function decoded(id: string): ClientId {
  return Buffer.from(id, 'base64url').toString() as ClientId
}
