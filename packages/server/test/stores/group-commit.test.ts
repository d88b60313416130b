import assert from 'node:assert/strict'
import { statSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { artifactKind } from '../../src/domain/artifact.ts'
import { hashed } from '../../src/domain/secrets.ts'
import { StoreConflict, StoreUnavailable, type TenantStore } from '../../src/domain/store.ts'
import { GroupCommit } from '../../src/stores/sqlite/group-commit.ts'
import { openSqlite } from '../../src/stores/sqlite/sqlite.ts'
import { aClient, aTenant, id, NOW } from './nouns.ts'
import { temporaryDirectory } from './temporary-directory.ts'

const code = artifactKind<string>('code')

function put({ artifacts }: TenantStore, name: string): Promise<void> {
  return artifacts.put(code, hashed(name), { body: name, expiresAt: NOW + 60 }, NOW)
}

async function openFile(file: string, patienceMs?: number) {
  const store = openSqlite({ file, ...(patienceMs !== undefined && { patienceMs }) })
  await store.migrate()
  await store.tenants.create(aTenant())
  return { store, tenant: store.forTenant(aTenant().id) }
}

test('writes of one turn are one commit: the log grows once for all of them', async () => {
  using directory = temporaryDirectory()
  const { store, tenant } = await openFile(directory.file)
  const logBytes = () => statSync(`${directory.file}-wal`).size
  const before = logBytes()
  await Promise.all(Array.from({ length: 100 }, (_, index) => put(tenant, `together ${index}`)))
  const together = logBytes() - before
  for (let index = 0; index < 100; index++) await put(tenant, `alone ${index}`)
  const alone = logBytes() - before - together
  assert.ok(together > 0)
  assert.ok(together * 5 < alone, `${together} bytes together, ${alone} bytes alone`)
  await store.close()
})

test('more writes than a batch holds are all made', async () => {
  const store = openSqlite()
  await store.migrate()
  const { counters } = store.forTenant(id('tenant'))
  const hits = await Promise.all(Array.from({ length: 1000 }, () => counters.hit('key', 60, NOW)))
  assert.equal(new Set(hits).size, 1000)
  await store.close()
})

test('a refused write rejects its caller alone', async () => {
  const store = openSqlite()
  await store.migrate()
  await store.tenants.create(aTenant())
  const { clients } = store.forTenant(aTenant().id)
  const [first, clash, last] = await Promise.allSettled([
    clients.create(aClient()),
    clients.create(aClient()),
    clients.create(aClient({ id: id('other') })),
  ])
  assert.equal(first.status, 'fulfilled')
  assert.ok(clash.status === 'rejected' && clash.reason instanceof StoreConflict)
  assert.equal(last.status, 'fulfilled')
  assert.equal((await clients.list({ limit: 10 })).items.length, 2)
  await store.close()
})

test('a failing commit rejects the whole batch as StoreUnavailable, keeps nothing, and the next one works', async () => {
  const database = new DatabaseSync(':memory:')
  database.exec(`create table parent (id text primary key);
    create table child (id text, parent text references parent (id) deferrable initially deferred)`)
  const commits = new GroupCommit(database, 100)
  const insert = (name: string, parent: string | null) =>
    commits.add(() => database.prepare('insert into child (id, parent) values (?, ?)').run(name, parent))
  // The missing parent is noticed by the commit, not by the statement.
  const results = await Promise.allSettled([insert('a', null), insert('b', 'missing'), insert('c', null)])
  for (const result of results) {
    assert.ok(result.status === 'rejected' && result.reason instanceof StoreUnavailable)
  }
  await insert('d', null)
  assert.deepEqual(
    database
      .prepare('select id from child')
      .all()
      .map(({ id }) => id),
    ['d'],
  )
  database.close()
})

test('a statement that ends the transaction rejects the whole batch, and no later one runs outside of it', async () => {
  const database = new DatabaseSync(':memory:')
  database.exec(`create table noun (id text primary key); insert into noun values ('taken')`)
  const commits = new GroupCommit(database, 100)
  // As a full disk does.
  const insert = (name: string) =>
    commits.add(() => database.prepare('insert or rollback into noun (id) values (?)').run(name))
  const results = await Promise.allSettled([insert('a'), insert('taken'), insert('c')])
  for (const result of results) {
    assert.ok(result.status === 'rejected' && result.reason instanceof StoreUnavailable)
  }
  await insert('d')
  const rows = database.prepare('select id from noun order by id').all()
  assert.deepEqual(
    rows.map(({ id }) => id),
    ['d', 'taken'],
  )
  database.close()
})

test('a read sees a write from its answer on, and nothing before', async () => {
  const store = openSqlite()
  await store.migrate()
  const tenant = store.forTenant(id('tenant'))
  const writing = put(tenant, 'code')
  assert.equal(await tenant.artifacts.peek(code, hashed('code'), NOW), undefined)
  await writing
  assert.equal(await tenant.artifacts.peek(code, hashed('code'), NOW), 'code')
  await store.close()
})

test('close waits for the writes that were begun', async () => {
  using directory = temporaryDirectory()
  const { store, tenant } = await openFile(directory.file)
  const writing = put(tenant, 'code')
  await store.close()
  await writing
  const { store: again, tenant: same } = await reopen(directory.file)
  assert.equal(await same.artifacts.peek(code, hashed('code'), NOW), 'code')
  await again.close()
})

test('a write waits for the lock of another process, and reads do not', async () => {
  using directory = temporaryDirectory()
  const { store, tenant } = await openFile(directory.file)
  const other = new DatabaseSync(directory.file)
  other.exec('begin immediate')
  const writing = put(tenant, 'code')
  assert.equal(await tenant.counters.read('key', NOW), 0)
  assert.equal(await Promise.race([writing.then(() => 'written'), turns(20)]), 'waiting')
  other.exec('commit')
  await writing
  other.close()
  await store.close()
})

test('a lock that is not released is StoreUnavailable after the patience, and writes go on after it', async () => {
  using directory = temporaryDirectory()
  const { store, tenant } = await openFile(directory.file, 40)
  const other = new DatabaseSync(directory.file)
  other.exec('begin immediate')
  await assert.rejects(put(tenant, 'code'), StoreUnavailable)
  other.exec('rollback')
  await put(tenant, 'code')
  other.close()
  await store.close()
})

async function reopen(file: string) {
  const store = openSqlite({ file })
  return { store, tenant: store.forTenant(aTenant().id) }
}

async function turns(count: number): Promise<'waiting'> {
  for (let turn = 0; turn < count; turn++) await new Promise(setImmediate)
  return 'waiting'
}
