import assert from 'node:assert/strict'
import { test } from 'node:test'
import { allSettings } from '../../src/config/catalogue.ts'
import { reference } from '../../src/config/reference.ts'

test('names in the environment follow from the path', () => {
  const named = Object.fromEntries(allSettings().map(({ name, variable }) => [name, variable]))
  assert.equal(named.publicUrl, 'VALETKEY_PUBLIC_URL')
  assert.equal(named['store.postgres.poolSize'], 'VALETKEY_STORE_POSTGRES_POOL_SIZE')
})

test('every setting is described, and its variable is its own', () => {
  const settings = allSettings()
  for (const { name, description } of settings) assert.ok(description.length > 20, name)
  assert.equal(new Set(settings.map(({ variable }) => variable)).size, settings.length)
})

test('the reference has one row of four cells for every setting', () => {
  const rows = reference()
    .split('\n')
    .filter((line) => line.startsWith('| `'))
  assert.equal(rows.length, allSettings().length)
  for (const row of rows) assert.equal(row.split(/(?<!\\)\|/).length, 6, row)
})
