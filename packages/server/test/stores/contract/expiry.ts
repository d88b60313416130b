import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { artifactKind } from '../../../src/domain/artifact.ts'
import type { Client } from '../../../src/domain/client.ts'
import { hashed } from '../../../src/domain/secrets.ts'
import { aClient, aGivenAccess, aRefreshToken, aSession, id, NOW } from '../nouns.ts'
import { aRotation } from './refresh-tokens.ts'
import type { Given } from './scene.ts'

const code = artifactKind<string>('code')
const hash = hashed('code')
const END = NOW + 100

/** What lives in the second before its end is over at its end. */
export function expiryContract(given: Given): void {
  describe('expiry', () => {
    test('an artifact past its end is missing to every verb', async () => {
      const { artifacts } = (await given.scene()).tenant
      await artifacts.put(code, hash, { body: 'body', expiresAt: END }, NOW)
      assert.equal(await artifacts.peek(code, hash, END - 1), 'body')
      assert.equal(await artifacts.peek(code, hash, END), undefined)
      assert.equal(await artifacts.replace(code, hash, 'changed', END), false)
      assert.equal(await artifacts.extend(code, hash, END + 1, END), false)
      assert.equal(await artifacts.take(code, hash, END), undefined)
      assert.deepEqual(await artifacts.redeem(code, hash, END), { kind: 'missing' })
      assert.deepEqual(await artifacts.redeem(code, hash, END - 1), { kind: 'first', body: 'body' })
    })

    test('a session is over at its idle end or at its absolute end, whichever comes first', async () => {
      const { sessions } = (await given.scene()).tenant
      const idle = aSession({ id: id('idle'), idleExpiresAt: END, expiresAt: END + 100 })
      const absolute = aSession({ id: id('absolute'), idleExpiresAt: END + 100, expiresAt: END })
      for (const session of [idle, absolute]) {
        await sessions.create(session)
        assert.equal((await sessions.find(session.hash, END - 1))?.id, session.id)
        assert.equal(await sessions.find(session.hash, END), undefined)
      }
    })

    const { expiresAt: _e, idleExpiresAt: _i, ...endless } = aRefreshToken()
    const families = [
      { name: 'absolute end only', token: { ...endless, expiresAt: END } },
      { name: 'idle end only', token: { ...endless, idleExpiresAt: END } },
      { name: 'idle end first', token: { ...endless, idleExpiresAt: END, expiresAt: END + 100 } },
      { name: 'absolute end first', token: { ...endless, idleExpiresAt: END + 100, expiresAt: END } },
    ]
    for (const { name, token } of families) {
      test(`a refresh token family past its end is missing to every verb: ${name}`, async () => {
        const { refreshTokens } = (await given.scene()).tenant
        const { selector, current, userId } = token
        await refreshTokens.create(token)
        assert.deepEqual(await refreshTokens.find(selector, END - 1), token)
        assert.equal(await refreshTokens.find(selector, END), undefined)
        assert.equal(await refreshTokens.use(selector, current, END, END + 1), undefined)
        assert.equal(await refreshTokens.use(selector, current, END, undefined), undefined)
        assert.deepEqual(await refreshTokens.rotate(aRotation({ now: END })), { kind: 'missing' })
        assert.deepEqual(await refreshTokens.list(userId, { limit: 1 }, END), { items: [] })
        assert.equal((await refreshTokens.rotate(aRotation({ now: END - 1 }))).kind, 'rotated')
      })
    }

    test('rotation and use move the idle end, and the absolute end still holds', async () => {
      const { refreshTokens } = (await given.scene()).tenant
      await refreshTokens.create({ ...endless, idleExpiresAt: NOW + 20, expiresAt: END })
      await refreshTokens.rotate(aRotation({ idleExpiresAt: END + 50 }))
      assert.ok(await refreshTokens.find(endless.selector, END - 1))
      assert.equal(await refreshTokens.find(endless.selector, END), undefined)
      await refreshTokens.use(endless.selector, hashed('second'), NOW, NOW + 30)
      assert.ok(await refreshTokens.find(endless.selector, NOW + 29))
      assert.equal(await refreshTokens.find(endless.selector, NOW + 30), undefined)
    })

    test('a family without ends lives on', async () => {
      const { refreshTokens } = (await given.scene()).tenant
      await refreshTokens.create(endless)
      assert.deepEqual(await refreshTokens.find(endless.selector, Number.MAX_SAFE_INTEGER), endless)
    })
  })

  describe('removeExpired', () => {
    // Far before all other rows of this file, so that only these have ended.
    const LONG_AGO = 1000

    test('removes what has ended, keeps what has not, and answers how many', async () => {
      const { tenant } = await given.scene()
      await tenant.artifacts.put(code, hash, { body: 'ended', expiresAt: LONG_AGO }, 0)
      await tenant.artifacts.put(code, hashed('b'), { body: 'kept', expiresAt: LONG_AGO + 1 }, 0)
      await tenant.sessions.create(aSession({ id: id('a'), idleExpiresAt: LONG_AGO }))
      await tenant.sessions.create(aSession({ id: id('b'), idleExpiresAt: LONG_AGO + 1 }))
      await tenant.refreshTokens.create(aRefreshToken({ selector: id('a'), idleExpiresAt: LONG_AGO }))
      await tenant.refreshTokens.create(aRefreshToken({ selector: id('b'), expiresAt: LONG_AGO }))
      await tenant.refreshTokens.create(aRefreshToken({ selector: id('c'), expiresAt: LONG_AGO + 1 }))
      await tenant.givenAccess.note(aGivenAccess({ audience: 'urn:a', endsAt: LONG_AGO }))
      await tenant.givenAccess.note(aGivenAccess({ audience: 'urn:b', endsAt: LONG_AGO + 1 }))
      const { endsAt: _endsAt, ...forever } = aGivenAccess({ audience: 'urn:c' })
      await tenant.givenAccess.note(forever)
      await tenant.counters.hit('a', LONG_AGO, 0)
      await tenant.counters.hit('b', LONG_AGO + 1, 0)
      await tenant.grants.revoke(id('a'), LONG_AGO)
      await tenant.grants.revoke(id('b'), LONG_AGO + 1)

      assert.equal(await given.store.removeExpired(LONG_AGO, 1000), 7)
      assert.equal(await tenant.artifacts.peek(code, hash, 0), undefined)
      assert.equal(await tenant.artifacts.peek(code, hashed('b'), 0), 'kept')
      assert.ok(await tenant.sessions.find(aSession({ id: id('b') }).hash, 0))
      const { items } = await tenant.refreshTokens.list(id('auth0|user'), { limit: 10 }, 0)
      assert.deepEqual(
        items.map(({ selector }) => selector),
        ['c'],
      )
      const access = await tenant.givenAccess.list(id('auth0|user'), { limit: 10 }, 0)
      assert.deepEqual(access.items.map(({ audience }) => audience).sort(), ['urn:b', 'urn:c'])
      assert.equal(await tenant.counters.read('a', 0), 0)
      assert.equal(await tenant.counters.read('b', 0), 1)
      assert.equal(await tenant.grants.isRevoked(id('a')), false)
      assert.equal(await tenant.grants.isRevoked(id('b')), true)
      assert.equal(await given.store.removeExpired(LONG_AGO + 1, 1000), 6)
    })

    test('removes clients that nobody used, and keeps those that somebody did', async () => {
      const { clients } = (await given.scene()).tenant
      const [unused, used, later] = [
        id<Client['id']>('unused'),
        id<Client['id']>('used'),
        id<Client['id']>('later'),
      ]
      await clients.create(aClient({ id: unused, unusedUntil: LONG_AGO }))
      const { unusedUntil: _, ...kept } = await clients.create(aClient({ id: used, unusedUntil: LONG_AGO }))
      await clients.update(kept)
      await clients.create(aClient({ id: later, unusedUntil: LONG_AGO + 1 }))
      assert.equal(await given.store.removeExpired(LONG_AGO, 1000), 1)
      assert.equal(await clients.find(unused), undefined)
      assert.equal((await clients.find(used))?.unusedUntil, undefined)
      assert.equal((await clients.find(later))?.unusedUntil, LONG_AGO + 1)
      assert.equal(await given.store.removeExpired(LONG_AGO + 1, 1000), 1)
    })

    test('removes no more than the limit at a time', async () => {
      const { artifacts, counters } = (await given.scene()).tenant
      for (const name of ['a', 'b', 'c']) {
        await artifacts.put(code, hashed(name), { body: name, expiresAt: LONG_AGO }, 0)
        await counters.hit(name, LONG_AGO, 0)
      }
      const removed: number[] = []
      for (let turn = 0; turn < 4; turn++) removed.push(await given.store.removeExpired(LONG_AGO, 2))
      assert.deepEqual(removed, [2, 2, 2, 0])
    })

    test('RFC 6749 §10.5: an endless family stays dead when the mark of its revoked grant is removed', async () => {
      const { refreshTokens, grants } = (await given.scene()).tenant
      const { expiresAt: _e, idleExpiresAt: _i, ...endless } = aRefreshToken()
      await refreshTokens.create(endless)
      await refreshTokens.create({ ...endless, selector: id('second') })
      await grants.revoke(endless.grantId, LONG_AGO)
      const removed: number[] = []
      for (let turn = 0; turn < 4; turn++) {
        removed.push(await given.store.removeExpired(LONG_AGO, 1))
        assert.equal(await refreshTokens.find(endless.selector, NOW), undefined)
        assert.equal(await refreshTokens.find(id('second'), NOW), undefined)
      }
      assert.deepEqual(removed, [1, 1, 1, 0])
    })
  })
}
