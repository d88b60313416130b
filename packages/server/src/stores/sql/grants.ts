import type { TenantId } from '../../domain/ids.ts'
import type { TenantStore } from '../../domain/store.ts'
import { access } from './access.ts'
import type { Engine } from './engine.ts'
import { sql } from './query.ts'

/** The revoked grants of a tenant. A mark, not a deletion: it also ends what is still being issued. */
export function grants(engine: Engine, tenant: TenantId): TenantStore['grants'] {
  const { read, put } = access(engine, 'grant')
  return {
    async revoke(id, expiresAt) {
      await put(
        sql`insert into grant_revocation (tenant_id, grant_id, expires_at) values (${tenant}, ${id}, ${expiresAt})
          on conflict (tenant_id, grant_id) do update set expires_at = excluded.expires_at
          where grant_revocation.expires_at < excluded.expires_at`,
      )
    },
    async revokeGiven(bond, until, expiresAt) {
      await put(
        sql`insert into grant_revocation (tenant_id, grant_id, expires_at, given_until)
          values (${tenant}, ${bond}, ${expiresAt}, ${until})
          on conflict (tenant_id, grant_id)
            do update set expires_at = excluded.expires_at, given_until = excluded.given_until
            where grant_revocation.given_until < excluded.given_until`,
      )
    },
    async isRevoked(id, { tokenId, bond, givenAt } = {}) {
      const found = await read(
        sql`select grant_id from grant_revocation
          where tenant_id = ${tenant} and grant_id in (${id}, ${tokenId}, ${bond})
            and (given_until is null or given_until >= ${givenAt})`,
      )
      return found.length > 0
    },
  }
}
