import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TenantId } from '../../src/domain/ids.ts'
import { systemRandom } from '../../src/ports/random.ts'
import { systemClock } from '../../src/ports/system-clock.ts'
import { openSqlite } from '../../src/stores/sqlite/sqlite.ts'
import { ensureTenant } from '../../src/tenants/create-tenant.ts'

const id = 'main' as TenantId
const ports = { clock: systemClock, random: systemRandom }

async function aStore() {
  const store = openSqlite()
  await store.migrate()
  return store
}

test('a new tenant has the defaults of Auth0 and one database for all clients', async () => {
  const store = await aStore()
  const tenant = await ensureTenant(store, id, ports)
  assert.equal(tenant.settings.sessionLifetimeSeconds, 604_800)
  assert.equal(tenant.settings.idleSessionLifetimeSeconds, 259_200)
  const { items } = await store.forTenant(id).connections.list({ limit: 10 })
  assert.deepEqual(
    items.map(({ name, strategy, enabledClients }) => ({ name, strategy, enabledClients })),
    [{ name: 'Username-Password-Authentication', strategy: 'auth0', enabledClients: 'all' }],
  )
  assert.match(items[0]?.id ?? '', /^con_[A-Za-z0-9]{16}$/)
  await store.close()
})

test('many nodes that start at once make one tenant', async () => {
  const store = await aStore()
  const tenants = await Promise.all(Array.from({ length: 10 }, () => ensureTenant(store, id, ports)))
  assert.ok(tenants.every((tenant) => tenant.id === id))
  assert.equal((await store.tenants.list({ limit: 10 })).items.length, 1)
  assert.equal((await store.forTenant(id).connections.list({ limit: 10 })).items.length, 1)
  await store.close()
})

test('a start that died before the database connection is repaired by the next one', async () => {
  const store = await aStore()
  await ensureTenant(store, id, ports)
  const { connections } = store.forTenant(id)
  for (const { id: connection } of (await connections.list({ limit: 10 })).items)
    await connections.delete(connection)
  await ensureTenant(store, id, ports)
  assert.equal((await connections.list({ limit: 10 })).items.length, 1)
  await store.close()
})
