import type { RefreshToken } from '../../domain/refresh-token.ts'
import { hashed } from '../../domain/secrets.ts'
import type { Call } from '../call.ts'
import { isGrantRevoked } from '../grant-id.ts'
import type { AccessTokenClaims } from '../token-formats/token-format.ts'
import { readAccessToken } from './access-token.ts'
import { parseRefreshToken } from './refresh-token.ts'

/** A token that was handed in without saying what it is: `token_type_hint` can only save time (RFC 7009 §2.1). */
export type PresentedToken =
  | { readonly kind: 'access_token'; readonly claims: AccessTokenClaims }
  | {
      readonly kind: 'refresh_token'
      readonly family: RefreshToken
      /** Hash of the token's own secret: the family's newest, or one that it has left behind. */
      readonly presented: RefreshToken['current']
    }

/** Finds out what a token is; `undefined` unless it is one of ours, in force, and not revoked. */
export async function findToken(token: string, call: Call): Promise<PresentedToken | undefined> {
  const parts = parseRefreshToken(token)
  if (parts !== undefined) {
    const family = await call.store.refreshTokens.find(hashed(parts.selector), call.now)
    if (family !== undefined) {
      const presented = hashed(parts.secret)
      return (await isGrantRevoked(family, call)) ? undefined : { kind: 'refresh_token', family, presented }
    }
  }
  const claims = await readAccessToken(token, call)
  return claims === undefined ? undefined : { kind: 'access_token', claims }
}
