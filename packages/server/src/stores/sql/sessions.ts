import type { ClientId, EpochSeconds, SessionId, TenantId, UserId } from '../../domain/ids.ts'
import type { Hashed } from '../../domain/secrets.ts'
import type { Session } from '../../domain/session.ts'
import type { TenantStore } from '../../domain/store.ts'
import { access } from './access.ts'
import { decoded, document } from './document.ts'
import type { Engine } from './engine.ts'
import { sql } from './query.ts'

interface Row {
  readonly id: SessionId
  readonly hash: Hashed
  readonly user_id: UserId
  readonly authenticated_at: EpochSeconds
  readonly methods: string
  readonly expires_at: EpochSeconds
  readonly idle_expires_at: EpochSeconds
}

/** The browser sessions of a tenant. The idle end is stored no later than the absolute one, so it alone ends a row. */
export function sessions(engine: Engine, tenant: TenantId): TenantStore['sessions'] {
  const { read, change, put } = access(engine, 'session')
  return {
    async create(session) {
      const { hash, id, userId, authenticatedAt, methods, expiresAt } = session
      const idleExpiresAt = Math.min(session.idleExpiresAt, expiresAt)
      await put(
        sql`insert into session (tenant_id, hash, id, user_id, authenticated_at, methods, expires_at, idle_expires_at)
          values (${tenant}, ${hash}, ${id}, ${userId}, ${authenticatedAt}, ${document(methods)}, ${expiresAt}, ${idleExpiresAt})`,
      )
    },
    async find(hash, now) {
      const [row] = await read<Row>(
        sql`select id, hash, user_id, authenticated_at, methods, expires_at, idle_expires_at from session
          where tenant_id = ${tenant} and hash = ${hash} and idle_expires_at > ${now}`,
      )
      return row && decode(row)
    },
    async touch(hash, idleExpiresAt) {
      await change(
        sql`update session
          set idle_expires_at = case when expires_at > ${idleExpiresAt} then ${idleExpiresAt} else expires_at end
          where tenant_id = ${tenant} and hash = ${hash}`,
      )
    },
    async renew(session) {
      const { hash, id, userId, authenticatedAt, methods, expiresAt } = session
      const idleExpiresAt = Math.min(session.idleExpiresAt, expiresAt)
      const renewed = await put(
        sql`update session
          set hash = ${hash}, authenticated_at = ${authenticatedAt}, methods = ${document(methods)}, expires_at = ${expiresAt},
            idle_expires_at = ${idleExpiresAt}
          where tenant_id = ${tenant} and id = ${id} and user_id = ${userId} returning id`,
      )
      return renewed.length > 0
    },
    async delete(id) {
      const removed = await change(
        sql`delete from session where tenant_id = ${tenant} and id = ${id} returning id`,
      )
      return removed.length > 0
    },
    async join(id, clientId) {
      // Most requests come from a client that joined before, and a look is cheaper than a durable write.
      const joined = await read(
        sql`select client_id from session_client
          where tenant_id = ${tenant} and session_id = ${id} and client_id = ${clientId}`,
      )
      if (joined.length > 0) return
      // A session that ended meanwhile takes no one in.
      await change(
        sql`insert into session_client (tenant_id, session_id, client_id)
          select tenant_id, id, ${clientId} from session where tenant_id = ${tenant} and id = ${id}
          on conflict (tenant_id, session_id, client_id) do nothing`,
      )
    },
    async clientsOf(id) {
      const rows = await read<{ readonly client_id: ClientId }>(
        sql`select client_id from session_client where tenant_id = ${tenant} and session_id = ${id} order by client_id`,
      )
      return rows.map((row) => row.client_id)
    },
  }
}

function decode(row: Row): Session {
  return {
    id: row.id,
    hash: row.hash,
    userId: row.user_id,
    authenticatedAt: row.authenticated_at,
    methods: decoded<readonly string[]>(row.methods),
    expiresAt: row.expires_at,
    idleExpiresAt: row.idle_expires_at,
  }
}
