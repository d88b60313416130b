import type { ClientJwk } from './client.ts'
import type { EpochSeconds, TenantId, UserId } from './ids.ts'
import type { Hashed } from './secrets.ts'

export interface Tenant {
  readonly id: TenantId
  readonly settings: TenantSettings
  readonly createdAt: EpochSeconds
  /** Raised by every change; `update` compares it. */
  readonly version: number
}

/** What an administrator sets for the whole tenant; Auth0's tenant settings and branding. */
export interface TenantSettings {
  readonly friendlyName: string
  readonly pictureUrl?: string
  readonly supportEmail?: string
  readonly supportUrl?: string
  /** Where `/v2/logout` may lead when it names no client. */
  readonly allowedLogoutUrls?: readonly string[]
  /** Appended when a request names no API. */
  readonly defaultAudience?: string
  /** Name of the connection whose users the password grant serves. */
  readonly defaultDirectory?: string
  /** Whether and how clients may register themselves (RFC 7591); absent where they may not. */
  readonly registration?: RegistrationSettings
  /** Auth0's older `/tokeninfo`; off where it is absent. */
  readonly allowTokenInfo?: boolean
  /** Whether UserInfo reads the access token from the query of a GET (RFC 6750 §2.3); off where it is absent. */
  readonly userInfoQueryToken?: boolean
  readonly sessionLifetimeSeconds: number
  readonly idleSessionLifetimeSeconds: number
  /** Authentication contexts that this tenant speaks of, and the methods (RFC 8176) that reach each. */
  readonly acrValues?: readonly { readonly value: string; readonly methods: readonly string[] }[]
  /** What the codes look like that people type for their devices; Auth0's `device_flow`. */
  readonly deviceFlow?: UserCodeFormat
  /** How long a device waits for its owner (RFC 8628 §3.2 `expires_in`); 900 where it is absent. */
  readonly deviceCodeLifetimeSeconds?: number
  /** Who may change the tenant; empty until the first one used the set-up link. */
  readonly administrators: readonly UserId[]
  readonly colors: { readonly primary: string; readonly pageBackground: string }
}

/** How user codes are drawn and shown (RFC 8628 §6.1). `mask`: `*` for each character, hyphens and spaces between them. */
export interface UserCodeFormat {
  readonly charset: 'base20' | 'digits'
  readonly mask: string
}

export interface RegistrationSettings {
  /** Tokens that let their holders register (RFC 7591 §3); everybody may where there is none. */
  readonly initialAccessTokens: readonly Hashed[]
  /** Who may vouch for software (RFC 7591 §2.3). */
  readonly softwareStatementIssuers: readonly StatementIssuer[]
}

export interface StatementIssuer {
  /** The `iss` of its statements, compared as a string. */
  readonly issuer: string
  /** Its public keys, by value or at a URL. */
  readonly jwks?: { readonly keys: readonly ClientJwk[] }
  readonly jwksUri?: string
}
