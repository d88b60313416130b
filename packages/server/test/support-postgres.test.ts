import assert from 'node:assert/strict'
import { test } from 'node:test'
import pg from 'pg'
import { freshDatabase, startPostgres } from './support/postgres.ts'

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => undefined)
  await client.connect()
  return client
}

test('a fresh database is empty, isolated from its siblings and dropped with its connections', async () => {
  const one = await freshDatabase()
  const other = await freshDatabase()
  const client = await connect(one.url)
  await client.query('create table noun (id text)')

  const sibling = await connect(other.url)
  const tables = await sibling.query(`select 1 from information_schema.tables where table_schema = 'public'`)
  assert.equal(tables.rowCount, 0)
  await sibling.end()

  await one.drop()
  await other.drop()
  await assert.rejects(connect(one.url))
})

test('a dedicated server keeps through a crash what it has committed, and is gone when stopped', async () => {
  const server = await startPostgres()
  const before = await connect(server.url)
  await before.query('create table noun (id integer)')
  await before.query('insert into noun values (1)')
  await server.crash()
  await assert.rejects(connect(server.url))

  await server.restart()
  const after = await connect(server.url)
  assert.deepEqual((await after.query('select id from noun')).rows, [{ id: 1 }])
  const settings = await after.query(
    `select current_setting('fsync') || current_setting('synchronous_commit') as s`,
  )
  assert.deepEqual(settings.rows, [{ s: 'onon' }])
  await after.end()

  await server.stop()
  await assert.rejects(connect(server.url))
})
