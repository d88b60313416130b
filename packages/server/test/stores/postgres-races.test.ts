import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import pg from 'pg'
import { artifactKind } from '../../src/domain/artifact.ts'
import { hashed } from '../../src/domain/secrets.ts'
import { openPostgres } from '../../src/stores/postgres/postgres.ts'
import { type FreshDatabase, freshDatabase } from '../support/postgres.ts'
import { aTenant, NOW } from './nouns.ts'

const code = artifactKind<string>('code')
const hash = hashed('code')

let database: FreshDatabase

before(async () => {
  database = await freshDatabase()
  const store = openPostgres({ url: database.url })
  await store.migrate()
  await store.close()
})
after(() => database.drop())

// Another caller's transaction, held open at the worst moment: what our statement saw is changed before it acts.
async function scene() {
  const store = openPostgres({ url: database.url })
  const { artifacts } = store.forTenant(aTenant().id)
  await artifacts.take(code, hash, 0)
  await artifacts.put(code, hash, { body: 'first', expiresAt: NOW }, NOW - 60)
  const other = new pg.Client({ connectionString: database.url })
  await other.connect()
  await other.query('begin')
  return {
    store,
    artifacts,
    other,
    async [Symbol.asyncDispose]() {
      await other.end()
      await store.close()
    },
  }
}

async function untilSomeoneWaits(client: pg.Client): Promise<void> {
  const waiting = `select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`
  while ((await client.query(waiting)).rowCount === 0) {
    // A transaction sees the activity of its first look until it asks for a new one.
    await client.query('select pg_stat_clear_snapshot()')
  }
}

test('removeExpired spares an artifact that is put again while it looks', async () => {
  await using given = await scene()
  const { store, artifacts, other } = given
  await other.query(`update artifact set body = '"second"', expires_at = ${NOW + 60}`)
  const removing = store.removeExpired(NOW, 10)
  await untilSomeoneWaits(other)
  await other.query('commit')
  assert.equal(await removing, 0)
  assert.equal(await artifacts.peek(code, hash, NOW), 'second')
})

test('RFC 6749 §4.1.2: a redemption that waited for another one is a replay', async () => {
  await using given = await scene()
  const { artifacts, other } = given
  await other.query(`update artifact set used_at = ${NOW - 30}`)
  const redeeming = artifacts.redeem(code, hash, NOW - 30)
  await untilSomeoneWaits(other)
  await other.query('commit')
  assert.deepEqual(await redeeming, { kind: 'replayed', body: 'first' })
})

test('RFC 6749 §4.1.2: a redemption that waited for one that was undone is the first', async () => {
  await using given = await scene()
  const { artifacts, other } = given
  await other.query(`update artifact set used_at = ${NOW - 30}`)
  const redeeming = artifacts.redeem(code, hash, NOW - 30)
  await untilSomeoneWaits(other)
  await other.query('rollback')
  assert.deepEqual(await redeeming, { kind: 'first', body: 'first' })
})

test('put waits for a removal and then takes its place', async () => {
  await using given = await scene()
  const { artifacts, other } = given
  await other.query('delete from artifact')
  const putting = artifacts.put(code, hash, { body: 'second', expiresAt: NOW + 60 }, NOW - 30)
  await untilSomeoneWaits(other)
  await other.query('commit')
  await putting
  assert.equal(await artifacts.peek(code, hash, NOW), 'second')
})
