// Owns the read cache before an engine. Knows what is read on every request and changed rarely, and no SQL.
import type { TenantId } from '../domain/ids.ts'
import type { Rows, Store, TenantStore } from '../domain/store.ts'
import { Bounded } from './cache/bounded.ts'
import { reader } from './cache/reader.ts'
import { TenantCache } from './cache/tenant-cache.ts'
import type { SqlStore } from './sql/store.ts'

/** The most tenants remembered; twice as many at a bad moment. */
const TENANT_LIMIT = 200

/**
 * Puts a cache before a store: tenants, clients, resource servers, client grants, connections and signing keys are read
 * from memory. Changes through the answered store are seen at once, those of other processes within two seconds. What
 * it answers is frozen.
 */
export function cached(store: SqlStore): Store {
  const caches = new Bounded<TenantId, TenantCache>(TENANT_LIMIT)
  const handles = new Bounded<TenantId, TenantStore>(TENANT_LIMIT)
  // Looked up at each use and kept by nobody, so that a tenant never has two.
  const cacheOf = (id: TenantId) =>
    caches.get(id) ?? caches.add(id, new TenantCache(() => store.changeVersion(id)))
  return {
    ...store,
    tenants: {
      ...forgetting(store.tenants, (id) => cacheOf(id).forget()),
      find: (id) => {
        const tenant = reader(
          () => cacheOf(id),
          (kept) => kept.tenant,
        )
        return tenant(id, () => store.tenants.find(id))
      },
    },
    forTenant: (id) =>
      handles.get(id) ??
      handles.add(
        id,
        cachedTenant(store.forTenant(id), () => cacheOf(id)),
      ),
  }
}

function cachedTenant(store: TenantStore, cache: () => TenantCache): TenantStore {
  const { clients, resourceServers, clientGrants, connections, signingKeys } = store
  const client = reader(cache, (kept) => kept.clients)
  const resourceServer = reader(cache, (kept) => kept.resourceServers)
  const clientGrant = reader(cache, (kept) => kept.clientGrants)
  const connection = reader(cache, (kept) => kept.connections)
  const keys = reader(cache, (kept) => kept.signingKeys)
  const forget = () => cache().forget()
  return {
    ...store,
    clients: {
      ...forgetting(clients, forget),
      find: (id) => client(id, () => clients.find(id)),
    },
    resourceServers: {
      ...forgetting(resourceServers, forget),
      findByIdentifier: (identifier) =>
        resourceServer(identifier, () => resourceServers.findByIdentifier(identifier)),
    },
    clientGrants: {
      ...forgetting(clientGrants, forget),
      findFor(clientId, audience, subjectType) {
        // The length in front keeps two different pairs from running into the same text.
        const key = `${clientId.length} ${subjectType} ${clientId}${audience}`
        return clientGrant(key, () => clientGrants.findFor(clientId, audience, subjectType))
      },
    },
    connections: {
      ...forgetting(connections, forget),
      findByName: (name) => connection(name, () => connections.findByName(name)),
    },
    signingKeys: {
      list: () => keys('', signingKeys.list),
      add: (key) => signingKeys.add(key).finally(forget),
      delete: (algorithm, kid) => signingKeys.delete(algorithm, kid).finally(forget),
    },
  }
}

// Also after a failure: a change whose answer was lost may have been made.
function forgetting<Id, Noun extends { readonly id: Id; readonly version: number }>(
  rows: Rows<Id, Noun>,
  forget: (id: Id) => void,
): Rows<Id, Noun> {
  return {
    ...rows,
    create: (noun) => rows.create(noun).finally(() => forget(noun.id)),
    update: (noun) => rows.update(noun).finally(() => forget(noun.id)),
    delete: (id) => rows.delete(id).finally(() => forget(id)),
  }
}
