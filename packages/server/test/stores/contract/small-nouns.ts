import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { hashed, type PasswordHash } from '../../../src/domain/secrets.ts'
import { StoreConflict, StoreInvalid } from '../../../src/domain/store.ts'
import { aConsent, aPassword, aRole, aSession, aSigningKey, id, NOW } from '../nouns.ts'
import type { Given } from './scene.ts'

/** Nouns with verbs of their own. */
export function smallNounsContract(given: Given): void {
  describe('passwords', () => {
    test('save creates, then replaces', async () => {
      const { passwords } = (await given.scene()).tenant
      assert.equal(await passwords.find(id('auth0|user')), undefined)
      await passwords.save(aPassword())
      assert.deepEqual(await passwords.find(id('auth0|user')), aPassword())
      // A hash that another product made may be long.
      const changed = aPassword({ hash: `$scrypt$${'x'.repeat(2000)}` as PasswordHash, updatedAt: NOW + 1 })
      await passwords.save(changed)
      assert.deepEqual(await passwords.find(id('auth0|user')), changed)
    })

    test('a password without its user is StoreInvalid', async () => {
      const { passwords } = (await given.scene()).tenant
      await assert.rejects(passwords.save(aPassword({ userId: id('nobody') })), StoreInvalid)
    })
  })

  describe('roles of users', () => {
    test('a role is found by its name, which is taken once', async () => {
      const { roles } = (await given.scene()).tenant
      const role = await roles.create(aRole({ name: 'Editor' }))
      assert.deepEqual(await roles.findByName('Editor'), role)
      assert.equal(await roles.findByName('editor'), undefined)
      const clash = aRole({ id: id('other'), name: 'Editor' })
      await assert.rejects(roles.create(clash), new StoreConflict('role'))
    })

    test('a user has each role once, however often it is given', async () => {
      const { roles } = (await given.scene()).tenant
      const [one, two] = [
        await roles.create(aRole({ id: id('a') })),
        await roles.create(aRole({ id: id('b') })),
      ]
      for (const { id: roleId } of [two, one, one]) await roles.assign(id('auth0|user'), roleId)
      assert.deepEqual(await roles.ofUser(id('auth0|user')), [one, two])
      assert.deepEqual(await roles.usersOf(one.id, { limit: 1 }), { items: ['auth0|user'] })
      assert.equal(await roles.unassign(id('auth0|user'), one.id), true)
      assert.equal(await roles.unassign(id('auth0|user'), one.id), false)
      assert.deepEqual(await roles.ofUser(id('auth0|user')), [two])
    })

    test('a role without its user, or a user without the role, is StoreInvalid', async () => {
      const { roles } = (await given.scene()).tenant
      const role = await roles.create(aRole())
      await assert.rejects(roles.assign(id('nobody'), role.id), StoreInvalid)
      await assert.rejects(roles.assign(id('auth0|user'), id('nothing')), StoreInvalid)
    })
  })

  describe('sessions', () => {
    test('a session is found by the hash of its cookie, never by its id', async () => {
      const { sessions } = (await given.scene()).tenant
      const session = aSession()
      await sessions.create(session)
      assert.deepEqual(await sessions.find(session.hash, NOW), session)
      assert.equal(await sessions.find(id(session.id), NOW), undefined)
      assert.equal(await sessions.find(hashed('unknown'), NOW), undefined)
    })

    test('a second session with the id or the hash is a StoreConflict', async () => {
      const { sessions } = (await given.scene()).tenant
      await sessions.create(aSession())
      const conflict = new StoreConflict('session')
      await assert.rejects(sessions.create(aSession({ hash: hashed('other') })), conflict)
      await assert.rejects(sessions.create(aSession({ id: id('other'), hash: aSession().hash })), conflict)
    })

    test('a session without its user is StoreInvalid', async () => {
      const { sessions } = (await given.scene()).tenant
      await assert.rejects(sessions.create(aSession({ userId: id('nobody') })), StoreInvalid)
    })

    test('touch moves the idle end, forth and back, and never beyond the absolute end', async () => {
      const { sessions } = (await given.scene()).tenant
      const session = aSession({ expiresAt: NOW + 1000, idleExpiresAt: NOW + 100 })
      await sessions.create(session)
      for (const [asked, stored] of [
        [NOW + 200, NOW + 200],
        [NOW + 150, NOW + 150],
        [NOW + 5000, NOW + 1000],
      ] as const) {
        await sessions.touch(session.hash, asked)
        assert.deepEqual(await sessions.find(session.hash, NOW), { ...session, idleExpiresAt: stored })
      }
      await sessions.touch(hashed('unknown'), NOW + 1)
    })

    test('delete takes the id and answers whether there was one', async () => {
      const { sessions } = (await given.scene()).tenant
      await sessions.create(aSession())
      assert.equal(await sessions.delete(id('session')), true)
      assert.equal(await sessions.find(aSession().hash, NOW), undefined)
      assert.equal(await sessions.delete(id('session')), false)
    })
  })

  describe('consents', () => {
    test('save creates, then replaces, one per user, client and audience', async () => {
      const { consents } = (await given.scene()).tenant
      const consent = aConsent()
      await consents.save(consent)
      await consents.save(aConsent({ audience: '', granted: ['openid'], declined: [] }))
      const changed = { ...consent, granted: ['read:contacts', 'write:contacts'], declined: [] }
      await consents.save(changed)
      assert.deepEqual(await consents.find(consent.userId, consent.clientId, consent.audience), changed)
      const openId = await consents.find(consent.userId, consent.clientId, '')
      assert.deepEqual(openId?.granted, ['openid'])
      assert.equal(await consents.find(consent.userId, consent.clientId, 'urn:other'), undefined)
    })

    test('delete answers whether there was one', async () => {
      const { consents } = (await given.scene()).tenant
      const { userId, clientId, audience } = aConsent()
      await consents.save(aConsent())
      assert.equal(await consents.delete(userId, clientId, 'urn:other'), false)
      assert.equal(await consents.delete(userId, clientId, audience), true)
      assert.equal(await consents.find(userId, clientId, audience), undefined)
      assert.equal(await consents.delete(userId, clientId, audience), false)
    })
  })

  describe('grants', () => {
    test('a revoked grant stays revoked, however often it is revoked', async () => {
      const { grants } = (await given.scene()).tenant
      assert.equal(await grants.isRevoked(id('grant')), false)
      await grants.revoke(id('grant'), NOW + 100)
      await grants.revoke(id('grant'), NOW + 10)
      assert.equal(await grants.isRevoked(id('grant')), true)
      assert.equal(await grants.isRevoked(id('other')), false)
    })

    test('a revoked token leaves its grant alone', async () => {
      const { grants } = (await given.scene()).tenant
      await grants.revoke(id('grant.token'), NOW + 100)
      assert.equal(await grants.isRevoked(id('grant')), false)
      assert.equal(await grants.isRevoked(id('grant'), { tokenId: id('grant.token') }), true)
      assert.equal(await grants.isRevoked(id('grant'), { tokenId: id('grant.other') }), false)
    })

    test('revokeGiven ends what was given until then under the bond, and never less than before', async () => {
      const { grants } = (await given.scene()).tenant
      const isRevoked = (givenAt: number, bond = 'bond') =>
        grants.isRevoked(id('grant'), { bond: id(bond), givenAt })
      await grants.revokeGiven(id('bond'), NOW, NOW + 100)
      await grants.revokeGiven(id('bond'), NOW - 10, NOW + 90)
      assert.deepEqual(
        [
          await isRevoked(NOW - 1),
          await isRevoked(NOW),
          await isRevoked(NOW + 1),
          await isRevoked(NOW, 'other'),
        ],
        [true, true, false, false],
      )
      await grants.revokeGiven(id('bond'), NOW + 1, NOW + 101)
      assert.equal(await isRevoked(NOW + 1), true)
    })
  })

  describe('signing keys', () => {
    test('list answers all keys, newest first within an algorithm', async () => {
      const { signingKeys } = (await given.scene()).tenant
      assert.deepEqual(await signingKeys.list(), [])
      const keys = [
        aSigningKey({ algorithm: 'ES256', sequence: 1 }),
        ...[10, 9, 2].map((sequence) => aSigningKey({ sequence })),
      ]
      for (const key of keys.toReversed()) await signingKeys.add(key)
      assert.deepEqual(await signingKeys.list(), keys)
    })

    test('a sequence number and a kid are taken once in an algorithm', async () => {
      const { signingKeys } = (await given.scene()).tenant
      await signingKeys.add(aSigningKey())
      const conflict = new StoreConflict('signing key')
      await assert.rejects(signingKeys.add(aSigningKey({ kid: 'other' })), conflict)
      await assert.rejects(signingKeys.add(aSigningKey({ sequence: 2, kid: aSigningKey().kid })), conflict)
      await signingKeys.add(aSigningKey({ algorithm: 'PS256' }))
    })

    test('delete answers whether there was one', async () => {
      const { signingKeys } = (await given.scene()).tenant
      const key = aSigningKey()
      await signingKeys.add(key)
      assert.equal(await signingKeys.delete('ES256', key.kid), false)
      assert.equal(await signingKeys.delete('RS256', key.kid), true)
      assert.deepEqual(await signingKeys.list(), [])
      assert.equal(await signingKeys.delete('RS256', key.kid), false)
    })
  })

  describe('counters', () => {
    test('hit counts in the window that began with the first hit, and a new window begins anew', async () => {
      const { counters } = (await given.scene()).tenant
      assert.equal(await counters.read('login', NOW), 0)
      assert.equal(await counters.hit('login', 60, NOW), 1)
      assert.equal(await counters.hit('login', 60, NOW + 59), 2)
      assert.equal(await counters.read('login', NOW + 59), 2)
      assert.equal(await counters.read('login', NOW + 60), 0)
      assert.equal(await counters.hit('login', 60, NOW + 60), 1)
      assert.equal(await counters.hit('login', 60, NOW + 119), 2)
    })

    test('a hit that is given back was never counted; none is owed', async () => {
      const { counters } = (await given.scene()).tenant
      await counters.giveBack('login', NOW)
      await counters.hit('login', 60, NOW)
      await counters.hit('login', 60, NOW)
      await counters.giveBack('login', NOW + 1)
      assert.equal(await counters.read('login', NOW + 1), 1)
      await counters.giveBack('login', NOW + 1)
      await counters.giveBack('login', NOW + 1)
      assert.equal(await counters.hit('login', 60, NOW + 1), 1)
      await counters.giveBack('login', NOW + 60)
      assert.equal(await counters.hit('login', 60, NOW + 60), 1)
    })

    test('reset begins anew, and counts nothing of other keys', async () => {
      const { counters } = (await given.scene()).tenant
      await counters.hit('login', 60, NOW)
      await counters.hit('Login', 60, NOW)
      await counters.reset('login')
      await counters.reset('unknown')
      assert.equal(await counters.read('login', NOW), 0)
      assert.equal(await counters.read('Login', NOW), 1)
    })
  })
}
