import type { ClientId, EpochSeconds, Json } from './ids.ts'
import type { Hashed, Sealed } from './secrets.ts'
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
  readonly idToken: {
    readonly signingAlgorithm: SigningAlgorithm
    readonly lifetimeSeconds: number
    readonly encryption?: Encryption
  }
  readonly refreshToken: RefreshTokenPolicy
  readonly pkce: { readonly required: boolean; readonly allowPlain: boolean }
  /** Public keys that the client signs with, or that are encrypted to; by value or at a URL (RFC 7591 §2 `jwks`, `jwks_uri`). */
  readonly jwks?: { readonly keys: readonly ClientJwk[] }
  readonly jwksUri?: string
  /** The only algorithm that the client's assertions may use (RFC 7591 §2 `token_endpoint_auth_signing_alg`). */
  readonly tokenEndpointAuthSigningAlgorithm?: string
  /** What the client's certificate must name (RFC 8705 §2.1.2). */
  readonly tlsClientAuth?: {
    readonly kind: 'subject_dn' | 'san_dns' | 'san_uri' | 'san_ip' | 'san_email'
    readonly value: string
  }
  /** Whether each sector gets a `sub` of its own (OpenID Connect Core §8.1); public where it is absent. */
  readonly pairwise?: { readonly sectorIdentifierUri?: string }
  readonly userInfo?: { readonly signingAlgorithm?: SigningAlgorithm; readonly encryption?: Encryption }
  readonly requestObject?: { readonly signingAlgorithm?: string; readonly required?: boolean }
  /** Where request objects may be fetched from (OpenID Connect Registration §2 `request_uris`). */
  readonly requestUris?: readonly string[]
  readonly requirePushedAuthorizationRequests?: boolean
  /** How long a pushed request may be used, 5 to 600; 30 where it is absent. */
  readonly pushedRequestLifetimeSeconds?: number
  readonly defaultMaxAgeSeconds?: number
  readonly requireAuthTime?: boolean
  readonly defaultAcrValues?: readonly string[]
  readonly logout?: ClientLogout
  /** The API that the client is: it may introspect the tokens of this audience (Auth0's member of that name). */
  readonly resourceServerIdentifier?: string
  /** How the client registered itself (RFC 7592 §3); absent when an administrator made it. */
  readonly registration?: {
    readonly accessToken: Hashed
    readonly metadata: { readonly [member: string]: Json }
  }
  /** Whose assertions about users the client may present as a grant (RFC 7523 §2.1). */
  readonly trustedIssuers?: readonly TrustedIssuer[]
  /** What the client may exchange tokens for (RFC 8693 §1.1). */
  readonly tokenExchange?: { readonly impersonation: boolean; readonly delegation: boolean }
  readonly metadata: Readonly<Record<string, string>>
  readonly createdAt: EpochSeconds
  readonly updatedAt: EpochSeconds
  readonly version: number
}

/** An issuer of assertions that an administrator trusts on behalf of one client (RFC 7523 §3). */
export interface TrustedIssuer {
  /** The `iss` of its assertions, compared as a string. */
  readonly issuer: string
  /** Its public keys, by value or at a URL. */
  readonly jwks?: { readonly keys: readonly ClientJwk[] }
  readonly jwksUri?: string
  /** The only algorithms that it signs with. */
  readonly algorithms: readonly string[]
  /** The users that it may speak about: their ids are the `sub` of its assertions. */
  readonly subjects: 'all' | readonly string[]
}

/** A public JSON Web Key of a client (RFC 7517 §4). */
export type ClientJwk = { readonly [member: string]: Json }

/** JWE algorithms (RFC 7518 §4.1 and §5.1). */
export interface Encryption {
  readonly keyManagement: string
  readonly content: string
}

/** How a client learns that its user logged out (OpenID Connect Back-Channel Logout §2.2, Front-Channel Logout §2). */
export interface ClientLogout {
  readonly backchannelUri?: string
  readonly backchannelSessionRequired?: boolean
  readonly frontchannelUri?: string
  readonly frontchannelSessionRequired?: boolean
}

/** Auth0's `refresh_token` member of a client. An absent lifetime never ends. */
export interface RefreshTokenPolicy {
  readonly rotating: boolean
  /** How long the token before the newest one still gets the newest one, so that a lost answer can be repeated. */
  readonly leewaySeconds: number
  readonly lifetimeSeconds?: number
  readonly idleLifetimeSeconds?: number
  /** Further APIs that a refresh token may get access tokens for (Auth0's multi-resource refresh tokens). */
  readonly policies?: readonly { readonly audience: string; readonly scope: readonly string[] }[]
}

/**
 * What a client has that proves who it is: a secret that this server knows too, a key that it does not know, or nothing, as a
 * public client (RFC 6749 §2.1).
 */
export type Keeps = 'secret' | 'key' | 'nothing'

/** What the sealed secrets of this client are sealed for: nobody with the database alone can give one client another's. */
export function clientSecretPurpose(id: ClientId): string {
  return `client_secret ${id}`
}
