import type { ClientGrantId, ClientId, EpochSeconds, ResourceServerId } from './ids.ts'
import type { SigningAlgorithm } from './signing-key.ts'

/**
 * Auth0's names for the claim sets of a JWT access token; `rfc9068_profile` is RFC 9068. Those that end in `_authz` say the
 * permissions too.
 */
export type TokenDialect = 'access_token' | 'access_token_authz' | 'rfc9068_profile' | 'rfc9068_profile_authz'

export type SubjectPolicy = 'allow_all' | 'require_client_grant' | 'deny_all'

/** An API: what an access token is for (Auth0's Resource Server, RFC 8707's resource). */
export interface ResourceServer {
  readonly id: ResourceServerId
  /** The `aud` of its tokens; unique in the tenant. */
  readonly identifier: string
  readonly name: string
  readonly scopes: readonly ScopeDefinition[]
  readonly signingAlgorithm: SigningAlgorithm
  readonly tokenDialect: TokenDialect
  /** Name of a registered token format; a JWT where it is absent. */
  readonly tokenFormat?: string
  readonly tokenLifetimeSeconds: number
  /** For tokens issued by the authorization endpoint itself. */
  readonly tokenLifetimeForWebSeconds: number
  readonly allowOfflineAccess: boolean
  /** Whether users get only the scopes that they have permissions for (Auth0's RBAC). */
  readonly enforcePolicies?: boolean
  readonly skipConsentForVerifiableFirstPartyClients: boolean
  readonly subjectTypeAuthorization: { readonly user: SubjectPolicy; readonly client: SubjectPolicy }
  readonly createdAt: EpochSeconds
  readonly updatedAt: EpochSeconds
  readonly version: number
}

export interface ScopeDefinition {
  readonly value: string
  readonly description: string
}

/** What a client may ask of an API, for itself or on behalf of users; unique per client, audience and subject type. */
export interface ClientGrant {
  readonly id: ClientGrantId
  readonly clientId: ClientId
  readonly audience: string
  readonly subjectType: 'client' | 'user'
  readonly scope: readonly string[]
  readonly allowAllScopes: boolean
  readonly createdAt: EpochSeconds
  readonly version: number
}
