import type { ClientId } from '../domain/ids.ts'
import type { TenantCall } from '../domain/tenant-call.ts'
import type { Connection, User } from '../domain/user.ts'
import type { SecretGuesses } from './client-auth/secret-guesses.ts'
import type { ClientKeys } from './client-keys.ts'
import type { KeyRing } from './keys/key-ring.ts'
import type { Limits } from './limits.ts'
import type { Registry } from './registry.ts'

/** A tenant's call with what the protocol adds: keys to sign with, and everything that plugs in. */
export interface Call extends TenantCall {
  readonly keys: KeyRing
  /** Public keys of clients. */
  readonly clientKeys: ClientKeys
  /** Wrong client secrets, and who has to wait for them. */
  readonly secretGuesses: SecretGuesses
  readonly registry: Registry
  readonly limits: Limits
  /** The network address that the request came from; the empty string outside a request. */
  readonly address: string
  readonly passwords: Passwords
}

/** How the protocol asks who somebody is: it knows neither hashes nor what an attack looks like. */
export interface Passwords {
  /** Checks a password of the connection's users, counting the attempt against the call's address. */
  verify(attempt: PasswordAttempt): Promise<PasswordVerdict>
}

export interface PasswordAttempt {
  readonly connection: Connection
  /** An e-mail address or a user name. */
  readonly username: string
  readonly password: string
  readonly clientId: ClientId
}

export type PasswordVerdict =
  | { readonly kind: 'authenticated'; readonly user: User }
  | { readonly kind: 'wrong_credentials' }
  | { readonly kind: 'too_many_attempts' }
  | { readonly kind: 'blocked' }
  | { readonly kind: 'too_busy' }
