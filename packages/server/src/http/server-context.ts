// Owns HTTP: reads requests, calls the core, writes responses. Takes no protocol decision of its own.
import type { AttemptLimits } from '../accounts/attempts.ts'
import type { TenantId } from '../domain/ids.ts'
import type { Ports } from '../domain/ports.ts'
import { type Store, StoreUnavailable } from '../domain/store.ts'
import type { Call } from '../oauth/call.ts'
import type { KeyRing } from '../oauth/keys/key-ring.ts'
import type { Registry } from '../oauth/registry.ts'

/** What every route leans on; made once, at the start of the server. */
export interface ServerContext {
  readonly issuer: string
  readonly tenantId: TenantId
  readonly store: Store
  readonly ports: Ports
  readonly registry: Registry
  readonly keys: KeyRing
  readonly attemptLimits: AttemptLimits
  readonly requestBodyBytes: number
  /** Number of proxies in front, or their addresses and networks. */
  readonly trustedProxies: number | readonly string[]
}

/** Whether browsers reach the server through TLS, so that cookies can demand it. */
export function isSecure(context: ServerContext): boolean {
  return context.issuer.startsWith('https:')
}

/** Begins a call: one tenant, one instant. */
export async function beginCall(context: ServerContext): Promise<Call> {
  const { issuer, ports, registry, keys, store, tenantId } = context
  const tenant = await store.tenants.find(tenantId)
  if (tenant === undefined) throw new StoreUnavailable(new Error(`tenant ${tenantId} is missing`))
  return { tenant, issuer, store: store.forTenant(tenantId), ports, now: ports.clock.now(), keys, registry }
}
