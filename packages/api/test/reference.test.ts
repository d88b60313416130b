import assert from 'node:assert/strict'
import { test } from 'node:test'
import { tenantFileReference, undescribed } from '@valetkey/api/reference'

test('every member of a tenant file is described, and nothing else', () => {
  assert.deepEqual(undescribed(), [])
})

test('the reference has one row of four cells for every member, with its type', () => {
  const rows = tenantFileReference()
    .split('\n')
    .filter((line) => line.startsWith('| `'))
  assert.ok(rows.length > 100)
  for (const row of rows) {
    const [, , type = ''] = row.split(/(?<!\\)\|/)
    assert.equal(row.split(/(?<!\\)\|/).length, 6, row)
    assert.notEqual(type.trim(), '', row)
  }
})

test('defaults and bounds are those of the schema', () => {
  const text = tenantFileReference()
  assert.match(text, /^\| `par_request_expiry` \| number, 5 to 600 \| 30 \|/m)
  assert.match(text, /^\| `identifier` \| text \| required \|/m)
})
