import type { ArtifactKind, Redeemed } from '../../domain/artifact.ts'
import type { EpochSeconds, TenantId } from '../../domain/ids.ts'
import type { Hashed } from '../../domain/secrets.ts'
import { type Artifacts, type PageRequest, StoreConflict } from '../../domain/store.ts'
import { access } from './access.ts'
import { decoded, document } from './document.ts'
import type { Engine } from './engine.ts'
import { pageOf, rowsToRead } from './page.ts'
import { sql } from './query.ts'

interface Row {
  readonly body: string
}

interface ListedRow extends Row {
  readonly hash: Hashed
}

interface UsedRow extends Row {
  readonly used_at: EpochSeconds | null
}

/** The short-lived protocol state of a tenant. */
export function artifacts(engine: Engine, tenant: TenantId): Artifacts {
  const { read, change, put } = access(engine, 'artifact')
  const living = (kind: string, hash: Hashed, now: EpochSeconds) =>
    sql`tenant_id = ${tenant} and kind = ${kind} and hash = ${hash} and expires_at > ${now}`

  async function redeem<Body>({ name }: ArtifactKind<Body>, hash: Hashed, now: EpochSeconds) {
    // RFC 6749 §4.1.2: a code works once. Looking and marking are one statement, so that of two racing requests, on
    // whatever nodes, one is first. The row stays: a replay must be seen, to revoke what the first use got (§10.5).
    const [first] = await change<Row>(
      sql`update artifact set used_at = ${now} where ${living(name, hash, now)} and used_at is null returning body`,
    )
    if (first) return { kind: 'first', body: decoded<Body>(first.body) } satisfies Redeemed<Body>
    const [used] = await read<UsedRow>(
      sql`select body, used_at from artifact where ${living(name, hash, now)}`,
    )
    // An unused row was put after our update looked: it was missing then.
    if (!used || used.used_at === null) return { kind: 'missing' } satisfies Redeemed<Body>
    return { kind: 'replayed', body: decoded<Body>(used.body) } satisfies Redeemed<Body>
  }

  return {
    redeem,
    async put({ name }, hash, { body, expiresAt }, now) {
      const stored = await put(
        sql`insert into artifact (tenant_id, kind, hash, body, expires_at)
          values (${tenant}, ${name}, ${hash}, ${document(body)}, ${expiresAt})
          on conflict (tenant_id, kind, hash)
            do update set body = excluded.body, expires_at = excluded.expires_at, used_at = null
            where artifact.expires_at <= ${now}
          returning kind`,
      )
      if (stored.length === 0) throw new StoreConflict('artifact')
    },
    async peek<Body>({ name }: ArtifactKind<Body>, hash: Hashed, now: EpochSeconds) {
      const [row] = await read<Row>(sql`select body from artifact where ${living(name, hash, now)}`)
      return row && decoded<Body>(row.body)
    },
    async list<Body>({ name }: ArtifactKind<Body>, page: PageRequest, now: EpochSeconds) {
      const found = await read<ListedRow>(
        sql`select hash, body from artifact
          where tenant_id = ${tenant} and kind = ${name} and hash > ${page.after ?? ''} and expires_at > ${now}
          order by hash limit ${rowsToRead(page)}`,
      )
      const listed = found.map(({ hash, body }) => ({ hash, body: decoded<Body>(body) }))
      return pageOf(listed, page, ({ hash }) => hash)
    },
    async replace({ name }, hash, body, now) {
      const replaced = await change(
        sql`update artifact set body = ${document(body)} where ${living(name, hash, now)} returning kind`,
      )
      return replaced.length > 0
    },
    async take<Body>({ name }: ArtifactKind<Body>, hash: Hashed, now: EpochSeconds) {
      const [row] = await change<Row>(
        sql`delete from artifact where ${living(name, hash, now)} returning body`,
      )
      return row && decoded<Body>(row.body)
    },
  }
}
