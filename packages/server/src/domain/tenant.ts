import type { EpochSeconds, TenantId, UserId } from './ids.ts'

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
  readonly sessionLifetimeSeconds: number
  readonly idleSessionLifetimeSeconds: number
  /** Authentication contexts that this tenant speaks of, and the methods (RFC 8176) that reach each. */
  readonly acrValues?: readonly { readonly value: string; readonly methods: readonly string[] }[]
  /** Who may change the tenant; empty until the first one used the set-up link. */
  readonly administrators: readonly UserId[]
  readonly colors: { readonly primary: string; readonly pageBackground: string }
}
