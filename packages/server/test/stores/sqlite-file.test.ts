import assert from 'node:assert/strict'
import { readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { artifactKind } from '../../src/domain/artifact.ts'
import { hashed } from '../../src/domain/secrets.ts'
import { StoreUnavailable } from '../../src/domain/store.ts'
import { openSqlite } from '../../src/stores/sqlite/sqlite.ts'
import { anotherProcess } from './another-process.ts'
import { aClient, aTenant, NOW } from './nouns.ts'
import { temporaryDirectory } from './temporary-directory.ts'

const code = artifactKind<string>('code')
const tenantId = aTenant().id

test('database, log and index are readable by their owner only', async () => {
  using directory = temporaryDirectory()
  const store = openSqlite({ file: directory.file })
  await store.migrate()
  await store.tenants.create(aTenant())
  const modes = readdirSync(directory.path).map((name) => [
    name,
    (statSync(join(directory.path, name)).mode & 0o777).toString(8),
  ])
  assert.deepEqual(modes, [
    ['valetkey.db', '600'],
    ['valetkey.db-shm', '600'],
    ['valetkey.db-wal', '600'],
  ])
  await store.close()
})

test('what was stored is there when the file is opened again', async () => {
  using directory = temporaryDirectory()
  const first = openSqlite({ file: directory.file })
  await first.migrate()
  await first.tenants.create(aTenant())
  await first.forTenant(tenantId).clients.create(aClient())
  await first.close()
  const second = openSqlite({ file: directory.file })
  assert.deepEqual(await second.migrate(), [])
  assert.deepEqual(await second.forTenant(tenantId).clients.find(aClient().id), aClient())
  await second.close()
})

test('a missing directory is StoreUnavailable', () => {
  using directory = temporaryDirectory()
  assert.throws(() => openSqlite({ file: join(directory.path, 'missing', 'valetkey.db') }), StoreUnavailable)
})

test('a file that is no database is StoreUnavailable and stays as it is', () => {
  using directory = temporaryDirectory()
  writeFileSync(directory.file, 'no database'.repeat(100))
  assert.throws(() => openSqlite({ file: directory.file }), StoreUnavailable)
  assert.equal(statSync(directory.file).size, 1100)
})

test('a closed store is StoreUnavailable to every verb, and closing it again does nothing', async () => {
  const store = openSqlite()
  await store.migrate()
  const { clients, artifacts } = store.forTenant(tenantId)
  await clients.find(aClient().id)
  await store.close()
  await store.close()
  await assert.rejects(clients.find(aClient().id), StoreUnavailable)
  await assert.rejects(clients.create(aClient()), StoreUnavailable)
  await assert.rejects(artifacts.redeem(code, hashed('code'), NOW), StoreUnavailable)
  await assert.rejects(store.migrate(), StoreUnavailable)
  await assert.rejects(store.removeExpired(NOW, 1), StoreUnavailable)
  await assert.rejects(store.changeVersion(tenantId), StoreUnavailable)
})

test('RFC 6749 §4.1.2: of several processes one redeems a code', async () => {
  using directory = temporaryDirectory()
  const store = openSqlite({ file: directory.file })
  await store.migrate()
  const { artifacts, counters } = store.forTenant(tenantId)
  const names = Array.from({ length: 60 }, (_, index) => `code ${index}`)
  await Promise.all(
    names.map((name) => artifacts.put(code, hashed(name), { body: name, expiresAt: NOW + 60 }, NOW)),
  )
  const answers = await Promise.all([1, 2, 3].map(() => anotherProcess('redeem', directory.file)))
  const kinds = answers.flat()
  assert.equal(kinds.filter((kind) => kind === 'first').length, 60)
  assert.equal(kinds.filter((kind) => kind === 'replayed').length, 120)
  assert.equal(await counters.read('redemptions', NOW), 180)
  await store.close()
})

test('of several processes that start at once one migrates, and all work', async () => {
  using directory = temporaryDirectory()
  const answers = await Promise.all([1, 2, 3].map(() => anotherProcess('migrate', directory.file)))
  assert.deepEqual(answers.flat(), [
    '0001-foundation',
    '0002-revocation',
    '0003-session-clients',
    '0004-roles',
    '0005-artifact-layout',
    '0006-given-access',
    '0007-unused-clients',
  ])
})

test('an acknowledged write survives its process being killed', async () => {
  using directory = temporaryDirectory()
  assert.deepEqual(await anotherProcess('write-and-die', directory.file), ['written'])
  const store = openSqlite({ file: directory.file })
  assert.deepEqual(await store.tenants.find(tenantId), aTenant())
  await store.close()
})
