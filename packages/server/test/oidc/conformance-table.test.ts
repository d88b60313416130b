import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bareRows, missingProofs, proofRows } from '../support/proof-table.ts'

const rows = proofRows('conformance.md')

test('the conformance table has a row for each requirement of its sections', () => {
  assert.deepEqual(
    rows.map(({ number }) => number),
    Array.from({ length: 102 }, (_, index) => index + 1),
  )
})

test('every test that the conformance table names is there', () => {
  assert.deepEqual(missingProofs(rows), [])
})

test('no row of the conformance table is without a proof, or open without a reason', () => {
  assert.deepEqual(bareRows(rows), [])
})
