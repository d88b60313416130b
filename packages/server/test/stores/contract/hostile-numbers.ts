import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { artifactKind } from '../../../src/domain/artifact.ts'
import { hashed } from '../../../src/domain/secrets.ts'
import { StoreInvalid, type TenantStore } from '../../../src/domain/store.ts'
import { aClient, aRefreshToken, aSession, aSigningKey, id, NOW } from '../nouns.ts'
import { aRotation } from './refresh-tokens.ts'
import type { Given } from './scene.ts'

const code = artifactKind<unknown>('code')
const hash = hashed('code')
const unsafe = [
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  2 ** 53,
  -(2 ** 53),
  0.5,
  1e300,
]

/** Every position that takes a number. */
const positions: Readonly<Record<string, (tenant: TenantStore, number: number) => Promise<unknown>>> = {
  'clients.update version': (t, version) => t.clients.update(aClient({ version })),
  'sessions.create': (t, expiresAt) => t.sessions.create(aSession({ expiresAt, idleExpiresAt: expiresAt })),
  'sessions.create authenticatedAt': (t, authenticatedAt) => t.sessions.create(aSession({ authenticatedAt })),
  'sessions.renew': (t, authenticatedAt) => t.sessions.renew(aSession({ authenticatedAt })),
  'sessions.find': (t, now) => t.sessions.find(hash, now),
  'sessions.touch': (t, idleExpiresAt) => t.sessions.touch(hash, idleExpiresAt),
  'refreshTokens.create': (t, createdAt) => t.refreshTokens.create(aRefreshToken({ createdAt })),
  'refreshTokens.create idle': (t, idleExpiresAt) => t.refreshTokens.create(aRefreshToken({ idleExpiresAt })),
  'refreshTokens.find': (t, now) => t.refreshTokens.find(hash, now),
  'refreshTokens.use': (t, now) => t.refreshTokens.use(hash, hash, now, NOW),
  'refreshTokens.use idle': (t, idleExpiresAt) => t.refreshTokens.use(hash, hash, NOW, idleExpiresAt),
  'refreshTokens.rotate': (t, now) => t.refreshTokens.rotate(aRotation({ now })),
  'refreshTokens.rotate idle': (t, idleExpiresAt) => t.refreshTokens.rotate(aRotation({ idleExpiresAt })),
  'refreshTokens.list': (t, now) => t.refreshTokens.list(id('auth0|user'), { limit: 1 }, now),
  'grants.revoke': (t, expiresAt) => t.grants.revoke(id('grant'), expiresAt),
  'grants.revokeGiven': (t, until) => t.grants.revokeGiven(id('bond'), until, NOW),
  'grants.isRevoked': (t, givenAt) => t.grants.isRevoked(id('grant'), { bond: id('bond'), givenAt }),
  'signingKeys.add': (t, sequence) => t.signingKeys.add(aSigningKey({ sequence })),
  'artifacts.put': (t, expiresAt) => t.artifacts.put(code, hash, { body: 1, expiresAt }, NOW),
  'artifacts.put now': (t, now) => t.artifacts.put(code, hash, { body: 1, expiresAt: NOW }, now),
  'artifacts.peek': (t, now) => t.artifacts.peek(code, hash, now),
  'artifacts.list': (t, now) => t.artifacts.list(code, { limit: 1 }, now),
  'artifacts.replace': (t, now) => t.artifacts.replace(code, hash, 1, now),
  'artifacts.take': (t, now) => t.artifacts.take(code, hash, now),
  'artifacts.redeem': (t, now) => t.artifacts.redeem(code, hash, now),
  'counters.hit': (t, now) => t.counters.hit('key', 60, now),
  'counters.hit window': (t, windowSeconds) => t.counters.hit('key', windowSeconds, NOW),
  'counters.read': (t, now) => t.counters.read('key', now),
  'counters.giveBack': (t, now) => t.counters.giveBack('key', now),
}

export function hostileNumbersContract(given: Given): void {
  describe('hostile numbers', () => {
    for (const [name, call] of Object.entries(positions)) {
      test(`${name}: a number that is not a safe integer is StoreInvalid`, async () => {
        const { tenant } = await given.scene()
        for (const number of unsafe) await assert.rejects(call(tenant, number), StoreInvalid, `${number}`)
      })
    }

    test('removeExpired takes safe integers only', async () => {
      for (const number of unsafe) await assert.rejects(given.store.removeExpired(number, 10), StoreInvalid)
      await assert.rejects(given.store.removeExpired(0, Number.NaN), StoreInvalid)
    })

    test('the largest safe integers are kept', async () => {
      const { sessions } = (await given.scene()).tenant
      const end = Number.MAX_SAFE_INTEGER
      const session = aSession({
        authenticatedAt: Number.MIN_SAFE_INTEGER,
        expiresAt: end,
        idleExpiresAt: end,
      })
      await sessions.create(session)
      assert.deepEqual(await sessions.find(session.hash, end - 1), session)
      assert.equal(await sessions.find(session.hash, end), undefined)
    })

    const cycle: unknown[] = []
    cycle.push(cycle)
    const bodies = [
      { name: 'NaN', body: { a: [Number.NaN] } },
      { name: 'Infinity', body: Number.POSITIVE_INFINITY },
      { name: 'undefined', body: undefined },
      { name: 'a function', body: () => 1 },
      { name: 'a bigint', body: { a: 1n } },
      { name: 'a cycle', body: cycle },
    ]
    for (const { name, body } of bodies) {
      test(`a body that JSON cannot hold is StoreInvalid: ${name}`, async () => {
        const { artifacts } = (await given.scene()).tenant
        await assert.rejects(artifacts.put(code, hash, { body, expiresAt: NOW + 1 }, NOW), StoreInvalid)
        await assert.rejects(artifacts.replace(code, hash, body, NOW), StoreInvalid)
        assert.equal(await artifacts.peek(code, hash, NOW), undefined)
      })
    }

    test('a noun with a broken number in its document is StoreInvalid', async () => {
      const { clients } = (await given.scene()).tenant
      await assert.rejects(clients.create(aClient({ id: id('a'), createdAt: Number.NaN })), StoreInvalid)
    })
  })
}
