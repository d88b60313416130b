// Owns the choice of an engine. `stores/` keeps every noun in SQLite or PostgreSQL; it knows no protocol and no HTTP.
import type { Store } from '../domain/store.ts'
import { cached } from './cached.ts'
import { openPostgres } from './postgres/postgres.ts'
import { openSqlite } from './sqlite/sqlite.ts'

/** The part of the configuration that names a store. */
export interface StoreSettings {
  readonly store:
    | { readonly engine: 'sqlite'; readonly sqlite: { readonly file: string } }
    | { readonly engine: 'postgres'; readonly postgres: { readonly url: string; readonly poolSize: number } }
}

/** Opens the configured engine behind a cache. Throws `StoreUnavailable` when a file cannot be opened. */
export function openStore({ store }: StoreSettings): Store {
  switch (store.engine) {
    case 'sqlite':
      return cached(openSqlite(store.sqlite))
    case 'postgres':
      return cached(openPostgres(store.postgres))
    default:
      return store satisfies never
  }
}
