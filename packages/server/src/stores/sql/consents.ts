import type { Consent } from '../../domain/consent.ts'
import type { ClientId, TenantId, UserId } from '../../domain/ids.ts'
import type { TenantStore } from '../../domain/store.ts'
import { access } from './access.ts'
import { decoded, document } from './document.ts'
import type { Engine } from './engine.ts'
import { pageOf, rowsToRead } from './page.ts'
import { sql } from './query.ts'

interface Row {
  readonly user_id: UserId
  readonly client_id: ClientId
  readonly audience: string
  readonly body: string
}

type Body = Omit<Consent, 'userId' | 'clientId' | 'audience'>

/** What the users of a tenant allowed. */
export function consents(engine: Engine, tenant: TenantId): TenantStore['consents'] {
  const { read, change, put } = access(engine, 'consent')
  const columns = sql`user_id, client_id, audience, body`
  return {
    async find(userId, clientId, audience) {
      const [row] = await read<Row>(
        sql`select ${columns} from consent
          where tenant_id = ${tenant} and user_id = ${userId} and client_id = ${clientId} and audience = ${audience}`,
      )
      return row && decode(row)
    },
    async save({ userId, clientId, audience, granted, declined, updatedAt }) {
      const body = document({ granted, declined, updatedAt } satisfies Body)
      await put(
        sql`insert into consent (tenant_id, user_id, client_id, audience, body)
          values (${tenant}, ${userId}, ${clientId}, ${audience}, ${body})
          on conflict (tenant_id, user_id, client_id, audience) do update set body = excluded.body`,
      )
    },
    async list(userId, page) {
      const limit = rowsToRead(page)
      const after = position(page.after)
      if (!after) return { items: [] }
      const found = await read<Row>(
        sql`select ${columns} from consent
          where tenant_id = ${tenant} and user_id = ${userId} and (client_id, audience) > (${after.clientId}, ${after.audience})
          order by client_id, audience limit ${limit}`,
      )
      return pageOf(found.map(decode), page, ({ clientId, audience }) => JSON.stringify([clientId, audience]))
    },
    async delete(userId, clientId, audience) {
      const removed = await change(
        sql`delete from consent
          where tenant_id = ${tenant} and user_id = ${userId} and client_id = ${clientId} and audience = ${audience}
          returning user_id`,
      )
      return removed.length > 0
    },
  }
}

function decode({ user_id: userId, client_id: clientId, audience, body }: Row): Consent {
  return { ...decoded<Body>(body), userId, clientId, audience }
}

// A consent has no id of its own, so the cursor is the rest of its key. One that we did not write finds nothing.
function position(cursor: string | undefined): { clientId: string; audience: string } | undefined {
  if (cursor === undefined) return { clientId: '', audience: '' }
  try {
    const [clientId, audience] = JSON.parse(cursor)
    return typeof clientId === 'string' && typeof audience === 'string' ? { clientId, audience } : undefined
  } catch {
    return undefined
  }
}
