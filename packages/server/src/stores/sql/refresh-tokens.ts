import type { TenantId } from '../../domain/ids.ts'
import type { RefreshToken } from '../../domain/refresh-token.ts'
import { type RefreshTokens, type Rotated, type Rotation, StoreInvalid } from '../../domain/store.ts'
import { access } from './access.ts'
import type { Engine } from './engine.ts'
import { pageOf, rowsToRead } from './page.ts'
import { type Query, sql } from './query.ts'
import {
  assignIdleEnd,
  decodeRefreshToken as decode,
  insertRefreshToken,
  type RefreshTokenRow as Row,
  refreshTokenColumns,
} from './refresh-token-row.ts'
import { isStorableText } from './text.ts'

/** Where an earlier version left more than that, the next logins remove the rest. */
const removedAtOnce = 100

/** The refresh token families of a tenant: one row each, however often it rotates. */
export function refreshTokens(engine: Engine, tenant: TenantId): RefreshTokens {
  const { read, change, put } = access(engine, 'refresh token')

  async function find(selector: string, now: number): Promise<RefreshToken | undefined> {
    const [row] = await read<Row>(
      sql`select ${refreshTokenColumns} from refresh_token
        where tenant_id = ${tenant} and selector = ${selector} and ${living(now)}`,
    )
    return row && decode(row)
  }

  async function rotate(rotation: Rotation): Promise<Rotated> {
    const { selector, presented, successor, now, leewaySeconds, idleExpiresAt } = rotation
    if (!isStorableText(successor))
      throw new StoreInvalid('refresh token', 'has a successor that no row can hold')
    // RFC 9700 §4.14.2: of the requests that present one token, one may get its successor. Comparing and moving on is
    // one statement, so that a second request, on whatever node, finds the family already moved.
    const [row] = await change<Row>(
      sql`update refresh_token
        set previous_hash = current_hash, current_hash = ${successor}, rotated_at = ${now}, ${assignIdleEnd(idleExpiresAt)}
        where tenant_id = ${tenant} and selector = ${selector} and current_hash = ${presented} and ${living(now)}
        returning ${refreshTokenColumns}`,
    )
    if (row) return { kind: 'rotated', token: decode(row) }
    const token = await find(selector, now)
    if (!token) return { kind: 'missing' }
    const isRepeat =
      token.previous === presented &&
      token.current === successor &&
      token.rotatedAt !== undefined &&
      token.rotatedAt + leewaySeconds > now
    return { kind: isRepeat ? 'repeated' : 'reused', token }
  }

  return {
    async create(token) {
      await put(sql`insert into refresh_token ${insertRefreshToken(tenant, token)}`)
    },
    find,
    rotate,
    async use(selector, presented, now, idleExpiresAt) {
      if (idleExpiresAt === undefined) {
        const token = await find(selector, now)
        // Nothing to move: such a token costs no write however often it is used.
        if (token?.idleExpiresAt === undefined) return token?.current === presented ? token : undefined
      }
      const [row] = await change<Row>(
        sql`update refresh_token set ${assignIdleEnd(idleExpiresAt)}
          where tenant_id = ${tenant} and selector = ${selector} and current_hash = ${presented} and ${living(now)}
          returning ${refreshTokenColumns}`,
      )
      return row && decode(row)
    },
    async list(userId, page, now) {
      const found = await read<Row>(
        sql`select ${refreshTokenColumns} from refresh_token
          where tenant_id = ${tenant} and user_id = ${userId} and selector > ${page.after ?? ''} and ${living(now)}
          order by selector limit ${rowsToRead(page)}`,
      )
      return pageOf(found.map(decode), page, ({ selector }) => selector)
    },
    async keepNewest(userId, clientId, count, now) {
      const removed = await change(
        sql`delete from refresh_token where tenant_id = ${tenant} and selector in
          (select selector from refresh_token
            where tenant_id = ${tenant} and client_id = ${clientId} and user_id = ${userId}
            order by case when ${living(now)} then 0 else 1 end, created_at desc, selector
            limit ${removedAtOnce} offset ${count})
          returning selector`,
      )
      return removed.length
    },
    async deleteFor(userId, clientId) {
      const removed = await change(
        sql`delete from refresh_token
          where tenant_id = ${tenant} and user_id = ${userId} and client_id = ${clientId} returning selector`,
      )
      return removed.length
    },
  }
}

// RFC 6749 §10.5: what a revoked grant gave is dead from that moment, also a family whose row is written after it.
function living(now: number): Query {
  return sql`(ends_at is null or ends_at > ${now}) and not exists (select 1 from grant_revocation
    where grant_revocation.tenant_id = refresh_token.tenant_id and grant_revocation.grant_id = refresh_token.grant_id)`
}
