import type { Query } from './query.ts'

/**
 * What a database has to offer. Each query is one statement. Rejects with `StoreUnavailable` only, and a write also with
 * `StoreConflict` or `StoreInvalid` about `what`. A write's promise resolves when the change is durable.
 */
export interface Engine {
  read<Row>(query: Query): Promise<readonly Row[]>
  write<Row>(query: Query, what: string): Promise<readonly Row[]>
}
