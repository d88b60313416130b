import type { TenantId, UserId } from '../../domain/ids.ts'
import type { TenantStore } from '../../domain/store.ts'
import type { PasswordCredential } from '../../domain/user.ts'
import { access } from './access.ts'
import { decoded, document } from './document.ts'
import type { Engine } from './engine.ts'
import { sql } from './query.ts'

interface Row {
  readonly user_id: UserId
  readonly body: string
}

type Body = Omit<PasswordCredential, 'userId'>

/** The passwords of a tenant's users: hashes only, and never read with the user. */
export function passwords(engine: Engine, tenant: TenantId): TenantStore['passwords'] {
  const { read, put } = access(engine, 'password')
  return {
    async find(userId) {
      const [row] = await read<Row>(
        sql`select user_id, body from password_credential where tenant_id = ${tenant} and user_id = ${userId}`,
      )
      return row && { ...decoded<Body>(row.body), userId: row.user_id }
    },
    async save({ userId, hash, updatedAt }) {
      const body = document({ hash, updatedAt } satisfies Body)
      await put(
        sql`insert into password_credential (tenant_id, user_id, body) values (${tenant}, ${userId}, ${body})
          on conflict (tenant_id, user_id) do update set body = excluded.body`,
      )
    },
  }
}
