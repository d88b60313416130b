import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import type { Store } from '../../src/domain/store.ts'
import { StoreUnavailable } from '../../src/domain/store.ts'
import { cached } from '../../src/stores/cached.ts'
import { openPostgres } from '../../src/stores/postgres/postgres.ts'
import type { SqlStore } from '../../src/stores/sql/store.ts'
import { openSqlite } from '../../src/stores/sqlite/sqlite.ts'
import { freshDatabase } from '../support/postgres.ts'
import { fill } from './contract/inventory.ts'
import {
  aClient,
  aClientGrant,
  aConnection,
  aResourceServer,
  aSigningKey,
  aTenant,
  aUser,
  id,
} from './nouns.ts'
import { temporaryDirectory } from './temporary-directory.ts'

const tenantId = aTenant().id

/** Everything that is cached, read through a store. */
async function reading(store: Store) {
  const { clients, resourceServers, clientGrants, connections, signingKeys } = store.forTenant(tenantId)
  return {
    tenant: await store.tenants.find(tenantId),
    client: await clients.find(aClient().id),
    absent: await clients.find(id('new')),
    resourceServer: await resourceServers.findByIdentifier(aResourceServer().identifier),
    clientGrant: await clientGrants.findFor(aClient().id, aClientGrant().audience, 'client'),
    connection: await connections.findByName(aConnection().name),
    signingKeys: await signingKeys.list(),
  }
}

/** Changes everything that `reading` reads, one after the other. */
function changes(store: Store): readonly (() => Promise<unknown>)[] {
  const tenant = store.forTenant(tenantId)
  return [
    () => store.tenants.update(aTenant({ createdAt: 1 })),
    () => tenant.clients.update(aClient({ name: 'changed' })),
    () => tenant.clients.create(aClient({ id: id('new') })),
    () => tenant.resourceServers.update(aResourceServer({ name: 'changed' })),
    () => tenant.clientGrants.delete(aClientGrant().id),
    () => tenant.connections.update(aConnection({ name: 'changed' })),
    () => tenant.signingKeys.add(aSigningKey({ sequence: 2 })),
  ]
}

async function prepare(store: Store): Promise<void> {
  await store.migrate()
  await store.tenants.create(aTenant())
  const tenant = store.forTenant(tenantId)
  await tenant.clients.create(aClient())
  await tenant.connections.create(aConnection())
  await tenant.users.create(aUser())
  await fill(tenant)
}

/** Counts what reaches the engine. */
function counting(store: SqlStore) {
  const count = { finds: 0, versions: 0 }
  const counted: SqlStore = {
    ...store,
    changeVersion(tenant) {
      count.versions++
      return store.changeVersion(tenant)
    },
    forTenant(tenant) {
      const rows = store.forTenant(tenant)
      const find: typeof rows.clients.find = (client) => {
        count.finds++
        return rows.clients.find(client)
      }
      return { ...rows, clients: { ...rows.clients, find } }
    },
  }
  return { count, store: cached(counted) }
}

