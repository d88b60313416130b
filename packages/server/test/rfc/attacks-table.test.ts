import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bareRows, missingProofs, proofRows } from '../support/proof-table.ts'

const rows = proofRows('attacks.md')

test('the table of attacks has its rows in order', () => {
  assert.ok(rows.length >= 60)
  assert.deepEqual(
    rows.map(({ number }) => number),
    Array.from(rows, (_, index) => index + 1),
  )
})

test('every test that the table of attacks names is there', () => {
  assert.deepEqual(missingProofs(rows), [])
})

test('no row of the table of attacks is without a proof, or open without a reason', () => {
  assert.deepEqual(bareRows(rows), [])
})
