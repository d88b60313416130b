import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { hashed } from '../../../src/domain/secrets.ts'
import { StoreConflict, StoreInvalid } from '../../../src/domain/store.ts'
import { aClient, aSession, aUser, id, NOW } from '../nouns.ts'
import { atOnce, type Given } from './scene.ts'

/** Sessions that are renewed, and the clients that got tokens in them. */
export function sessionClientsContract(given: Given): void {
  describe('the clients of a session', () => {
    test('each client joins once, and they are listed in the order of their ids', async () => {
      const { sessions, clients } = (await given.scene()).tenant
      await clients.create(aClient({ id: id('Zebra') }))
      await sessions.create(aSession())
      for (const client of ['client', 'Zebra', 'client']) await sessions.join(id('session'), id(client))
      assert.deepEqual(await sessions.clientsOf(id('session')), ['Zebra', 'client'])
    })

    test('many joins at once leave one', async () => {
      const scene = await given.scene()
      const { sessions } = scene.tenant
      await sessions.create(aSession())
      const results = await atOnce(scene, 50, (tenant) => tenant.sessions.join(id('session'), id('client')))
      assert.deepEqual(
        results.filter(({ status }) => status === 'rejected'),
        [],
      )
      assert.deepEqual(await sessions.clientsOf(id('session')), ['client'])
    })

    test('a session that is gone takes no one in', async () => {
      const { sessions } = (await given.scene()).tenant
      await sessions.join(id('session'), id('client'))
      assert.deepEqual(await sessions.clientsOf(id('session')), [])
      await sessions.create(aSession())
      assert.deepEqual(await sessions.clientsOf(id('session')), [])
    })

    test('a client that is not there is StoreInvalid', async () => {
      const { sessions } = (await given.scene()).tenant
      await sessions.create(aSession())
      await assert.rejects(sessions.join(id('session'), id('nobody')), StoreInvalid)
    })

    test('they go with the session, and with the client', async () => {
      const { sessions, clients } = (await given.scene()).tenant
      await clients.create(aClient({ id: id('other') }))
      await sessions.create(aSession())
      await sessions.join(id('session'), id('client'))
      await sessions.join(id('session'), id('other'))
      await clients.delete(id('other'))
      assert.deepEqual(await sessions.clientsOf(id('session')), ['client'])
      await sessions.delete(id('session'))
      await sessions.create(aSession())
      assert.deepEqual(await sessions.clientsOf(id('session')), [])
    })

    test('of many who end a session, one is told that it was there', async () => {
      const scene = await given.scene()
      await scene.tenant.sessions.create(aSession())
      const results = await atOnce(scene, 50, (tenant) => tenant.sessions.delete(id('session')))
      const told = results.filter((result) => result.status === 'fulfilled' && result.value)
      assert.equal(told.length, 1)
    })
  })

  describe('renewing a session', () => {
    test('secret, times and methods are new, id and clients stay', async () => {
      const { sessions } = (await given.scene()).tenant
      await sessions.create(aSession())
      await sessions.join(id('session'), id('client'))
      const renewed = aSession({
        hash: hashed('another cookie'),
        authenticatedAt: NOW + 10,
        methods: ['pwd', 'otp'],
        expiresAt: NOW + 5000,
        idleExpiresAt: NOW + 500,
      })
      assert.equal(await sessions.renew(renewed), true)
      assert.equal(await sessions.find(aSession().hash, NOW), undefined)
      assert.deepEqual(await sessions.find(renewed.hash, NOW), renewed)
      assert.deepEqual(await sessions.clientsOf(id('session')), ['client'])
    })

    test('the idle end is stored no later than the absolute one', async () => {
      const { sessions } = (await given.scene()).tenant
      await sessions.create(aSession())
      const renewed = aSession({ expiresAt: NOW + 100, idleExpiresAt: NOW + 500 })
      await sessions.renew(renewed)
      assert.equal((await sessions.find(renewed.hash, NOW))?.idleExpiresAt, NOW + 100)
    })

    test("a session that is gone, or another user's, is not renewed", async () => {
      const { sessions, users } = (await given.scene()).tenant
      assert.equal(await sessions.renew(aSession()), false)
      assert.equal(await sessions.find(aSession().hash, NOW), undefined)
      await users.create(aUser({ id: id('auth0|other'), email: 'other@mail.example' }))
      await sessions.create(aSession())
      const stolen = aSession({ userId: id('auth0|other'), hash: hashed('another cookie') })
      assert.equal(await sessions.renew(stolen), false)
      assert.deepEqual(await sessions.find(aSession().hash, NOW), aSession())
    })

    test('the hash of another session is a StoreConflict', async () => {
      const { sessions } = (await given.scene()).tenant
      await sessions.create(aSession())
      await sessions.create(aSession({ id: id('other'), hash: hashed('other') }))
      await assert.rejects(sessions.renew(aSession({ hash: hashed('other') })), new StoreConflict('session'))
    })
  })
}
