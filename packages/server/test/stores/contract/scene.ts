import { randomUUID } from 'node:crypto'
import type { TenantId } from '../../../src/domain/ids.ts'
import type { Store, TenantStore } from '../../../src/domain/store.ts'
import { aClient, aConnection, aTenant, aUser, id } from '../nouns.ts'

/** A new tenant with one client, one connection and one user, under the ids that the builders take for granted. */
export interface Scene {
  readonly tenantId: TenantId
  readonly tenant: TenantStore
  /** The tenant through each handle. */
  readonly handles: readonly TenantStore[]
}

export interface Given {
  /** The first handle. */
  readonly store: Store
  scene(): Promise<Scene>
  /** A tenant with nothing in it. */
  emptyTenant(): Promise<Scene>
}

export function scenes(stores: () => readonly [Store, ...Store[]]): Given {
  async function emptyTenant(): Promise<Scene> {
    const [store] = stores()
    const tenantId = id<TenantId>(`tenant-${randomUUID()}`)
    await store.tenants.create(aTenant({ id: tenantId }))
    const handles = stores().map((handle) => handle.forTenant(tenantId))
    return { tenantId, tenant: store.forTenant(tenantId), handles }
  }
  return {
    get store() {
      return stores()[0]
    },
    emptyTenant,
    async scene() {
      const scene = await emptyTenant()
      await scene.tenant.clients.create(aClient())
      await scene.tenant.connections.create(aConnection())
      await scene.tenant.users.create(aUser())
      return scene
    },
  }
}

/** Starts `count` calls at once, spread over the handles, and answers what became of each. */
export function atOnce<Answer>(
  { handles }: Scene,
  count: number,
  call: (tenant: TenantStore, index: number) => Promise<Answer>,
): Promise<PromiseSettledResult<Answer>[]> {
  const calls = Array.from({ length: count }, (_, index) => {
    const handle = handles[index % handles.length]
    if (!handle) throw new Error('no handle')
    return call(handle, index)
  })
  return Promise.allSettled(calls)
}

/** How often each outcome came: the `kind` of an answer, or the name of an error. */
export function tally(results: readonly PromiseSettledResult<unknown>[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const result of results) {
    const outcome = result.status === 'rejected' ? result.reason.name : kindOf(result.value)
    counts[outcome] = (counts[outcome] ?? 0) + 1
  }
  return counts
}

function kindOf(value: unknown): string {
  if (typeof value === 'object' && value !== null && 'kind' in value) return String(value.kind)
  return value === undefined || value === false ? 'nothing' : 'done'
}
