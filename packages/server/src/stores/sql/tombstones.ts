import { familyOfDeletedUserKind } from '../../domain/refresh-token.ts'
import { type Query, sql } from './query.ts'

/** How long a family that never ends is remembered after it began, in seconds. */
const endlessSeconds = 10 * 365 * 86_400

/**
 * Remembers refresh token families that go with their users, until they would have ended: whoever still holds a token learns
 * why it is worth nothing. `whose`: a condition on the families. To be run before the users are deleted; without its own
 * transaction, because what it leaves counts only where a family is gone.
 */
export function rememberFamilies(whose: Query): Query {
  return sql`insert into artifact (tenant_id, kind, hash, body, expires_at)
    select tenant_id, ${familyOfDeletedUserKind} || client_id, selector, 'true',
      coalesce(ends_at, created_at + ${endlessSeconds})
    from refresh_token where ${whose}
    on conflict (tenant_id, kind, hash) do nothing`
}
