import type { EpochSeconds } from './ids.ts'
import type { Ports } from './ports.ts'
import type { TenantStore } from './store.ts'
import type { Tenant } from './tenant.ts'

/** What every decision may lean on: one tenant, one instant, the ports. Made anew for each request. */
export interface TenantCall {
  readonly tenant: Tenant
  /** Issuer identifier with its trailing slash, as Auth0's SDKs compare it. */
  readonly issuer: string
  readonly store: TenantStore
  readonly ports: Ports
  readonly now: EpochSeconds
}
