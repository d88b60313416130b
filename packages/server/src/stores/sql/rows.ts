import type { Page, PageRequest, Rows, Updated } from '../../domain/store.ts'
import { access } from './access.ts'
import type { Engine } from './engine.ts'
import { pageOf, rowsToRead } from './page.ts'
import { type Query, sql } from './query.ts'

/** How a noun lies in its table. Every such table has the columns `id` and `version`. */
export interface Noun<Value, Row> {
  /** Its name in errors. */
  readonly what: string
  readonly table: Query
  /** What `decode` reads. */
  readonly columns: Query
  /** Condition that keeps every statement inside the tenant. */
  readonly scope: Query
  /** Columns and values of a new row with version 1. */
  readonly insert: (value: Value) => Query
  /** Assignments of a change, except the version. */
  readonly assign: (value: Value) => Query
  readonly decode: (row: Row) => Value
}

type Versioned<Id> = { readonly id: Id; readonly version: number }

/** Builds the verbs that all editable nouns share. */
export function rows<Id extends string, Value extends Versioned<Id>, Row>(
  engine: Engine,
  noun: Noun<Value, Row>,
): Rows<Id, Value> {
  const { what, table, columns, scope, decode } = noun
  const { read, change, put } = access(engine, what)

  async function find(id: Id): Promise<Value | undefined> {
    const [row] = await read<Row>(sql`select ${columns} from ${table} where ${scope} and id = ${id}`)
    return row && decode(row)
  }

  async function create(value: Value): Promise<Value> {
    await put(sql`insert into ${table} ${noun.insert(value)}`)
    return { ...value, version: 1 }
  }

  async function list(page: PageRequest): Promise<Page<Value>> {
    const found = await read<Row>(
      sql`select ${columns} from ${table} where ${scope} and id > ${page.after ?? ''} order by id limit ${rowsToRead(page)}`,
    )
    return pageOf(found.map(decode), page, ({ id }) => id)
  }

  async function update(value: Value): Promise<Updated<Value>> {
    const [changed] = await put(
      sql`update ${table} set ${noun.assign(value)}, version = version + 1
        where ${scope} and id = ${value.id} and version = ${value.version} returning version`,
    )
    if (changed) return { kind: 'updated', value: { ...value, version: value.version + 1 } }
    return { kind: (await find(value.id)) ? 'conflict' : 'missing' }
  }

  async function remove(id: Id): Promise<boolean> {
    const removed = await change(sql`delete from ${table} where ${scope} and id = ${id} returning id`)
    return removed.length > 0
  }

  return { create, find, list, update, delete: remove }
}
