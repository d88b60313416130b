import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { artifactKind } from '../../../src/domain/artifact.ts'
import { hashed } from '../../../src/domain/secrets.ts'
import type { TenantStore } from '../../../src/domain/store.ts'
import {
  aClient,
  aConnection,
  aRefreshToken,
  aResourceServer,
  aSession,
  aSigningKey,
  aUser,
  id,
  NOW,
} from '../nouns.ts'
import { aRotation } from './refresh-tokens.ts'
import { atOnce, type Given, tally } from './scene.ts'

const code = artifactKind<string>('code')
const hash = hashed('code')

/** Creations of one unique thing under many ids, or of one id. */
const creations: readonly {
  name: string
  create: (tenant: TenantStore, index: number) => Promise<unknown>
}[] = [
  { name: 'clients of one id', create: (t) => t.clients.create(aClient({ id: id('same') })) },
  {
    name: 'APIs of one identifier',
    create: (t, index) =>
      t.resourceServers.create(aResourceServer({ id: id(`api ${index}`), identifier: 'urn:same' })),
  },
  {
    name: 'connections of one name',
    create: (t, index) => t.connections.create(aConnection({ id: id(`${index}`), name: 'same' })),
  },
  {
    name: 'users of one e-mail address',
    create: (t, index) => t.users.create(aUser({ id: id(`user ${index}`), email: 'same@mail.example' })),
  },
  {
    name: 'users of one user name',
    create: (t, index) => t.users.create(aUser({ id: id(`user ${index}`), username: 'same' })),
  },
  {
    name: 'signing keys of one number',
    create: (t, index) => t.signingKeys.add(aSigningKey({ kid: `${index}` })),
  },
  {
    name: 'sessions of one hash',
    create: (t, index) => t.sessions.create(aSession({ id: id(`${index}`), hash })),
  },
  { name: 'families of one selector', create: (t) => t.refreshTokens.create(aRefreshToken()) },
  {
    name: 'artifacts of one hash',
    create: (t) => t.artifacts.put(code, hash, { body: 'body', expiresAt: NOW + 60 }, NOW),
  },
]

/** Fifty callers at once, spread over all handles: exactly one wins. */
export function racesContract(given: Given): void {
  describe('races', () => {
    test('RFC 6749 §4.1.2: of 50 redemptions of a code one is first and 49 are replayed', async () => {
      const scene = await given.scene()
      await scene.tenant.artifacts.put(code, hash, { body: 'body', expiresAt: NOW + 60 }, NOW)
      const results = await atOnce(scene, 50, ({ artifacts }) => artifacts.redeem(code, hash, NOW))
      assert.deepEqual(tally(results), { first: 1, replayed: 49 })
    })

    test('of 50 takes one gets the artifact', async () => {
      const scene = await given.scene()
      await scene.tenant.artifacts.put(code, hash, { body: 'body', expiresAt: NOW + 60 }, NOW)
      const results = await atOnce(scene, 50, ({ artifacts }) => artifacts.take(code, hash, NOW))
      assert.deepEqual(tally(results), { done: 1, nothing: 49 })
    })

    test('RFC 9700 §4.14.2: of 50 rotations one rotates and 49 are reused without a leeway', async () => {
      const scene = await given.scene()
      await scene.tenant.refreshTokens.create(aRefreshToken())
      const results = await atOnce(scene, 50, ({ refreshTokens }, index) =>
        refreshTokens.rotate(aRotation({ successor: hashed(`successor ${index}`) })),
      )
      assert.deepEqual(tally(results), { rotated: 1, reused: 49 })
    })

    test('of 50 rotations to one successor one rotates and 49 are repeated inside the leeway', async () => {
      const scene = await given.scene()
      await scene.tenant.refreshTokens.create(aRefreshToken())
      const results = await atOnce(scene, 50, ({ refreshTokens }) =>
        refreshTokens.rotate(aRotation({ leewaySeconds: 5 })),
      )
      assert.deepEqual(tally(results), { rotated: 1, repeated: 49 })
    })

    test('RFC 6749 §10.5: revoking a grant while it is issued and rotated leaves no living token', async () => {
      const scene = await given.scene()
      await scene.tenant.refreshTokens.create(aRefreshToken())
      await atOnce(scene, 50, async (tenant, index) => {
        if (index === 25) return tenant.grants.revoke(id('grant'), NOW + 1000)
        if (index % 2 === 0) return tenant.refreshTokens.rotate(aRotation())
        return tenant.refreshTokens.create(aRefreshToken({ selector: id(`selector ${index}`) }))
      })
      const { items } = await scene.tenant.refreshTokens.list(id('auth0|user'), { limit: 100 }, NOW)
      assert.deepEqual(items, [])
      assert.deepEqual(await scene.tenant.refreshTokens.rotate(aRotation()), { kind: 'missing' })
    })

    for (const { name, create } of creations) {
      test(`of 50 ${name} one is created and 49 are StoreConflict`, async () => {
        const results = await atOnce(await given.scene(), 50, async (tenant, index) => {
          await create(tenant, index)
          return true
        })
        assert.deepEqual(tally(results), { done: 1, StoreConflict: 49 })
      })
    }

    test('of 50 updates of one version one is made and 49 are conflicts', async () => {
      const scene = await given.scene()
      const results = await atOnce(scene, 50, ({ clients }, index) =>
        clients.update(aClient({ name: `name ${index}` })),
      )
      assert.deepEqual(tally(results), { updated: 1, conflict: 49 })
      assert.equal((await scene.tenant.clients.find(aClient().id))?.version, 2)
    })

    test('of 50 deletions one finds the row', async () => {
      const results = await atOnce(await given.scene(), 50, ({ users }) => users.delete(aUser().id))
      assert.deepEqual(tally(results), { done: 1, nothing: 49 })
    })

    test('50 hits count to 50, and each caller sees a number of its own', async () => {
      const scene = await given.scene()
      const results = await atOnce(scene, 50, ({ counters }) => counters.hit('key', 60, NOW))
      const numbers = results.map((result) => (result.status === 'fulfilled' ? result.value : Number.NaN))
      const expected = Array.from({ length: 50 }, (_, index) => index + 1)
      assert.deepEqual(
        numbers.toSorted((left, right) => left - right),
        expected,
      )
      assert.equal(await scene.tenant.counters.read('key', NOW), 50)
      await atOnce(scene, 50, ({ counters }) => counters.giveBack('key', NOW))
      assert.equal(await scene.tenant.counters.read('key', NOW), 0)
    })

    test('sessions begun while their user is deleted do not survive it', async () => {
      const scene = await given.scene()
      await atOnce(scene, 50, async (tenant, index) => {
        if (index === 25) return tenant.users.delete(aUser().id)
        return tenant.sessions.create(aSession({ id: id(`session ${index}`) }))
      })
      for (let index = 0; index < 50; index++) {
        const { hash: cookie } = aSession({ id: id(`session ${index}`) })
        assert.equal(await scene.tenant.sessions.find(cookie, NOW), undefined)
      }
    })
  })
}
