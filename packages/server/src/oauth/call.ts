import type { TenantCall } from '../domain/tenant-call.ts'
import type { KeyRing } from './keys/key-ring.ts'
import type { Registry } from './registry.ts'

/** A tenant's call with what the protocol adds: keys to sign with, and everything that plugs in. */
export interface Call extends TenantCall {
  readonly keys: KeyRing
  readonly registry: Registry
}
