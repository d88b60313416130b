import type { ClientId, EpochSeconds, GrantId, TokenId, UserId } from '../../domain/ids.ts'
import type { ResourceServer } from '../../domain/resource-server.ts'
import type { Call } from '../call.ts'
import type { Plug } from '../registry.ts'

/** What an access token says, before any format gave it a shape. */
export interface AccessTokenClaims {
  readonly issuer: string
  /** The name by which the client knows the user, or `{client_id}@clients`. */
  readonly subject: string
  /** Absent in what `mint` gets where the client must not learn it; the `tokenId` leads this server to the user then. */
  readonly userId?: UserId
  readonly clientId: ClientId
  readonly grantId: GrantId
  /** The token's `jti` (RFC 7519 §4.1.7): begins with the grant, so that a token tells which grant it dies with. */
  readonly tokenId: TokenId
  readonly audience: readonly string[]
  readonly scope: readonly string[]
  /** All that the subject may do at the API, whatever was asked for; absent where the API does not enforce it. */
  readonly permissions?: readonly string[]
  readonly issuedAt: EpochSeconds
  readonly expiresAt: EpochSeconds
  /** When the user authenticated; absent for a client's own token. */
  readonly authenticatedAt?: EpochSeconds
  /** Auth0's `gty`: how a token came to be when no user was asked. */
  readonly grantLabel?: string
  /** Claims that UserInfo answers beside those of the scopes (OpenID Connect Core §5.5). */
  readonly userInfoClaims?: readonly string[]
  /** Who acts for the subject. */
  readonly actor?: Actor
  readonly extra?: Readonly<Record<string, unknown>>
}

/** Who acts for somebody else, and before whom it was (RFC 8693 §4.1): the claim `act` as it is written. */
export interface Actor {
  readonly sub: string
  readonly act?: Actor
}

/** A way to write an access token down and to read it again. */
export interface TokenFormat {
  readonly name: string
  mint(claims: AccessTokenClaims, api: ResourceServer | undefined, call: Call): Promise<string>
  /** `undefined` when the string is not a living token of this format and issuer. */
  read(token: string, call: Call): Promise<AccessTokenClaims | undefined>
}

/** Declares a token format. */
export function defineTokenFormat(format: TokenFormat): Plug {
  return { plug: 'token_format', format }
}
