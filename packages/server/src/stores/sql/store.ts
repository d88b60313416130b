// Owns the SQL of both engines: one text in the common subset of SQLite and PostgreSQL, one decoder and encoder per
// noun. Knows no driver, no protocol rule and no secret in clear.
import type { TenantId } from '../../domain/ids.ts'
import type { Store, TenantStore } from '../../domain/store.ts'
import { access } from './access.ts'
import { artifacts } from './artifacts.ts'
import { clientGrants } from './client-grants.ts'
import { clients } from './clients.ts'
import { connections } from './connections.ts'
import { consents } from './consents.ts'
import { counters } from './counters.ts'
import type { Engine } from './engine.ts'
import { removeExpired } from './expired.ts'
import { givenAccess } from './given-access.ts'
import { grants } from './grants.ts'
import { passwords } from './passwords.ts'
import { sql } from './query.ts'
import { refreshTokens } from './refresh-tokens.ts'
import { resourceServers } from './resource-servers.ts'
import { roles } from './roles.ts'
import { sessions } from './sessions.ts'
import { signingKeys } from './signing-keys.ts'
import { tenants } from './tenants.ts'
import { users } from './users.ts'

/** A store that can say whether what it holds in a cache is still true. */
export interface SqlStore extends Store {
  /**
   * A number that every change of the tenant, its clients, resource servers, client grants, connections and signing
   * keys raises, whichever process makes it; 0 before the first.
   */
  changeVersion(tenant: TenantId): Promise<number>
}

/** Builds the store of an engine; `lifetime` is what SQL alone cannot do. */
export function sqlStore(engine: Engine, lifetime: Pick<Store, 'migrate' | 'close'>): SqlStore {
  return {
    ...lifetime,
    tenants: tenants(engine),
    forTenant: (id) => tenantStore(engine, id),
    removeExpired: (now, limit) => removeExpired(engine, now, limit),
    async changeVersion(tenant) {
      const [row] = await access(engine, 'change').read<{ readonly version: number }>(
        sql`select version from tenant_change where tenant_id = ${tenant}`,
      )
      return row?.version ?? 0
    },
  }
}

// Getters, because a request uses two or three of them.
function tenantStore(engine: Engine, id: TenantId): TenantStore {
  return {
    get clients() {
      return clients(engine, id)
    },
    get resourceServers() {
      return resourceServers(engine, id)
    },
    get clientGrants() {
      return clientGrants(engine, id)
    },
    get connections() {
      return connections(engine, id)
    },
    get users() {
      return users(engine, id)
    },
    get roles() {
      return roles(engine, id)
    },
    get passwords() {
      return passwords(engine, id)
    },
    get sessions() {
      return sessions(engine, id)
    },
    get consents() {
      return consents(engine, id)
    },
    get givenAccess() {
      return givenAccess(engine, id)
    },
    get refreshTokens() {
      return refreshTokens(engine, id)
    },
    get grants() {
      return grants(engine, id)
    },
    get signingKeys() {
      return signingKeys(engine, id)
    },
    get artifacts() {
      return artifacts(engine, id)
    },
    get counters() {
      return counters(engine, id)
    },
  }
}
