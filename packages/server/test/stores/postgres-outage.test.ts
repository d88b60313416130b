import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import pg from 'pg'
import { artifactKind } from '../../src/domain/artifact.ts'
import { hashed } from '../../src/domain/secrets.ts'
import { StoreUnavailable } from '../../src/domain/store.ts'
import { cached } from '../../src/stores/cached.ts'
import { openPostgres } from '../../src/stores/postgres/postgres.ts'
import { type PostgresServer, startPostgres } from '../support/postgres.ts'
import { aClient, aTenant, NOW } from './nouns.ts'

const code = artifactKind<string>('code')
const tenantId = aTenant().id
let server: PostgresServer

before(async () => {
  server = await startPostgres()
  const store = openPostgres({ url: server.url })
  await store.migrate()
  await store.tenants.create(aTenant())
  await store.close()
})
after(() => server.stop())

test('a server that crashes is StoreUnavailable; after its restart the pool works and has lost nothing', async () => {
  const store = openPostgres({ url: server.url })
  const { artifacts, clients } = store.forTenant(tenantId)
  await Promise.all(
    Array.from({ length: 30 }, (_, index) =>
      artifacts.put(code, hashed(`kept ${index}`), { body: 'kept', expiresAt: NOW + 60 }, NOW),
    ),
  )
  await server.crash()
  await assert.rejects(clients.find(aClient().id), StoreUnavailable)
  await assert.rejects(clients.create(aClient()), StoreUnavailable)
  await assert.rejects(artifacts.redeem(code, hashed('kept 0'), NOW), StoreUnavailable)
  await assert.rejects(store.migrate(), StoreUnavailable)
  await server.restart()
  for (let index = 0; index < 30; index++) {
    assert.equal(await artifacts.peek(code, hashed(`kept ${index}`), NOW), 'kept')
  }
  await store.close()
})

test('what runs when the server crashes is answered or StoreUnavailable, and what was answered is kept', async () => {
  const store = openPostgres({ url: server.url })
  const { artifacts } = store.forTenant(tenantId)
  const names = Array.from({ length: 400 }, (_, index) => `running ${index}`)
  const writing = Promise.allSettled(
    names.map((name) => artifacts.put(code, hashed(name), { body: name, expiresAt: NOW + 60 }, NOW)),
  )
  await artifacts.peek(code, hashed(names[0] ?? ''), NOW)
  await server.crash()
  const results = await writing
  await server.restart()
  for (const [index, result] of results.entries()) {
    if (result.status === 'rejected')
      assert.ok(result.reason instanceof StoreUnavailable, String(result.reason))
    else assert.ok(await artifacts.peek(code, hashed(names[index] ?? ''), NOW))
  }
  await store.close()
})

test('connections that the server ends while they rest do not end the process', async () => {
  const store = openPostgres({ url: server.url })
  const { clients } = store.forTenant(tenantId)
  await Promise.all(Array.from({ length: 10 }, () => clients.find(aClient().id)))
  const client = new pg.Client({ connectionString: server.url })
  await client.connect()
  await client.query('select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1', [
    'valetkey',
  ])
  await client.end()
  // Each connection is noticed as dead at once, or by the query that it fails.
  await Promise.allSettled(Array.from({ length: 10 }, () => clients.find(aClient().id)))
  assert.equal(await clients.find(aClient().id), undefined)
  await store.close()
})

test('a statement that waits too long for a lock is StoreUnavailable', async () => {
  const store = openPostgres({ url: `${server.url}?statement_timeout=100` })
  const { counters } = store.forTenant(tenantId)
  await counters.hit('locked', 60, NOW)
  const client = new pg.Client({ connectionString: server.url })
  await client.connect()
  await client.query('begin; select * from counter for update')
  await assert.rejects(counters.hit('locked', 60, NOW), StoreUnavailable)
  await client.end()
  assert.equal(await counters.hit('locked', 60, NOW), 2)
  await store.close()
})

test('a server that refuses us is StoreUnavailable', async () => {
  const url = new URL(server.url)
  url.password = 'wrong'
  for (const refused of [url.href, 'postgres://nobody:x@127.0.0.1:1/nothing']) {
    const store = cached(openPostgres({ url: refused }))
    await assert.rejects(store.tenants.find(tenantId), StoreUnavailable)
    await assert.rejects(store.forTenant(tenantId).clients.find(aClient().id), StoreUnavailable)
    await assert.rejects(store.migrate(), StoreUnavailable)
    await store.close()
  }
})

test('close waits for what was begun, also for what waits for a connection; then all is StoreUnavailable', async () => {
  const store = openPostgres({ url: server.url, poolSize: 1 })
  const { counters } = store.forTenant(tenantId)
  const hits = Promise.all(Array.from({ length: 20 }, () => counters.hit('closing', 60, NOW)))
  await Promise.all([store.close(), store.close()])
  assert.equal(new Set(await hits).size, 20)
  await assert.rejects(counters.read('closing', NOW), StoreUnavailable)
  await assert.rejects(counters.hit('closing', 60, NOW), StoreUnavailable)
})
