import type { ClientId, EpochSeconds, GrantId, TenantId, UserId } from '../../domain/ids.ts'
import type { RefreshToken } from '../../domain/refresh-token.ts'
import type { Hashed } from '../../domain/secrets.ts'
import { decoded, document } from './document.ts'
import { type Query, sql } from './query.ts'

export interface RefreshTokenRow {
  readonly selector: Hashed
  readonly current_hash: Hashed
  readonly previous_hash: Hashed | null
  readonly rotated_at: EpochSeconds | null
  readonly grant_id: GrantId
  readonly client_id: ClientId
  readonly user_id: UserId
  readonly body: string
  readonly authenticated_at: EpochSeconds
  readonly created_at: EpochSeconds
  readonly expires_at: EpochSeconds | null
  readonly idle_expires_at: EpochSeconds | null
}

type Body = Pick<RefreshToken, 'sessionId' | 'audience' | 'scope' | 'identity'>

/** What `decodeRefreshToken` reads. */
export const refreshTokenColumns = sql`selector, current_hash, previous_hash, rotated_at, grant_id, client_id, user_id,
  body, authenticated_at, created_at, expires_at, idle_expires_at`

/** Columns and values of a new family. `ends_at` is the earlier of its two ends: one index finds what is over. */
export function insertRefreshToken(tenant: TenantId, token: RefreshToken): Query {
  const { selector, current, previous, rotatedAt, grantId, clientId, userId } = token
  const { sessionId, audience, scope, identity, authenticatedAt, createdAt, expiresAt, idleExpiresAt } = token
  const body = document({ sessionId, audience, scope, identity })
  return sql`(tenant_id, selector, current_hash, previous_hash, rotated_at, grant_id, client_id, user_id, body,
      authenticated_at, created_at, expires_at, idle_expires_at, ends_at)
    values (${tenant}, ${selector}, ${current}, ${previous}, ${rotatedAt}, ${grantId}, ${clientId}, ${userId}, ${body},
      ${authenticatedAt}, ${createdAt}, ${expiresAt}, ${idleExpiresAt}, ${earlier(expiresAt, idleExpiresAt)})`
}

/** Assignments that move the idle end. */
export function assignIdleEnd(idleExpiresAt: EpochSeconds | undefined): Query {
  if (idleExpiresAt === undefined) return sql`idle_expires_at = null, ends_at = expires_at`
  return sql`idle_expires_at = ${idleExpiresAt},
    ends_at = case when expires_at <= ${idleExpiresAt} then expires_at else ${idleExpiresAt} end`
}

export function decodeRefreshToken(row: RefreshTokenRow): RefreshToken {
  return {
    ...decoded<Body>(row.body),
    selector: row.selector,
    current: row.current_hash,
    ...(row.previous_hash !== null && { previous: row.previous_hash }),
    ...(row.rotated_at !== null && { rotatedAt: row.rotated_at }),
    grantId: row.grant_id,
    clientId: row.client_id,
    userId: row.user_id,
    authenticatedAt: row.authenticated_at,
    createdAt: row.created_at,
    ...(row.expires_at !== null && { expiresAt: row.expires_at }),
    ...(row.idle_expires_at !== null && { idleExpiresAt: row.idle_expires_at }),
  }
}

function earlier(left: number | undefined, right: number | undefined): number | undefined {
  if (left === undefined || right === undefined) return left ?? right
  return Math.min(left, right)
}
