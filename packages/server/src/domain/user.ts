import type { ClientId, ConnectionId, EpochSeconds, Json, UserId } from './ids.ts'
import type { Permission } from './role.ts'
import type { PasswordHash } from './secrets.ts'

/** A source of users. In this version each one is a database connection (`strategy: auth0`). */
export interface Connection {
  readonly id: ConnectionId
  readonly name: string
  readonly strategy: 'auth0'
  /** `all`, or the clients whose users may log in here. */
  readonly enabledClients: 'all' | readonly ClientId[]
  readonly createdAt: EpochSeconds
  readonly version: number
}

/** Whether the client's users may log in here. */
export function serves({ enabledClients }: Connection, clientId: ClientId): boolean {
  return enabledClients === 'all' || enabledClients.includes(clientId)
}

/** A resource owner. `email` and `username` are stored in lower case and unique in their connection. */
export interface User {
  readonly id: UserId
  readonly connectionId: ConnectionId
  readonly email?: string
  readonly emailVerified: boolean
  readonly username?: string
  readonly phoneNumber?: string
  readonly phoneNumberVerified: boolean
  readonly claims: StandardClaims
  readonly blocked: boolean
  /** Given directly; roles give more. */
  readonly permissions?: readonly Permission[]
  readonly userMetadata: { readonly [member: string]: Json }
  readonly appMetadata: { readonly [member: string]: Json }
  readonly createdAt: EpochSeconds
  readonly updatedAt: EpochSeconds
  readonly version: number
}

/** Claims of the `profile` and `address` scopes under the names of OpenID Connect Core §5.1; absent rather than empty. */
export interface StandardClaims {
  readonly name?: string
  readonly given_name?: string
  readonly family_name?: string
  readonly middle_name?: string
  readonly nickname?: string
  readonly preferred_username?: string
  readonly profile?: string
  readonly picture?: string
  readonly website?: string
  readonly gender?: string
  readonly birthdate?: string
  readonly zoneinfo?: string
  readonly locale?: string
  readonly address?: Readonly<Record<string, string>>
}

/** A user's password. One per user; kept apart so that reading a user never reads its hash. */
export interface PasswordCredential {
  readonly userId: UserId
  readonly hash: PasswordHash
  readonly updatedAt: EpochSeconds
}
