import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { isDeepStrictEqual } from 'node:util'
import { artifactKind } from '../../../src/domain/artifact.ts'
import type { hashed } from '../../../src/domain/secrets.ts'
import { StoreConflict, type TenantStore } from '../../../src/domain/store.ts'
import {
  aClient,
  aClientGrant,
  aConnection,
  aConsent,
  aGivenAccess,
  aPassword,
  aRefreshToken,
  aResourceServer,
  aRole,
  aSession,
  aSigningKey,
  aTenant,
  aUser,
  id,
  NOW,
} from '../nouns.ts'
import { fill, inventory } from './inventory.ts'
import { aRotation } from './refresh-tokens.ts'
import type { Given } from './scene.ts'

const code = artifactKind<string>('code')
const artifact = id<ReturnType<typeof hashed>>('artifact')
const { selector, current } = aRefreshToken()
const { userId, clientId, audience } = aConsent()
const later = NOW + 5000

/** Every verb that changes something, in an order in which each finds something to change. */
export const changes: readonly { name: string; change: (tenant: TenantStore) => Promise<unknown> }[] = [
  { name: 'clients.update', change: ({ clients }) => clients.update(aClient({ name: 'B' })) },
  { name: 'resourceServers.update', change: (b) => b.resourceServers.update(aResourceServer({ name: 'B' })) },
  { name: 'clientGrants.update', change: (b) => b.clientGrants.update(aClientGrant({ scope: ['b'] })) },
  { name: 'connections.update', change: (b) => b.connections.update(aConnection({ enabledClients: [] })) },
  { name: 'users.update', change: (b) => b.users.update(aUser({ blocked: true })) },
  { name: 'roles.update', change: (b) => b.roles.update(aRole({ description: 'B' })) },
  { name: 'passwords.save', change: (b) => b.passwords.save(aPassword({ updatedAt: later })) },
  { name: 'sessions.touch', change: (b) => b.sessions.touch(aSession().hash, NOW + 1) },
  { name: 'sessions.renew', change: (b) => b.sessions.renew(aSession({ authenticatedAt: NOW + 1 })) },
  { name: 'consents.save', change: (b) => b.consents.save(aConsent({ granted: ['b'] })) },
  { name: 'givenAccess.note', change: (b) => b.givenAccess.note(aGivenAccess({ audience: 'b' })) },
  { name: 'refreshTokens.use', change: (b) => b.refreshTokens.use(selector, current, NOW, NOW + 60) },
  { name: 'refreshTokens.rotate', change: (b) => b.refreshTokens.rotate(aRotation()) },
  { name: 'grants.revoke', change: (b) => b.grants.revoke(id('revoked later'), later) },
  { name: 'grants.revokeGiven', change: (b) => b.grants.revokeGiven(id('bond later'), NOW, later) },
  { name: 'signingKeys.add', change: (b) => b.signingKeys.add(aSigningKey({ sequence: 2 })) },
  { name: 'artifacts.replace', change: (b) => b.artifacts.replace(code, artifact, 'B', NOW) },
  { name: 'artifacts.extend', change: (b) => b.artifacts.extend(code, artifact, later, NOW) },
  { name: 'artifacts.redeem', change: (b) => b.artifacts.redeem(code, artifact, NOW) },
  { name: 'artifacts.take', change: (b) => b.artifacts.take(code, artifact, NOW) },
  {
    name: 'artifacts.put',
    change: (b) => b.artifacts.put(code, artifact, { body: 'B', expiresAt: later }, later - 1),
  },
  { name: 'counters.hit', change: (b) => b.counters.hit('counter', 1000, NOW) },
  { name: 'counters.giveBack', change: (b) => b.counters.giveBack('counter', NOW) },
  { name: 'counters.reset', change: (b) => b.counters.reset('counter') },
  { name: 'refreshTokens.keepNewest', change: (b) => b.refreshTokens.keepNewest(userId, clientId, 0, NOW) },
  { name: 'refreshTokens.create', change: (b) => b.refreshTokens.create(aRefreshToken()) },
  { name: 'refreshTokens.deleteFor', change: (b) => b.refreshTokens.deleteFor(userId, clientId) },
  { name: 'givenAccess.deleteFor', change: (b) => b.givenAccess.deleteFor(userId, clientId) },
  { name: 'consents.delete', change: (b) => b.consents.delete(userId, clientId, audience) },
  { name: 'sessions.delete', change: (b) => b.sessions.delete(aSession().id) },
  { name: 'roles.unassign', change: (b) => b.roles.unassign(userId, aRole().id) },
  { name: 'roles.assign', change: (b) => b.roles.assign(userId, aRole().id) },
  { name: 'roles.delete', change: (b) => b.roles.delete(aRole().id) },
  { name: 'signingKeys.delete', change: (b) => b.signingKeys.delete('RS256', aSigningKey().kid) },
  { name: 'clientGrants.delete', change: (b) => b.clientGrants.delete(aClientGrant().id) },
  { name: 'resourceServers.delete', change: (b) => b.resourceServers.delete(aResourceServer().id) },
  { name: 'clients.delete', change: (b) => b.clients.delete(clientId) },
  { name: 'users.delete', change: (b) => b.users.delete(userId) },
  { name: 'connections.delete', change: (b) => b.connections.delete(aConnection().id) },
]

