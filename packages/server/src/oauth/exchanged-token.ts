// Reads the tokens that a client brings to an exchange (RFC 8693 §3): ours alone.
import type { Client } from '../domain/client.ts'
import type { EpochSeconds, GrantId, UserId } from '../domain/ids.ts'
import type { User } from '../domain/user.ts'
import type { Call } from './call.ts'
import { readIdTokenHint } from './id-token-hint.ts'
import { readUnverified } from './jws.ts'
import { readAccessToken, userInfoAudience } from './token/access-token.ts'
import type { Actor } from './token-formats/token-format.ts'

export const accessTokenType = 'urn:ietf:params:oauth:token-type:access_token'
export const idTokenType = 'urn:ietf:params:oauth:token-type:id_token'

/** What a token says to an exchange. */
export interface ExchangedToken {
  readonly subject: string
  readonly userId?: UserId
  /** Whether it was issued to the client that brings it. */
  readonly isOwn: boolean
  /** APIs that it is for, without UserInfo. */
  readonly audience: readonly string[]
  /** Absent for an ID token, which allows nothing. */
  readonly scope?: readonly string[]
  /** Absent for an ID token. */
  readonly grantId?: GrantId
  readonly expiresAt: EpochSeconds
  readonly actor?: Actor
}

/** `undefined` unless the token lives and was made by this server. `type`: one of the token types above. */
export function readExchangedToken(
  token: string,
  type: string,
  client: Client,
  call: Call,
): Promise<ExchangedToken | undefined> {
  return type === idTokenType ? fromIdToken(token, client, call) : fromAccessToken(token, client, call)
}

async function fromAccessToken(
  token: string,
  client: Client,
  call: Call,
): Promise<ExchangedToken | undefined> {
  const claims = await readAccessToken(token, call)
  if (claims === undefined) return undefined
  return {
    subject: claims.subject,
    ...(claims.userId !== undefined && { userId: claims.userId }),
    isOwn: claims.clientId === client.id,
    audience: claims.audience.filter((value) => value !== userInfoAudience(call.issuer)),
    scope: claims.scope,
    grantId: claims.grantId,
    expiresAt: claims.expiresAt,
    ...(claims.actor !== undefined && { actor: claims.actor }),
  }
}

async function fromIdToken(token: string, client: Client, call: Call): Promise<ExchangedToken | undefined> {
  const hint = await readIdTokenHint(token, call)
  const expiresAt = readUnverified(token)?.claims.exp
  // As a hint an ID token may have expired; as a proof it may not.
  if (hint === undefined || typeof expiresAt !== 'number' || expiresAt <= call.now) return undefined
  return {
    subject: hint.subject,
    ...(hint.userId !== undefined && { userId: hint.userId }),
    isOwn: hint.clientId === client.id,
    audience: [],
    expiresAt,
  }
}

/** The user whom a token is about, as long as the user may have tokens. */
export async function userOf({ userId }: ExchangedToken, call: Call): Promise<User | undefined> {
  const user = userId === undefined ? undefined : await call.store.users.find(userId)
  return user?.blocked === false ? user : undefined
}
