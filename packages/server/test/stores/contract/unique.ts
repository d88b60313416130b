import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { StoreConflict } from '../../../src/domain/store.ts'
import { aClient, aClientGrant, aConnection, aResourceServer, aUser, id } from '../nouns.ts'
import type { Given } from './scene.ts'

/** Members that are unique, and the look-ups that rely on them. */
export function uniqueContract(given: Given): void {
  describe('unique members', () => {
    test('an API is found by its identifier, which is taken once', async () => {
      const { resourceServers } = (await given.scene()).tenant
      const first = await resourceServers.create(aResourceServer({ id: id('a'), identifier: 'urn:api' }))
      const second = await resourceServers.create(aResourceServer({ id: id('b'), identifier: 'urn:other' }))
      assert.deepEqual(await resourceServers.findByIdentifier('urn:api'), first)
      assert.equal(await resourceServers.findByIdentifier('URN:API'), undefined)
      const clash = aResourceServer({ id: id('c'), identifier: 'urn:api' })
      await assert.rejects(resourceServers.create(clash), new StoreConflict('resource server'))
      const moved = { ...second, identifier: 'urn:api' }
      await assert.rejects(resourceServers.update(moved), new StoreConflict('resource server'))
      assert.deepEqual(await resourceServers.find(second.id), second)
    })

    test('a connection is found by its name, which is taken once', async () => {
      const { connections } = (await given.scene()).tenant
      const first = await connections.create(aConnection({ id: id('a'), name: 'users' }))
      const second = await connections.create(aConnection({ id: id('b'), name: 'staff' }))
      assert.deepEqual(await connections.findByName('users'), first)
      assert.equal(await connections.findByName('nobody'), undefined)
      await assert.rejects(
        connections.create(aConnection({ id: id('c'), name: 'users' })),
        new StoreConflict('connection'),
      )
      await assert.rejects(connections.update({ ...second, name: 'users' }), new StoreConflict('connection'))
    })

    test('a client grant is found by client, audience and subject type, which are taken once together', async () => {
      const { clientGrants, clients } = (await given.scene()).tenant
      const other = await clients.create(aClient({ id: id('other') }))
      const grant = aClientGrant({ id: id('a'), audience: 'urn:api', subjectType: 'client' })
      await clientGrants.create(grant)
      const forUsers = await clientGrants.create({ ...grant, id: id('b'), subjectType: 'user' })
      await clientGrants.create({ ...grant, id: id('c'), audience: 'urn:other' })
      await clientGrants.create({ ...grant, id: id('d'), clientId: other.id })
      assert.deepEqual(await clientGrants.findFor(grant.clientId, 'urn:api', 'client'), grant)
      assert.deepEqual(await clientGrants.findFor(grant.clientId, 'urn:api', 'user'), forUsers)
      assert.equal(await clientGrants.findFor(other.id, 'urn:api', 'user'), undefined)
      await assert.rejects(clientGrants.create({ ...grant, id: id('e') }), new StoreConflict('client grant'))
    })

    test('e-mail address and user name are kept in lower case', async () => {
      const { users } = (await given.scene()).tenant
      const user = aUser({ id: id('a'), email: 'Ada@Mail.Example', username: 'ADA' })
      const stored = { ...user, email: 'ada@mail.example', username: 'ada' }
      assert.deepEqual(await users.create(user), stored)
      assert.deepEqual(await users.find(user.id), stored)
      const renamed = await users.update({ ...stored, email: 'COUNTESS@mail.example' })
      assert.equal(renamed.kind === 'updated' && renamed.value.email, 'countess@mail.example')
    })

    test('a user is found by e-mail address or user name, in any case, in one connection', async () => {
      const { users, connections } = (await given.scene()).tenant
      const other = await connections.create(aConnection({ id: id('other') }))
      const user = await users.create(aUser({ id: id('a'), email: 'ada@mail.example', username: 'ada' }))
      const namesake = await users.create({ ...user, id: id('b'), connectionId: other.id })
      assert.deepEqual(await users.findByIdentifier(user.connectionId, 'ADA@mail.example'), user)
      assert.deepEqual(await users.findByIdentifier(user.connectionId, 'Ada'), user)
      assert.deepEqual(await users.findByIdentifier(other.id, 'ada'), namesake)
      assert.equal(await users.findByIdentifier(user.connectionId, 'ada@mail'), undefined)
      assert.equal(await users.findByIdentifier(id('unknown'), 'ada'), undefined)
    })

    test('an e-mail address wins over a user name that looks like it', async () => {
      const { users } = (await given.scene()).tenant
      const { email: _, ...nameless } = aUser({ id: id('a') })
      await users.create({ ...nameless, username: 'ada@mail.example' })
      const owner = await users.create(aUser({ id: id('b'), email: 'ada@mail.example' }))
      assert.deepEqual(await users.findByIdentifier(owner.connectionId, 'ada@mail.example'), owner)
    })

    test('e-mail address and user name are each taken once in a connection, in any case', async () => {
      const { users } = (await given.scene()).tenant
      await users.create(aUser({ id: id('a'), email: 'ada@mail.example', username: 'ada' }))
      const other = await users.create(aUser({ id: id('b'), email: 'bob@mail.example' }))
      const conflict = new StoreConflict('user')
      await assert.rejects(users.create(aUser({ id: id('c'), email: 'Ada@mail.example' })), conflict)
      await assert.rejects(users.create(aUser({ id: id('c'), username: 'ADA' })), conflict)
      await assert.rejects(users.update({ ...other, email: 'ADA@mail.example' }), conflict)
      await assert.rejects(users.update({ ...other, username: 'Ada' }), conflict)
      assert.deepEqual(await users.find(other.id), other)
    })

    test('any number of users may have neither e-mail address nor user name', async () => {
      const { users } = (await given.scene()).tenant
      const { email: _, ...nameless } = aUser()
      const first = await users.create({ ...nameless, id: id('a') })
      await users.create({ ...nameless, id: id('b') })
      assert.deepEqual(await users.find(first.id), first)
    })
  })
}
