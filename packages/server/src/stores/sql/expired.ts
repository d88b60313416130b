import type { EpochSeconds } from '../../domain/ids.ts'
import { access } from './access.ts'
import type { Engine } from './engine.ts'
import { type Query, sql } from './query.ts'

/** Removes at most `limit` rows that ended at or before `now`, a bounded batch per table, and answers how many. */
export async function removeExpired(engine: Engine, now: EpochSeconds, limit: number): Promise<number> {
  const { change } = access(engine, 'expired row')
  let removed = 0
  for (const remove of removals(now)) {
    if (removed >= limit) break
    removed += (await change(remove(limit - removed))).length
  }
  return removed
}

// The end is asked for twice: a row that another caller brings back to life between the two is spared.
function removals(now: EpochSeconds): readonly ((limit: number) => Query)[] {
  return [
    (limit) => sql`delete from artifact where expires_at <= ${now} and (tenant_id, kind, hash) in
      (select tenant_id, kind, hash from artifact where expires_at <= ${now} order by expires_at limit ${limit})
      returning kind`,
    (limit) => sql`delete from session where idle_expires_at <= ${now} and (tenant_id, hash) in
      (select tenant_id, hash from session where idle_expires_at <= ${now} order by idle_expires_at limit ${limit})
      returning id`,
    (limit) => sql`delete from refresh_token where ends_at <= ${now} and (tenant_id, selector) in
      (select tenant_id, selector from refresh_token where ends_at <= ${now} order by ends_at limit ${limit})
      returning selector`,
    (limit) => sql`delete from given_access where ends_at <= ${now} and (tenant_id, user_id, id) in
      (select tenant_id, user_id, id from given_access where ends_at <= ${now} order by ends_at limit ${limit})
      returning id`,
    (limit) => sql`delete from counter where ends_at <= ${now} and (tenant_id, name) in
      (select tenant_id, name from counter where ends_at <= ${now} order by ends_at limit ${limit})
      returning name`,
    (limit) => sql`delete from client where unused_until <= ${now} and (tenant_id, id) in
      (select tenant_id, id from client where unused_until <= ${now} order by unused_until limit ${limit})
      returning id`,
    // What a revoked grant gave goes first: were its mark removed before, a family that never ends would live again.
    (limit) => sql`delete from refresh_token where (tenant_id, selector) in
      (select refresh_token.tenant_id, refresh_token.selector from grant_revocation join refresh_token
        on refresh_token.tenant_id = grant_revocation.tenant_id and refresh_token.grant_id = grant_revocation.grant_id
        where grant_revocation.expires_at <= ${now} limit ${limit})
      returning selector`,
    (limit) => sql`delete from grant_revocation where expires_at <= ${now} and (tenant_id, grant_id) in
      (select tenant_id, grant_id from grant_revocation
        where expires_at <= ${now} and not exists (select 1 from refresh_token
          where refresh_token.tenant_id = grant_revocation.tenant_id and refresh_token.grant_id = grant_revocation.grant_id)
        order by expires_at limit ${limit})
      returning grant_id`,
  ]
}
