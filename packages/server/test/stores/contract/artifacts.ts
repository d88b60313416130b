import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { artifactKind } from '../../../src/domain/artifact.ts'
import { hashed } from '../../../src/domain/secrets.ts'
import { StoreConflict, StoreInvalid } from '../../../src/domain/store.ts'
import { NOW } from '../nouns.ts'
import type { Given } from './scene.ts'

interface Code {
  readonly clientId: string
  readonly nonce: string | null
}

const code = artifactKind<Code>('code')
const ticket = artifactKind<Code>('ticket')
const hash = hashed('a code')
const body: Code = { clientId: 'client', nonce: null }
const alive = { body, expiresAt: NOW + 60 }

export function artifactsContract(given: Given): void {
  describe('artifacts', () => {
    test('peek reads what was put and decides nothing', async () => {
      const { artifacts } = (await given.scene()).tenant
      await artifacts.put(code, hash, alive, NOW)
      assert.deepEqual(await artifacts.peek(code, hash, NOW), body)
      assert.deepEqual(await artifacts.peek(code, hash, NOW), body)
      assert.equal(await artifacts.peek(ticket, hash, NOW), undefined)
      assert.equal(await artifacts.peek(code, hashed('another'), NOW), undefined)
    })

    test('a second put under a living hash is a StoreConflict and keeps the first', async () => {
      const { artifacts } = (await given.scene()).tenant
      await artifacts.put(code, hash, alive, NOW)
      const other = { body: { clientId: 'other', nonce: 'n' }, expiresAt: NOW + 90 }
      await assert.rejects(artifacts.put(code, hash, other, NOW + 59), new StoreConflict('artifact'))
      assert.deepEqual(await artifacts.peek(code, hash, NOW), body)
      await artifacts.put(ticket, hash, other, NOW)
    })

    test('put replaces what has ended, also when it was redeemed', async () => {
      const { artifacts } = (await given.scene()).tenant
      await artifacts.put(code, hash, alive, NOW)
      await artifacts.redeem(code, hash, NOW)
      const successor = { body: { clientId: 'other', nonce: 'n' }, expiresAt: NOW + 120 }
      await artifacts.put(code, hash, successor, NOW + 60)
      assert.deepEqual(await artifacts.redeem(code, hash, NOW + 60), { kind: 'first', body: successor.body })
    })

    test('list answers the living ones of a kind, page by page in the order of their hashes', async () => {
      const { artifacts } = (await given.scene()).tenant
      const hashes = ['a', 'b', 'c', 'd'].map(hashed).sort()
      const [first, second, third, last] = hashes
      assert.ok(first && second && third && last)
      for (const [index, one] of hashes.entries())
        await artifacts.put(
          code,
          one,
          { body: { ...body, nonce: `${index}` }, expiresAt: NOW + 60 + index },
          NOW,
        )
      await artifacts.put(ticket, hash, alive, NOW)
      await artifacts.redeem(code, second, NOW)
      const page = await artifacts.list(code, { limit: 3 }, NOW)
      assert.deepEqual(page, {
        items: [
          { hash: first, body: { ...body, nonce: '0' } },
          { hash: second, body: { ...body, nonce: '1' } },
          { hash: third, body: { ...body, nonce: '2' } },
        ],
        next: third,
      })
      const rest = await artifacts.list(code, { limit: 3, after: third }, NOW)
      assert.deepEqual(rest, { items: [{ hash: last, body: { ...body, nonce: '3' } }] })
      await artifacts.take(code, last, NOW)
      const later = await artifacts.list(code, { limit: 9 }, NOW + 61)
      assert.deepEqual(
        later.items.map((item) => item.hash),
        [third],
        'what has ended or was taken is missing',
      )
      await assert.rejects(artifacts.list(code, { limit: 0 }, NOW), StoreInvalid)
    })

    test('replace changes the body of one that lives and answers whether there was one', async () => {
      const { artifacts } = (await given.scene()).tenant
      const changed: Code = { clientId: 'client', nonce: 'changed' }
      assert.equal(await artifacts.replace(code, hash, changed, NOW), false)
      await artifacts.put(code, hash, alive, NOW)
      assert.equal(await artifacts.replace(ticket, hash, changed, NOW), false)
      assert.equal(await artifacts.replace(code, hash, changed, NOW), true)
      assert.deepEqual(await artifacts.peek(code, hash, NOW), changed)
    })

    test('take removes and answers the body once', async () => {
      const { artifacts } = (await given.scene()).tenant
      await artifacts.put(ticket, hash, alive, NOW)
      assert.deepEqual(await artifacts.take(ticket, hash, NOW), body)
      assert.equal(await artifacts.take(ticket, hash, NOW), undefined)
      assert.equal(await artifacts.peek(ticket, hash, NOW), undefined)
      await artifacts.put(ticket, hash, alive, NOW)
    })

    test('RFC 6749 §4.1.2: a code is redeemed once, and a replay is seen until the code ends', async () => {
      const { artifacts } = (await given.scene()).tenant
      await artifacts.put(code, hash, alive, NOW)
      assert.deepEqual(await artifacts.redeem(code, hash, NOW), { kind: 'first', body })
      assert.deepEqual(await artifacts.redeem(code, hash, NOW), { kind: 'replayed', body })
      assert.deepEqual(await artifacts.redeem(code, hash, NOW + 59), { kind: 'replayed', body })
      assert.deepEqual(await artifacts.redeem(code, hash, NOW + 60), { kind: 'missing' })
      assert.deepEqual(await artifacts.redeem(ticket, hash, NOW), { kind: 'missing' })
    })

    test('RFC 6749 §10.5: what the first use left in the body is what a replay sees', async () => {
      const { artifacts } = (await given.scene()).tenant
      await artifacts.put(code, hash, alive, NOW)
      await artifacts.redeem(code, hash, NOW)
      const changed: Code = { clientId: 'client', nonce: 'grant' }
      assert.equal(await artifacts.replace(code, hash, changed, NOW), true)
      assert.deepEqual(await artifacts.redeem(code, hash, NOW), { kind: 'replayed', body: changed })
      assert.deepEqual(await artifacts.peek(code, hash, NOW), changed)
    })

    test('every JSON value survives as a body', async () => {
      const { artifacts } = (await given.scene()).tenant
      const anything = artifactKind<unknown>('anything')
      const bodies = [
        true,
        0,
        -1.5,
        'text',
        '',
        null,
        [],
        {},
        [[1, [null]]],
        { a: { b: ['ü', '\0', '\ud800'] } },
      ]
      for (const [index, value] of bodies.entries()) {
        const key = hashed(`body ${index}`)
        await artifacts.put(anything, key, { body: value, expiresAt: NOW + 1 }, NOW)
        assert.deepEqual(await artifacts.peek(anything, key, NOW), value)
      }
    })
  })
}