/** Changes that no other verb shows. */
const hidden = ['artifacts.extend', 'artifacts.redeem', 'grants.revoke', 'grants.revokeGiven']

/** Two tenants with the same ids know nothing of each other. */
export function isolationContract(given: Given): void {
  describe('tenant isolation', () => {
    test('every verb that reads sees its own tenant only', async () => {
      const own = await given.scene()
      const other = await given.scene()
      const bare = await inventory(other.tenant)
      await fill(own.tenant)
      assert.deepEqual(await inventory(other.tenant), bare)
      const empty = await inventory((await given.emptyTenant()).tenant)
      const unknown = await inventory(given.store.forTenant(id('no such tenant')))
      assert.deepEqual(unknown, empty)
    })

    test('every verb that changes something leaves the same ids of another tenant alone', async () => {
      const a = (await given.scene()).tenant
      const b = (await given.scene()).tenant
      await fill(a)
      await fill(b)
      const before = await inventory(a)
      for (const { name, change } of changes) {
        const own = await inventory(b)
        await change(b)
        const changed = !isDeepStrictEqual(await inventory(b), own)
        assert.ok(changed || hidden.includes(name), `${name} changed nothing`)
        assert.deepEqual(await inventory(a), before, name)
      }
      assert.equal((await a.artifacts.redeem(code, artifact, NOW)).kind, 'first')
    })

    test('what changes by id is missing in a tenant without it', async () => {
      await fill((await given.scene()).tenant)
      const { tenant } = await given.emptyTenant()
      assert.deepEqual(await tenant.clients.update(aClient()), { kind: 'missing' })
      assert.deepEqual(await tenant.resourceServers.update(aResourceServer()), { kind: 'missing' })
      assert.deepEqual(await tenant.connections.update(aConnection()), { kind: 'missing' })
      assert.equal(await tenant.clients.delete(clientId), false)
      assert.equal(await tenant.users.delete(userId), false)
      assert.equal(await tenant.sessions.delete(aSession().id), false)
      assert.equal(await tenant.consents.delete(userId, clientId, audience), false)
      assert.equal(await tenant.givenAccess.deleteFor(userId, clientId), 0)
      assert.equal(await tenant.refreshTokens.deleteFor(userId, clientId), 0)
      assert.deepEqual(await tenant.refreshTokens.rotate(aRotation()), { kind: 'missing' })
      assert.deepEqual(await tenant.artifacts.redeem(code, artifact, NOW), { kind: 'missing' })
      assert.equal(await tenant.artifacts.take(code, artifact, NOW), undefined)
      assert.equal(await tenant.signingKeys.delete('RS256', aSigningKey().kid), false)
    })

    test('deleting a tenant leaves the others alone', async () => {
      const kept = (await given.scene()).tenant
      const gone = await given.scene()
      await fill(kept)
      await fill(gone.tenant)
      const before = await inventory(kept)
      await given.store.tenants.update(aTenant({ id: gone.tenantId, createdAt: later }))
      await given.store.tenants.delete(gone.tenantId)
      assert.deepEqual(await inventory(kept), before)
    })

    test('a grant revoked in one tenant lives in another', async () => {
      const a = (await given.scene()).tenant
      const b = (await given.scene()).tenant
      await a.refreshTokens.create(aRefreshToken())
      await b.grants.revoke(aRefreshToken().grantId, later)
      assert.ok(await a.refreshTokens.find(selector, NOW))
      assert.equal((await a.refreshTokens.rotate(aRotation())).kind, 'rotated')
    })

    test('a row cannot belong to a row of another tenant', async () => {
      await given.scene()
      const { tenant } = await given.emptyTenant()
      await assert.rejects(tenant.users.create(aUser()), { name: 'StoreInvalid' })
      await assert.rejects(tenant.sessions.create(aSession()), { name: 'StoreInvalid' })
      await assert.rejects(tenant.clientGrants.create(aClientGrant()), { name: 'StoreInvalid' })
    })

    test('a unique clash stays inside its tenant', async () => {
      const a = (await given.scene()).tenant
      await assert.rejects(a.users.create(aUser()), new StoreConflict('user'))
      const { tenant: b } = await given.emptyTenant()
      await b.connections.create(aConnection())
      await b.users.create(aUser())
      await b.signingKeys.add(aSigningKey())
      await a.signingKeys.add(aSigningKey())
    })
  })
}
