import type { TenantId } from '../../domain/ids.ts'
import { StoreInvalid, type TenantStore } from '../../domain/store.ts'
import { access } from './access.ts'
import type { Engine } from './engine.ts'
import { sql } from './query.ts'

interface Row {
  readonly hits: number
}

/** The counters of a tenant. */
export function counters(engine: Engine, tenant: TenantId): TenantStore['counters'] {
  const { read, change, put } = access(engine, 'counter')
  return {
    async hit(key, windowSeconds, now) {
      if (!Number.isSafeInteger(windowSeconds)) throw new StoreInvalid('counter', 'has a broken window')
      const [row] = await put<Row>(
        sql`insert into counter (tenant_id, name, hits, ends_at) values (${tenant}, ${key}, 1, ${now + windowSeconds})
          on conflict (tenant_id, name) do update set
            hits = case when counter.ends_at > ${now} then counter.hits + 1 else 1 end,
            ends_at = case when counter.ends_at > ${now} then counter.ends_at else excluded.ends_at end
          returning hits`,
      )
      return row?.hits ?? 0
    },
    async read(key, now) {
      const [row] = await read<Row>(
        sql`select hits from counter where tenant_id = ${tenant} and name = ${key} and ends_at > ${now}`,
      )
      return row?.hits ?? 0
    },
    async giveBack(key, now) {
      await change(
        sql`update counter set hits = hits - 1
          where tenant_id = ${tenant} and name = ${key} and hits > 0 and ends_at > ${now}`,
      )
    },
    async reset(key) {
      await change(sql`delete from counter where tenant_id = ${tenant} and name = ${key}`)
    },
  }
}
