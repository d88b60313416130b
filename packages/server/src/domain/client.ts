import type { ClientId, EpochSeconds } from './ids.ts'
import type { Sealed } from './secrets.ts'
import type { SigningAlgorithm } from './signing-key.ts'

export type ApplicationType = 'native' | 'spa' | 'regular_web' | 'non_interactive' | 'resource_server'

/** An application that may ask for tokens (RFC 6749 §2; Auth0's Client). */
export interface Client {
  readonly id: ClientId
  readonly name: string
  readonly description?: string
  readonly applicationType: ApplicationType
  /** First-party clients belong to the tenant's owner and may skip consent. */
  readonly isFirstParty: boolean
  /** The secrets in force; several while one is being rotated. Empty for a public client. */
  readonly secrets: readonly Sealed[]
  /** Name of a registered client-authentication method; `none` for a public client. */
  readonly tokenEndpointAuthMethod: string
  readonly grantTypes: readonly string[]
  /** Registered redirection URIs (RFC 6749 §3.1.2.2; Auth0's `callbacks`). */
  readonly redirectUris: readonly string[]
  /** Whether `*` as the left-most label of a registered URI stands for one label. */
  readonly allowSubdomainWildcards: boolean
  readonly allowedOrigins: readonly string[]
  readonly webOrigins: readonly string[]
  readonly allowedLogoutUrls: readonly string[]
  readonly logoUri?: string
  readonly policyUri?: string
  readonly tosUri?: string
  readonly initiateLoginUri?: string
  readonly idToken: { readonly signingAlgorithm: SigningAlgorithm; readonly lifetimeSeconds: number }
  readonly refreshToken: RefreshTokenPolicy
  readonly pkce: { readonly required: boolean; readonly allowPlain: boolean }
  readonly metadata: Readonly<Record<string, string>>
  readonly createdAt: EpochSeconds
  readonly updatedAt: EpochSeconds
  readonly version: number
}

/** Auth0's `refresh_token` member of a client. An absent lifetime never ends. */
export interface RefreshTokenPolicy {
  readonly rotating: boolean
  /** How long the token before the newest one still gets the newest one, so that a lost answer can be repeated. */
  readonly leewaySeconds: number
  readonly lifetimeSeconds?: number
  readonly idleLifetimeSeconds?: number
}

/** Whether the client can keep a secret (RFC 6749 §2.1). */
export function isConfidential(client: Client): boolean {
  return client.tokenEndpointAuthMethod !== 'none'
}
