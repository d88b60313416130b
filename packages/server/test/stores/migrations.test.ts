import assert from 'node:assert/strict'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import pg from 'pg'
import { StoreInvalid } from '../../src/domain/store.ts'
import { openPostgres } from '../../src/stores/postgres/postgres.ts'
import { openSqlite } from '../../src/stores/sqlite/sqlite.ts'
import { freshDatabase } from '../support/postgres.ts'
import { aTenant } from './nouns.ts'
import { temporaryDirectory } from './temporary-directory.ts'

const all = [
  '0001-foundation',
  '0002-revocation',
  '0003-session-clients',
  '0004-roles',
  '0005-artifact-layout',
  '0006-given-access',
  '0007-unused-clients',
]
const changed = `update schema_migration set checksum = 'another' where name = '0001-foundation'`
const newer = `insert into schema_migration (name, checksum) values ('9999-from-the-future', 'unknown')`
const changedMessage =
  'database has another migration 0001-foundation than this version, so it cannot be used'
const newerMessage = 'database has migration 9999-from-the-future of a newer version, so start that version'

test('migrate answers what it applied, once', async () => {
  const store = openSqlite()
  assert.deepEqual(await store.migrate(), all)
  assert.deepEqual(await store.migrate(), [])
  await store.close()
})

test('SQLite: a database of a changed or newer migration is refused with one sentence and left alone', async () => {
  for (const [statement, message] of [
    [changed, changedMessage],
    [newer, newerMessage],
  ] as const) {
    using directory = temporaryDirectory()
    const store = openSqlite({ file: directory.file })
    await store.migrate()
    await store.tenants.create(aTenant())
    const database = new DatabaseSync(directory.file)
    database.exec(statement)
    database.close()
    await assert.rejects(store.migrate(), { name: 'StoreInvalid', message })
    assert.ok(await store.tenants.find(aTenant().id))
    await store.tenants.delete(aTenant().id)
    await store.close()
  }
})

test('PostgreSQL: of several processes that start at once one migrates', async () => {
  await using database = await freshDatabase()
  const stores = Array.from({ length: 4 }, () => openPostgres({ url: database.url, poolSize: 2 }))
  const applied = await Promise.all(stores.map((store) => store.migrate()))
  assert.deepEqual(applied.flat(), all)
  await Promise.all(stores.map((store) => store.close()))
})

test('PostgreSQL: a database of a changed or newer migration is refused with one sentence', async () => {
  await using database = await freshDatabase()
  const store = openPostgres({ url: database.url })
  await store.migrate()
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  await client.query(newer)
  await assert.rejects(store.migrate(), new StoreInvalid('database', newerMessage.slice('database '.length)))
  await client.query(`delete from schema_migration where name like '9999%'`)
  await client.query(changed)
  await assert.rejects(store.migrate(), { name: 'StoreInvalid', message: changedMessage })
  await client.end()
  await store.close()
})
