import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { RefreshToken } from '../../../src/domain/refresh-token.ts'
import { hashed } from '../../../src/domain/secrets.ts'
import { type Rotation, StoreConflict, StoreInvalid } from '../../../src/domain/store.ts'
import { aClient, aRefreshToken, aUser, id, NOW } from '../nouns.ts'
import type { Given } from './scene.ts'

const first = hashed('first')
const second = hashed('second')
const third = hashed('third')
const token = aRefreshToken()
const {
  previous: _p,
  rotatedAt: _r,
  sessionId: _s,
  audience: _a,
  identity: _d,
  expiresAt: _e,
  idleExpiresAt: _i,
  ...endless
} = token

/** A rotation from the first secret to the second. */
export function aRotation(given: Partial<Rotation> = {}): Rotation {
  return {
    selector: token.selector,
    presented: first,
    successor: second,
    now: NOW + 10,
    leewaySeconds: 0,
    idleExpiresAt: NOW + 500,
    ...given,
  }
}

const rotated: RefreshToken = {
  ...token,
  current: second,
  previous: first,
  rotatedAt: NOW + 10,
  idleExpiresAt: NOW + 500,
}

export function refreshTokensContract(given: Given): void {
  describe('refresh tokens', () => {
    test('find answers what was created, with and without the optional members', async () => {
      const { refreshTokens } = (await given.scene()).tenant
      const bare = { ...endless, selector: hashed('bare') }
      await refreshTokens.create(rotated)
      await refreshTokens.create(bare)
      assert.deepEqual(await refreshTokens.find(rotated.selector, NOW), rotated)
      assert.deepEqual(await refreshTokens.find(bare.selector, NOW), bare)
      assert.equal(await refreshTokens.find(hashed('unknown'), NOW), undefined)
    })

    test('a second family under the selector is a StoreConflict', async () => {
      const { refreshTokens } = (await given.scene()).tenant
      await refreshTokens.create(token)
      const clash = aRefreshToken({ current: second, grantId: id('other') })
      await assert.rejects(refreshTokens.create(clash), new StoreConflict('refresh token'))
    })

    test('a family without its user or client is StoreInvalid', async () => {
      const { refreshTokens } = (await given.scene()).tenant
      await assert.rejects(refreshTokens.create(aRefreshToken({ userId: id('nobody') })), StoreInvalid)
      await assert.rejects(refreshTokens.create(aRefreshToken({ clientId: id('nobody') })), StoreInvalid)
    })

    test('rotate moves the family on to the successor', async () => {
      const { refreshTokens } = (await given.scene()).tenant
      await refreshTokens.create(token)
      assert.deepEqual(await refreshTokens.rotate(aRotation()), { kind: 'rotated', token: rotated })
      assert.deepEqual(await refreshTokens.find(token.selector, NOW), rotated)
      const next = aRotation({ presented: second, successor: third, now: NOW + 20, idleExpiresAt: undefined })
      const { idleExpiresAt: _, ...restful } = rotated
      const moved = { ...restful, current: third, previous: second, rotatedAt: NOW + 20 }
      assert.deepEqual(await refreshTokens.rotate(next), { kind: 'rotated', token: moved })
    })

    test('the token before the current one is repeated inside the leeway', async () => {
      const { refreshTokens } = (await given.scene()).tenant
      await refreshTokens.create(token)
      await refreshTokens.rotate(aRotation())
      for (const now of [NOW + 10, NOW + 14]) {
        const again = aRotation({ now, leewaySeconds: 5 })
        assert.deepEqual(await refreshTokens.rotate(again), { kind: 'repeated', token: rotated })
      }
    })

    const reuses: readonly { name: string; rotation: Rotation }[] = [
      { name: 'outside the leeway', rotation: aRotation({ now: NOW + 15, leewaySeconds: 5 }) },
      { name: 'without a leeway', rotation: aRotation({ now: NOW + 10 }) },
      { name: 'with another successor', rotation: aRotation({ successor: third, leewaySeconds: 5 }) },
      { name: 'never issued', rotation: aRotation({ presented: third, leewaySeconds: 5 }) },
    ]
    for (const { name, rotation } of reuses) {
      test(`RFC 9700 §4.14.2: a token that is not the current one is reused: ${name}`, async () => {
        const { refreshTokens } = (await given.scene()).tenant
        await refreshTokens.create(token)
        await refreshTokens.rotate(aRotation())
        assert.deepEqual(await refreshTokens.rotate(rotation), { kind: 'reused', token: rotated })
        assert.deepEqual(await refreshTokens.find(token.selector, NOW), rotated)
      })
    }

    test('RFC 9700 §4.14.2: a token older than the previous one is reused, also inside the leeway', async () => {
      const { refreshTokens } = (await given.scene()).tenant
      await refreshTokens.create(token)
      await refreshTokens.rotate(aRotation())
      await refreshTokens.rotate(aRotation({ presented: second, successor: third }))
      const answer = await refreshTokens.rotate(aRotation({ leewaySeconds: 60 }))
      assert.equal(answer.kind, 'reused')
    })

    test('an unknown selector is missing', async () => {
      const { refreshTokens } = (await given.scene()).tenant
      assert.deepEqual(await refreshTokens.rotate(aRotation()), { kind: 'missing' })
    })

    test('use answers the family for the current secret only, and moves the idle end', async () => {
      const { refreshTokens } = (await given.scene()).tenant
      await refreshTokens.create(token)
      const used = { ...token, idleExpiresAt: NOW + 77 }
      assert.equal(await refreshTokens.use(token.selector, second, NOW, NOW + 50), undefined)
      assert.equal(await refreshTokens.use(hashed('unknown'), first, NOW, NOW + 50), undefined)
      assert.deepEqual(await refreshTokens.find(token.selector, NOW), token)
      assert.deepEqual(await refreshTokens.use(token.selector, first, NOW, NOW + 77), used)
      assert.deepEqual(await refreshTokens.find(token.selector, NOW), used)
    })

    test('use without an idle end takes it away where there was one', async () => {
      const { refreshTokens } = (await given.scene()).tenant
      await refreshTokens.create(token)
      const { idleExpiresAt: _, ...restful } = token
      assert.equal(await refreshTokens.use(token.selector, second, NOW, undefined), undefined)
      assert.deepEqual(await refreshTokens.use(token.selector, first, NOW, undefined), restful)
      assert.deepEqual(await refreshTokens.find(token.selector, NOW + 600 * 3600), restful)
      assert.deepEqual(await refreshTokens.use(token.selector, first, NOW, undefined), restful)
      assert.equal(await refreshTokens.use(token.selector, second, NOW, undefined), undefined)
    })

    test('deleteFor removes the families of one user and client and answers how many', async () => {
      const { refreshTokens, users, clients } = (await given.scene()).tenant
      const otherUser = await users.create(aUser({ id: id('other user') }))
      const otherClient = await clients.create(aClient({ id: id('other client') }))
      await refreshTokens.create(token)
      await refreshTokens.create(aRefreshToken({ selector: id('b') }))
      await refreshTokens.create(aRefreshToken({ selector: id('c'), userId: otherUser.id }))
      await refreshTokens.create(aRefreshToken({ selector: id('d'), clientId: otherClient.id }))
      assert.equal(await refreshTokens.deleteFor(token.userId, token.clientId), 2)
      assert.equal(await refreshTokens.deleteFor(token.userId, token.clientId), 0)
      assert.equal(await refreshTokens.find(token.selector, NOW), undefined)
      assert.ok(await refreshTokens.find(id('c'), NOW))
      assert.ok(await refreshTokens.find(id('d'), NOW))
    })

    test('RFC 6749 §10.5: what a revoked grant gave is missing to every verb', async () => {
      const { refreshTokens, grants } = (await given.scene()).tenant
      const spared = aRefreshToken({ selector: id('spared'), grantId: id('other') })
      await refreshTokens.create(token)
      await refreshTokens.create(spared)
      await grants.revoke(token.grantId, NOW + 1000)
      const late = aRefreshToken({ selector: id('late') })
      await refreshTokens.create(late)
      for (const { selector } of [token, late]) {
        assert.equal(await refreshTokens.find(selector, NOW), undefined)
        assert.equal(await refreshTokens.use(selector, first, NOW, NOW + 60), undefined)
        assert.equal(await refreshTokens.use(selector, first, NOW, undefined), undefined)
        assert.deepEqual(await refreshTokens.rotate(aRotation({ selector })), { kind: 'missing' })
      }
      const { items } = await refreshTokens.list(token.userId, { limit: 10 }, NOW)
      assert.deepEqual(items, [spared])
    })
  })
}
