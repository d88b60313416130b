import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Bounded } from '../../src/stores/cache/bounded.ts'

test('a bounded map never holds more than twice its capacity', () => {
  const map = new Bounded<number, number>(10)
  for (let key = 0; key < 1000; key++) {
    map.add(key, key)
    assert.ok(map.size <= 20)
    assert.equal(map.get(key), key)
  }
  assert.equal(map.get(0), undefined)
})

test('what is used stays, whatever else is added', () => {
  const map = new Bounded<string, string>(10)
  map.add('used', 'value')
  for (let key = 0; key < 1000; key++) {
    map.add(`other ${key}`, 'value')
    assert.equal(map.get('used'), 'value')
  }
})