describe('the cache', () => {
  test('a change through this process is seen at once', async () => {
    const store = openSqlite()
    const front = cached(store)
    await prepare(front)
    const { clients, signingKeys } = front.forTenant(tenantId)
    const removals = [
      () => clients.delete(aClient().id),
      () => signingKeys.delete('RS256', aSigningKey().kid),
      () => front.tenants.delete(tenantId),
    ]
    for (const change of [...changes(front), ...removals]) {
      const before = await reading(front)
      await change()
      const after = await reading(front)
      assert.notDeepEqual(after, before)
      assert.deepEqual(after, await reading(store))
    }
    await store.close()
  })

  const engines: readonly {
    name: string
    open: () => Promise<{ stores: SqlStore[]; close(): Promise<void> }>
  }[] = [
    {
      name: 'SQLite',
      async open() {
        const directory = temporaryDirectory()
        const stores = [openSqlite({ file: directory.file }), openSqlite({ file: directory.file })]
        return { stores, close: async () => directory.remove() }
      },
    },
    {
      name: 'PostgreSQL',
      async open() {
        const database = await freshDatabase()
        const stores = [openPostgres({ url: database.url }), openPostgres({ url: database.url })]
        return { stores, close: () => database.drop() }
      },
    },
  ]
  for (const { name, open } of engines) {
    test(`${name}: a change of every noun by another process is seen within two seconds`, async () => {
      const { stores, close } = await open()
      const [here, there] = stores
      assert.ok(here && there)
      await prepare(there)
      const front = cached(here)
      const before = await reading(front)
      for (const change of changes(there)) await change()
      const changedAt = performance.now()
      const expected = await reading(there)
      for (const noun of Object.keys(expected)) {
        await seen(front, noun, JSON.stringify(Object.entries(expected).find(([key]) => key === noun)?.[1]))
      }
      assert.ok(performance.now() - changedAt < 2100)
      assert.notDeepEqual(await reading(front), before)
      for (const store of stores) await store.close()
      await close()
    })
  }

  test('every cached noun raises the change version, and what is not cached leaves it alone', async () => {
    const store = openSqlite()
    await prepare(store)
    const tenant = store.forTenant(tenantId)
    const raises = async (change: () => Promise<unknown>) => {
      const before = await store.changeVersion(tenantId)
      await change()
      return (await store.changeVersion(tenantId)) > before
    }
    assert.equal(await raises(() => store.tenants.update(aTenant({ createdAt: 1 }))), true)
    assert.equal(await raises(() => tenant.clients.update(aClient())), true)
    assert.equal(await raises(() => tenant.resourceServers.update(aResourceServer())), true)
    assert.equal(await raises(() => tenant.clientGrants.update(aClientGrant())), true)
    assert.equal(await raises(() => tenant.connections.update(aConnection())), true)
    assert.equal(await raises(() => tenant.signingKeys.delete('RS256', aSigningKey().kid)), true)
    assert.equal(await raises(() => tenant.users.update(aUser())), false)
    assert.equal(await raises(() => tenant.counters.hit('key', 1, 1)), false)
    assert.equal(await raises(() => tenant.clients.delete(aClient().id)), true)
    assert.equal(await raises(() => store.tenants.delete(tenantId)), true)
    assert.equal(await raises(() => store.tenants.create(aTenant())), true)
    await store.close()
  })

  test('a burst of readers asks the engine once, and later ones not at all', async () => {
    const engine = openSqlite()
    await prepare(engine)
    const { count, store } = counting(engine)
    const { clients } = store.forTenant(tenantId)
    await Promise.all(Array.from({ length: 50 }, () => clients.find(aClient().id)))
    for (let turn = 0; turn < 50; turn++) await store.forTenant(tenantId).clients.find(aClient().id)
    assert.deepEqual(count, { finds: 1, versions: 1 })
    await engine.close()
  })

  test('what does not exist is remembered too', async () => {
    const engine = openSqlite()
    await prepare(engine)
    const { count, store } = counting(engine)
    const { clients } = store.forTenant(tenantId)
    for (let turn = 0; turn < 50; turn++) assert.equal(await clients.find(id('absent')), undefined)
    assert.deepEqual(count, { finds: 1, versions: 1 })
    assert.equal(await clients.find(id('\0'.repeat(10_000))), undefined)
    await engine.close()
  })

  test('the version is asked for once a second, and only while there is traffic', async () => {
    const engine = openSqlite()
    await prepare(engine)
    const { count, store } = counting(engine)
    const { clients } = store.forTenant(tenantId)
    await clients.find(aClient().id)
    await pause(1050)
    assert.equal(count.versions, 1)
    for (let turn = 0; turn < 50; turn++) await clients.find(aClient().id)
    assert.deepEqual(count, { finds: 1, versions: 2 })
    await engine.close()
  })

  test('a read that began before a change is not remembered after it', async () => {
    const engine = openSqlite()
    await prepare(engine)
    const gate = Promise.withResolvers<void>()
    let isFirst = true
    const store = cached({
      ...engine,
      forTenant(tenant) {
        const rows = engine.forTenant(tenant)
        const find: typeof rows.clients.find = async (client) => {
          const found = await rows.clients.find(client)
          if (isFirst) await gate.promise
          return found
        }
        return { ...rows, clients: { ...rows.clients, find } }
      },
    })
    const { clients } = store.forTenant(tenantId)
    const slow = clients.find(aClient().id)
    await new Promise(setImmediate)
    isFirst = false
    await clients.update(aClient({ name: 'changed' }))
    assert.equal((await clients.find(aClient().id))?.name, 'changed')
    gate.resolve()
    assert.equal((await slow)?.name, aClient().name)
    assert.equal((await clients.find(aClient().id))?.name, 'changed')
    await engine.close()
  })

  test('a store that does not answer is StoreUnavailable, and is asked again', async () => {
    const engine = openSqlite()
    const store = cached(engine)
    await assert.rejects(store.forTenant(tenantId).clients.find(aClient().id), StoreUnavailable)
    await prepare(store)
    assert.deepEqual(await store.forTenant(tenantId).clients.find(aClient().id), aClient())
    await engine.close()
  })

  test('what the cache answers cannot be changed by one caller for the others', async () => {
    const engine = openSqlite()
    await prepare(engine)
    const client = await cached(engine).forTenant(tenantId).clients.find(aClient().id)
    assert.ok(client)
    assert.throws(() => Object.assign(client, { name: 'mine' }), TypeError)
    assert.throws(() => Object.assign(client.redirectUris, ['https://mine.example']), TypeError)
    assert.throws(() => Object.assign(client.idToken, { lifetimeSeconds: 1 }), TypeError)
    await engine.close()
  })
})

async function seen(store: Store, noun: string, expected: string | undefined): Promise<void> {
  for (;;) {
    const found = Object.entries(await reading(store)).find(([key]) => key === noun)?.[1]
    if (JSON.stringify(found) === expected) return
    await pause(20)
  }
}
