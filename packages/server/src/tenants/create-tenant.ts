// Owns what a tenant is made of: its defaults, and bringing a tenant file into the store. Knows no HTTP and no protocol.
import { defaultConnection } from '@valetkey/api/words'
import type { TenantId } from '../domain/ids.ts'
import type { Ports } from '../domain/ports.ts'
import { type Store, StoreConflict } from '../domain/store.ts'
import type { Tenant, TenantSettings } from '../domain/tenant.ts'
import { newConnectionId } from './identifiers.ts'

/** Auth0's defaults: sessions of 7 days at most, and 3 days without use. */
export const defaultSettings: TenantSettings = {
  friendlyName: 'Valetkey',
  sessionLifetimeSeconds: 168 * 3600,
  idleSessionLifetimeSeconds: 72 * 3600,
  administrators: [],
  colors: { primary: '#0b5d4b', pageBackground: '#e9efec' },
}

/**
 * The tenant, made with a database connection for all clients when there is none. Safe to call at every start and on many
 * nodes at once; a crash in between is repaired by the next call. Signing keys are made elsewhere.
 */
export async function ensureTenant(
  store: Store,
  id: TenantId,
  ports: Pick<Ports, 'clock' | 'random'>,
): Promise<Tenant> {
  const now = ports.clock.now()
  const tenant =
    (await store.tenants.find(id)) ??
    (await store.tenants
      .create({ id, settings: defaultSettings, createdAt: now, version: 1 })
      .catch(ignoreConflict)) ??
    (await store.tenants.find(id))
  if (tenant === undefined) throw new Error('the tenant was deleted while it was made')
  const { connections } = store.forTenant(id)
  const { items } = await connections.list({ limit: 1 })
  if (items.length === 0) {
    await connections
      .create({
        id: newConnectionId(ports.random),
        name: defaultConnection,
        strategy: 'auth0',
        enabledClients: 'all',
        createdAt: now,
        version: 1,
      })
      .catch(ignoreConflict)
  }
  return tenant
}

/** Another node made the same at the same time; theirs is as good. */
function ignoreConflict(error: unknown): undefined {
  if (!(error instanceof StoreConflict)) throw error
  return undefined
}
