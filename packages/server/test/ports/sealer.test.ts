import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Sealed } from '../../src/domain/secrets.ts'
import { systemRandom } from '../../src/ports/random.ts'
import { createSealer } from '../../src/ports/sealer.ts'

const key = (fill: number) => new Uint8Array(32).fill(fill)
const sealer = createSealer([key(1)], systemRandom)

test('what was sealed opens again, also when empty or not ASCII', () => {
  for (const plain of ['secret', '', 'パスワード🔑', 'x'.repeat(10_000)])
    assert.equal(sealer.open(sealer.seal(plain, 'client_secret'), 'client_secret'), plain)
})

test('sealing twice gives two values that tell nothing of the plain text', () => {
  const [first, second] = [sealer.seal('secret', 'p'), sealer.seal('secret', 'p')]
  assert.notEqual(first, second)
  assert.match(first, /^[A-Za-z0-9_-]+$/)
  assert.ok(!Buffer.from(first, 'base64url').includes('secret'))
})

test('a value sealed for one purpose opens for no other', () => {
  assert.throws(() => sealer.open(sealer.seal('secret', 'client_secret'), 'signing_key'), /another purpose/)
})

test('a value sealed under another master key does not open', () => {
  const sealed = createSealer([key(2)], systemRandom).seal('secret', 'p')
  assert.throws(() => sealer.open(sealed, 'p'), /not sealed under this master key/)
})

test('a value with any one bit changed does not open', () => {
  const sealed = Buffer.from(sealer.seal('secret', 'p'), 'base64url')
  for (let bit = 0; bit < sealed.length * 8; bit++) {
    const changed = Buffer.from(sealed)
    const index = bit >> 3
    changed[index] = (changed[index] ?? 0) ^ (1 << (bit & 7))
    assert.throws(() => sealer.open(changed.toString('base64url') as Sealed, 'p'), `bit ${bit}`)
  }
})

test('a value that was cut, or is no sealed value, does not open', () => {
  const sealed = Buffer.from(sealer.seal('secret', 'p'), 'base64url')
  for (let length = 0; length < sealed.length; length++)
    assert.throws(() => sealer.open(sealed.subarray(0, length).toString('base64url') as Sealed, 'p'))
  assert.throws(() => sealer.open('not sealed' as Sealed, 'p'))
})

test('no error repeats the plain text or the sealed text', () => {
  const sealed = sealer.seal('hunter2', 'p')
  assert.throws(
    () => sealer.open(sealed, 'q'),
    (error: Error) => {
      assert.ok(!error.message.includes('hunter2') && !error.message.includes(sealed))
      return true
    },
  )
})

test('a replaced master key still opens what it sealed, and no longer seals', () => {
  const old = createSealer([key(1)], systemRandom).seal('secret', 'p')
  const replaced = createSealer([key(2), key(1)], systemRandom)
  assert.equal(replaced.open(old, 'p'), 'secret')
  assert.equal(createSealer([key(2)], systemRandom).open(replaced.seal('new', 'p'), 'p'), 'new')
})

test('a digest depends on value, purpose and key', () => {
  const digest = sealer.mac('value', 'csrf')
  assert.equal(Buffer.from(digest, 'base64url').length, 32)
  assert.equal(sealer.mac('value', 'csrf'), digest)
  assert.notEqual(sealer.mac('other', 'csrf'), digest)
  assert.notEqual(sealer.mac('value', 'cookie'), digest)
  assert.notEqual(createSealer([key(2)], systemRandom).mac('value', 'csrf'), digest)
})

test('digests stay right when a caller makes up many purposes', () => {
  const before = sealer.mac('value', 'purpose 99')
  for (let index = 0; index < 200; index++) sealer.mac('value', `purpose ${index}`)
  assert.equal(sealer.mac('value', 'purpose 99'), before)
})

test('a master key that is not 32 bytes is refused', () => {
  assert.throws(() => createSealer([new Uint8Array(16)], systemRandom), /32 bytes/)
})
