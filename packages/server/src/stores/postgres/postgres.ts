// Owns the scale-out engine: PostgreSQL through a pool. Knows the driver and its errors, and no noun.
import { createHash } from 'node:crypto'
import pg from 'pg'
import { StoreInvalid, StoreUnavailable } from '../../domain/store.ts'
import type { Engine } from '../sql/engine.ts'
import type { Query } from '../sql/query.ts'
import { statements } from '../sql/statements.ts'
import { type SqlStore, sqlStore } from '../sql/store.ts'
import { failure } from './failure.ts'
import { migrate } from './migrate.ts'

export interface PostgresOptions {
  /** Connection string: `postgres://user:password@host:port/database`. */
  readonly url: string
  /** The most connections of this process. */
  readonly poolSize?: number
}

const POOL_SIZE = 10
/** How long to wait for a connection, so that an overload is answered and not queued. */
const CONNECT_LIMIT_MS = 5000
/** The server gives a statement up … */
const STATEMENT_LIMIT_MS = 10_000
/** … and we a server that does not even do that. */
const ANSWER_LIMIT_MS = 15_000

/** Opens the scale-out engine. Connects when first asked, and again after the server was away. */
export function openPostgres({ url, poolSize = POOL_SIZE }: PostgresOptions): SqlStore {
  const pool = new pg.Pool({
    connectionString: url,
    max: poolSize,
    connectionTimeoutMillis: CONNECT_LIMIT_MS,
    statement_timeout: STATEMENT_LIMIT_MS,
    query_timeout: ANSWER_LIMIT_MS,
    keepAlive: true,
    application_name: 'valetkey',
    types: { getTypeParser },
  })
  // An idle connection that dies leaves the pool by itself; without a listener its error would end the process.
  pool.on('error', () => undefined)
  const prepared = statements((position) => `$${position}`, named)
  const running = new Set<Promise<unknown>>()
  let closing: Promise<void> | undefined

  async function ask<Row extends pg.QueryResultRow>(query: Query): Promise<readonly Row[]> {
    if (closing) throw new Error('the store is closed')
    const answer = pool.query<Row>({ ...prepared(query), values: [...query.values] })
    running.add(answer)
    try {
      return (await answer).rows
    } finally {
      running.delete(answer)
    }
  }

  async function close(): Promise<void> {
    // A pool that ends forgets who still waits for a connection.
    await Promise.allSettled(running)
    await pool.end()
  }

  const engine: Engine = {
    read: (query) => ask<never>(query).catch(failed('row')),
    write: (query, what) => ask<never>(query).catch(failed(what)),
  }
  return sqlStore(engine, {
    migrate: () => migrate(pool).catch(unavailableUnlessInvalid),
    close() {
      closing ??= close()
      return closing
    },
  })
}

// Named after its text, so that a proxy which shares connections between processes never mixes two statements up.
function named(text: string): { readonly name: string; readonly text: string } {
  return { name: `valetkey_${createHash('sha256').update(text).digest('hex').slice(0, 32)}`, text }
}

const getTypeParser: pg.CustomTypesConfig['getTypeParser'] = (type, format) =>
  // Every integer of ours is a safe one; the driver would read 64 bits as text.
  type === pg.types.builtins.INT8 ? Number : pg.types.getTypeParser(type, format)

function failed(what: string) {
  return (error: unknown): never => {
    throw failure(error, what)
  }
}

function unavailableUnlessInvalid(error: unknown): never {
  throw error instanceof StoreInvalid ? error : new StoreUnavailable(error)
}
