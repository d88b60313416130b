import type { GivenAccess } from '../../domain/given-access.ts'
import type { ClientId, EpochSeconds, TenantId, UserId } from '../../domain/ids.ts'
import { type Hashed, hashed } from '../../domain/secrets.ts'
import type { TenantStore } from '../../domain/store.ts'
import { access } from './access.ts'
import { decoded, document } from './document.ts'
import type { Engine } from './engine.ts'
import { pageOf, rowsToRead } from './page.ts'
import { sql } from './query.ts'

interface Row {
  readonly id: Hashed
  readonly client_id: ClientId
  readonly body: string
  readonly ends_at: EpochSeconds | null
}

type Body = Pick<GivenAccess, 'audience' | 'scope' | 'givenAt'>

/** What clients were given for the users of a tenant: a row for each client, audience and scope, with the latest end. */
export function givenAccess(engine: Engine, tenant: TenantId): TenantStore['givenAccess'] {
  const { read, change, put } = access(engine, 'given access')
  return {
    async note({ userId, clientId, audience, scope, givenAt, endsAt }) {
      const id = hashed(JSON.stringify([clientId, audience, scope]))
      // A token follows another soon, and most often nothing is to be written for it.
      const [noted] = await read(
        sql`select id from given_access
          where tenant_id = ${tenant} and user_id = ${userId} and id = ${id} and (ends_at is null or ends_at >= ${endsAt})`,
      )
      if (noted) return
      // A user who is gone, or a client, has nothing.
      await put(
        sql`insert into given_access (tenant_id, user_id, id, client_id, body, ends_at)
          select user_account.tenant_id, user_account.id, ${id}, client.id, ${document({ audience, scope, givenAt } satisfies Body)}, ${endsAt}
          from user_account join client on client.tenant_id = user_account.tenant_id
          where user_account.tenant_id = ${tenant} and user_account.id = ${userId} and client.id = ${clientId}
          on conflict (tenant_id, user_id, id) do update set body = excluded.body, ends_at = excluded.ends_at
            where given_access.ends_at < excluded.ends_at or (given_access.ends_at is not null and excluded.ends_at is null)`,
      )
    },
    async list(userId, page, now) {
      const found = await read<Row>(
        sql`select id, client_id, body, ends_at from given_access
          where tenant_id = ${tenant} and user_id = ${userId} and id > ${page.after ?? ''}
            and (ends_at is null or ends_at > ${now})
          order by id limit ${rowsToRead(page)}`,
      )
      const { items, next } = pageOf(found, page, ({ id }) => id)
      return { items: items.map((row) => decode(userId, row)), ...(next !== undefined && { next }) }
    },
    async deleteFor(userId, clientId) {
      const removed = await change(
        sql`delete from given_access
          where tenant_id = ${tenant} and user_id = ${userId} and client_id = ${clientId} returning id`,
      )
      return removed.length
    },
  }
}

function decode(userId: UserId, { client_id: clientId, body, ends_at }: Row): GivenAccess {
  return { ...decoded<Body>(body), userId, clientId, ...(ends_at !== null && { endsAt: ends_at }) }
}
