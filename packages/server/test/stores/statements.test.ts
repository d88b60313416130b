import assert from 'node:assert/strict'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import pg from 'pg'
import type { Store } from '../../src/domain/store.ts'
import { openPostgres } from '../../src/stores/postgres/postgres.ts'
import { readMigrations } from '../../src/stores/sql/migrations.ts'
import { render } from '../../src/stores/sql/statements.ts'
import { sqlStore } from '../../src/stores/sql/store.ts'
import { matchesGolden } from '../support/golden.ts'
import { freshDatabase } from '../support/postgres.ts'
import { fill, inventory } from './contract/inventory.ts'
import { changes } from './contract/isolation.ts'
import { aClient, aConnection, aTenant, aUser, NOW } from './nouns.ts'

/** Every statement that the verbs send, in the order in which they are first sent. */
async function everyStatement(placeholder: (position: number) => string): Promise<readonly string[]> {
  const texts = new Set<string>()
  const record = async (query: Parameters<typeof render>[0]) => {
    texts.add(render(query, placeholder).replaceAll(/\s+/g, ' '))
    return []
  }
  const lifetime = { migrate: async () => [], close: async () => undefined }
  await callEveryVerb(sqlStore({ read: record, write: record }, lifetime))
  return [...texts]
}

async function callEveryVerb(store: ReturnType<typeof sqlStore>): Promise<void> {
  const tenant = store.forTenant(aTenant().id)
  await store.tenants.create(aTenant())
  await store.tenants.update(aTenant())
  await store.tenants.list({ limit: 1 })
  await store.tenants.delete(aTenant().id)
  await tenant.clients.create(aClient())
  await tenant.connections.create(aConnection())
  await tenant.users.create(aUser())
  // An engine that remembers nothing lets the first put look like a clash; the rest of `fill` follows below.
  await fill(tenant).catch(() => tenant.counters.hit('counter', 60, NOW))
  await inventory(tenant)
  for (const { change } of changes) await change(tenant).catch(() => undefined)
  await store.removeExpired(NOW, 10)
  await store.changeVersion(aTenant().id)
}

test('the statements that reach a database, for review', async () => {
  const statements = await everyStatement((position) => `$${position}`)
  matchesGolden('stores-sql.txt', `${statements.join('\n')}\n`)
})

test('SQLite: no statement walks through a table or a tenant', async () => {
  const database = new DatabaseSync(':memory:')
  database.exec(readMigration('sqlite'))
  const statements = await everyStatement(() => '?')
  assert.ok(statements.length > 60, `${statements.length} statements`)
  for (const statement of statements.filter((text) => !walksByDesign(text))) {
    const steps = database.prepare(`explain query plan ${statement}`).all()
    const plan = steps.map(({ detail }) => String(detail))
    const walks = plan.filter((step) => step.startsWith('SCAN ') || step.endsWith('(tenant_id=?)'))
    assert.deepEqual(walks, [], statement)
  }
  database.close()
})

test('PostgreSQL: an index serves every statement', async () => {
  await using fresh = await freshDatabase()
  const store: Store = openPostgres({ url: fresh.url })
  await store.migrate()
  await store.close()
  const client = new pg.Client({ connectionString: fresh.url })
  await client.connect()
  // Empty tables are cheapest to walk through; what is left without that has no index.
  await client.query('set enable_seqscan = off')
  for (const statement of await everyStatement((position) => `$${position}`)) {
    const { rows } = await client.query(`explain (generic_plan) ${statement}`)
    const plan = rows.map((row) => String(row['QUERY PLAN']))
    assert.ok(!plan.some((step) => step.includes('Seq Scan')), `${statement}\n${plan.join('\n')}`)
  }
  await client.end()
})

// All keys of a tenant are wanted, and all that it has goes with it.
function walksByDesign(statement: string): boolean {
  return /^select .* from signing_key |^(?:insert into|delete from) tenant |from tenant_change /.test(
    statement,
  )
}

function readMigration(engine: string): string {
  const folder = new URL(`../../src/stores/${engine}/migrations/`, import.meta.url)
  return readMigrations(folder)
    .map(({ text }) => text)
    .join('\n')
}
