import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { GivenAccess } from '../../../src/domain/given-access.ts'
import type { TenantStore } from '../../../src/domain/store.ts'
import { aClient, aGivenAccess, id, NOW } from '../nouns.ts'
import { atOnce, type Given } from './scene.ts'

const userId = aGivenAccess().userId
const END = NOW + 100
const { endsAt: _endsAt, ...endless } = aGivenAccess()

/** What clients were given for users. */
export function givenAccessContract(given: Given): void {
  describe('given access', () => {
    test('is listed as it was noted, until it ends', async () => {
      const { tenant } = await given.scene()
      await tenant.givenAccess.note(aGivenAccess({ endsAt: END }))
      assert.deepEqual(await listed(tenant, END - 1), [aGivenAccess({ endsAt: END })])
      assert.deepEqual(await listed(tenant, END), [])
    })

    test('is one item for each client, audience and scope', async () => {
      const { tenant } = await given.scene()
      await tenant.clients.create(aClient({ id: id('other') }))
      const accesses = [
        aGivenAccess(),
        aGivenAccess({ clientId: id('other') }),
        aGivenAccess({ audience: '' }),
        aGivenAccess({ scope: [] }),
        aGivenAccess({ scope: ['read:contacts', 'write:contacts'] }),
        aGivenAccess({ scope: ['read:contacts write:contacts'] }),
      ]
      for (const access of [...accesses, ...accesses]) await tenant.givenAccess.note(access)
      assert.equal((await listed(tenant)).length, accesses.length)
    })

    const later = aGivenAccess({ givenAt: NOW + 10, endsAt: END + 10 })
    const rows: readonly { name: string; notes: readonly GivenAccess[]; kept: GivenAccess }[] = [
      { name: 'a later end', notes: [aGivenAccess({ endsAt: END }), later], kept: later },
      {
        name: 'the later end, whichever came first',
        notes: [later, aGivenAccess({ endsAt: END })],
        kept: later,
      },
      { name: 'no end after an end', notes: [later, endless], kept: endless },
      { name: 'no end before an end', notes: [endless, later], kept: endless },
    ]
    for (const { name, notes, kept } of rows) {
      test(`of the same access counts ${name}`, async () => {
        const { tenant } = await given.scene()
        for (const access of notes) await tenant.givenAccess.note(access)
        assert.deepEqual(await listed(tenant, NOW), [kept])
      })
    }

    test('what has no end lives on', async () => {
      const { tenant } = await given.scene()
      await tenant.givenAccess.note(endless)
      assert.deepEqual(await listed(tenant, Number.MAX_SAFE_INTEGER), [endless])
    })

    test('is given to nobody who is gone, and by nobody', async () => {
      const { tenant } = await given.scene()
      await tenant.givenAccess.note(aGivenAccess({ clientId: id('nobody') }))
      await tenant.givenAccess.note(aGivenAccess({ userId: id('nobody') }))
      assert.deepEqual(await listed(tenant), [])
      assert.deepEqual(await tenant.givenAccess.list(id('nobody'), { limit: 10 }, NOW), { items: [] })
    })

    test('is taken back from one client at all audiences', async () => {
      const { tenant } = await given.scene()
      await tenant.clients.create(aClient({ id: id('other') }))
      const kept = aGivenAccess({ clientId: id('other') })
      for (const access of [aGivenAccess(), aGivenAccess({ audience: '' }), kept])
        await tenant.givenAccess.note(access)
      assert.equal(await tenant.givenAccess.deleteFor(userId, id('client')), 2)
      assert.deepEqual(await listed(tenant), [kept])
      assert.equal(await tenant.givenAccess.deleteFor(userId, id('client')), 0)
    })

    test('of many notes at once the latest end counts', async () => {
      const scene = await given.scene()
      const results = await atOnce(scene, 50, (tenant, index) =>
        tenant.givenAccess.note(aGivenAccess({ givenAt: NOW + index, endsAt: END + index })),
      )
      assert.deepEqual(
        results.filter(({ status }) => status === 'rejected'),
        [],
      )
      const expected = [aGivenAccess({ givenAt: NOW + 49, endsAt: END + 49 })]
      assert.deepEqual(await listed(scene.tenant), expected)
    })
  })
}

async function listed(tenant: TenantStore, now = NOW): Promise<readonly GivenAccess[]> {
  return (await tenant.givenAccess.list(userId, { limit: 100 }, now)).items
}
