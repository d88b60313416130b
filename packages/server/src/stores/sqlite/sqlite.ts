// Owns the embedded engine: one file, or memory, through node:sqlite. Knows SQLite's locks and errors, and no noun.
import { closeSync, openSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { StoreInvalid, StoreUnavailable } from '../../domain/store.ts'
import type { Engine } from '../sql/engine.ts'
import type { Query } from '../sql/query.ts'
import { statements } from '../sql/statements.ts'
import { type SqlStore, sqlStore } from '../sql/store.ts'
import { failure } from './failure.ts'
import { GroupCommit } from './group-commit.ts'
import { migrate } from './migrate.ts'
import { patiently } from './patience.ts'

export interface SqliteOptions {
  /** Path of the database file, in a directory that exists; absent keeps everything in memory. */
  readonly file?: string
  /** How long to wait for another process's lock before `StoreUnavailable`. */
  readonly patienceMs?: number
}

const PATIENCE_MS = 5000
/** How long SQLite itself may wait, blocking the event loop; the rest of the patience is spent without blocking. */
const BLOCKING_WAIT_MS = 5

/** Opens the embedded engine. A new file is readable by its owner only. Throws `StoreUnavailable`. */
export function openSqlite({ file, patienceMs = PATIENCE_MS }: SqliteOptions = {}): SqlStore {
  const database = openDatabase(file, patienceMs)
  const commits = new GroupCommit(database, patienceMs)
  const prepared = statements(
    () => '?',
    (text) => database.prepare(text),
  )
  // The columns that a query names are the members of the Row that it is read as.
  const run = <Row>(query: Query) => prepared(query).all(...query.values) as unknown as readonly Row[]
  const engine: Engine = {
    read: (query) => patiently(() => run<never>(query), patienceMs).catch(failed('row')),
    write: (query, what) => commits.add(() => run<never>(query)).catch(failed(what)),
  }
  return sqlStore(engine, {
    migrate: () => migrate(database).catch(unavailableUnlessInvalid),
    async close() {
      await commits.idle()
      if (database.isOpen) database.close()
    },
  })
}

function openDatabase(file: string | undefined, patienceMs: number): DatabaseSync {
  try {
    // Made before SQLite does, which would make it readable by others; its log and index files copy the mode.
    if (file !== undefined) closeSync(openSync(file, 'a', 0o600))
    const database = new DatabaseSync(file ?? ':memory:', {
      timeout: patienceMs,
      enableForeignKeyConstraints: true,
      enableDoubleQuotedStringLiterals: false,
      allowExtension: false,
    })
    database.exec(`
      pragma journal_mode = wal;
      pragma synchronous = full;
      pragma trusted_schema = off;
      pragma temp_store = memory;
      pragma cache_size = -32768;
      pragma wal_autocheckpoint = 4000;
      pragma busy_timeout = ${BLOCKING_WAIT_MS}`)
    return database
  } catch (error) {
    throw new StoreUnavailable(error)
  }
}

function failed(what: string) {
  return (error: unknown): never => {
    throw failure(error, what)
  }
}

function unavailableUnlessInvalid(error: unknown): never {
  throw error instanceof StoreInvalid ? error : new StoreUnavailable(error)
}
