import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Page, PageRequest } from '../../../src/domain/store.ts'
import { StoreInvalid } from '../../../src/domain/store.ts'
import { aClient, aConsent, aGivenAccess, aRefreshToken, aUser, id, NOW } from '../nouns.ts'
import { editableNouns } from './editable-nouns.ts'
import type { Given, Scene } from './scene.ts'

// Byte order of UTF-8: capitals first, no language, and what UTF-16 sorts the other way round at the end.
const inByteOrder = ['!', '0', '1', '10', '2', 'B', 'a', 'a b', 'aa', 'b', 'z', 'ä', 'é', '\uffee', '😀']

/** Lists: complete, stable, in byte order. */
export function pagingContract(given: Given): void {
  describe('paging', () => {
    for (const { name, open, build } of editableNouns) {
      test(`${name}: pages of every size give each row once, in byte order of the ids`, async () => {
        const { rows, prefix } = await open(given)
        const before = prefix === '' ? await all((page) => rows.list(page), 100) : []
        for (const existing of before) await rows.delete(existing.id)
        for (const text of inByteOrder.toReversed()) await rows.create(build(prefix + text))
        for (const limit of [1, 2, 14, 15, 16, 1000]) {
          const found = await all((page) => rows.list(page), limit, prefix)
          const own = found.map((item) => item.id).filter((text) => text.startsWith(prefix))
          assert.deepEqual(
            own,
            inByteOrder.map((text) => prefix + text),
            `pages of ${limit}`,
          )
        }
      })
    }

    test('the last page has no next, also when it is full', async () => {
      const { clients } = (await given.scene()).tenant
      await clients.create(aClient({ id: id('client 2') }))
      const first = await clients.list({ limit: 1 })
      assert.equal(first.next, 'client')
      assert.deepEqual(await clients.list({ limit: 1, after: 'client' }), {
        items: [aClient({ id: id('client 2') })],
      })
      assert.equal('next' in (await clients.list({ limit: 2 })), false)
      assert.deepEqual(await clients.list({ limit: 2, after: 'client 2' }), { items: [] })
    })

    test('rows that come and go between pages move no other row', async () => {
      const { users } = (await given.scene()).tenant
      for (const text of ['b', 'd', 'f']) await users.create(aUser({ id: id(text) }))
      const { next } = await users.list({ limit: 2 })
      assert.equal(next, 'b')
      await users.create(aUser({ id: id('a') }))
      await users.delete(id('b'))
      const rest = await users.list({ limit: 10, after: 'b' })
      assert.deepEqual(
        rest.items.map((user) => user.id),
        ['d', 'f'],
      )
    })

    test('consents of a user are listed by client, then audience', async () => {
      const scene = await given.scene()
      const expected = await saveConsents(scene)
      const { consents } = scene.tenant
      for (const limit of [1, 2, 4, 5]) {
        const found = await all((page) => consents.list(id('auth0|user'), page), limit)
        assert.deepEqual(
          found.map(({ clientId, audience }) => [clientId, audience]),
          expected,
        )
      }
      const unknown = await consents.list(id('auth0|user'), { limit: 10, after: 'not a cursor' })
      assert.deepEqual(unknown, { items: [] })
    })

    test('refresh tokens of a user are listed by selector', async () => {
      const { refreshTokens, users } = (await given.scene()).tenant
      await users.create(aUser({ id: id('other') }))
      for (const text of ['c', 'a', 'B']) await refreshTokens.create(aRefreshToken({ selector: id(text) }))
      await refreshTokens.create(aRefreshToken({ selector: id('d'), userId: id('other') }))
      for (const limit of [1, 2, 3]) {
        const found = await all((page) => refreshTokens.list(id('auth0|user'), page, NOW), limit)
        assert.deepEqual(
          found.map((token) => token.selector),
          ['B', 'a', 'c'],
        )
      }
    })

    test('what clients were given for a user is listed once, page by page', async () => {
      const { givenAccess, users } = (await given.scene()).tenant
      await users.create(aUser({ id: id('other') }))
      const audiences = ['', 'urn:a', 'urn:b', 'urn:c']
      for (const audience of audiences) await givenAccess.note(aGivenAccess({ audience }))
      await givenAccess.note(aGivenAccess({ audience: 'urn:d', userId: id('other') }))
      for (const limit of [1, 2, 3, 4]) {
        const found = await all((page) => givenAccess.list(id('auth0|user'), page, NOW), limit)
        assert.deepEqual(found.map(({ audience }) => audience).sort(), audiences)
      }
    })

    for (const limit of [0, -1, 1001, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      test(`a page of ${limit} rows is StoreInvalid`, async () => {
        const { clients, consents, givenAccess, refreshTokens } = (await given.scene()).tenant
        await assert.rejects(clients.list({ limit }), StoreInvalid)
        await assert.rejects(consents.list(id('auth0|user'), { limit }), StoreInvalid)
        await assert.rejects(givenAccess.list(id('auth0|user'), { limit }, NOW), StoreInvalid)
        await assert.rejects(refreshTokens.list(id('auth0|user'), { limit }, NOW), StoreInvalid)
      })
    }
  })
}

async function saveConsents({ tenant }: Scene): Promise<string[][]> {
  await tenant.clients.create(aClient({ id: id('a') }))
  const keys = [
    ['a', ''],
    ['a', 'urn:b'],
    ['client', 'urn:a'],
    ['client', 'urn:b'],
  ]
  for (const [clientId = '', audience = ''] of keys.toReversed()) {
    await tenant.consents.save(aConsent({ clientId: id(clientId), audience }))
  }
  return keys
}

async function all<Noun>(
  list: (page: PageRequest) => Promise<Page<Noun>>,
  limit: number,
  after?: string,
): Promise<readonly Noun[]> {
  const page = await list(after === undefined ? { limit } : { limit, after })
  assert.ok(page.items.length <= limit)
  return page.next === undefined ? page.items : [...page.items, ...(await all(list, limit, page.next))]
}
