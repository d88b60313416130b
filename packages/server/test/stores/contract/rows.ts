import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { StoreConflict } from '../../../src/domain/store.ts'
import { id } from '../nouns.ts'
import { type EditableNoun, editableNouns } from './editable-nouns.ts'
import type { Given } from './scene.ts'

/** The verbs that all editable nouns share. */
export function rowsContract(given: Given): void {
  for (const noun of editableNouns) describe(noun.name, () => nounContract(given, noun))
}

function nounContract(given: Given, { name, open, build, changed }: EditableNoun): void {
  test('create stores with version 1, whatever the given version, and find answers what was stored', async () => {
    const { rows, prefix } = await open(given)
    const noun = build(`${prefix}one`)
    assert.deepEqual(await rows.create({ ...noun, version: 7 }), { ...noun, version: 1 })
    assert.deepEqual(await rows.find(noun.id), { ...noun, version: 1 })
  })

  test('find answers undefined for an unknown id, and compares ids by their bytes', async () => {
    const { rows, prefix } = await open(given)
    await rows.create(build(`${prefix}Case`))
    assert.equal(await rows.find(id(`${prefix}case`)), undefined)
    assert.equal(await rows.find(id(`${prefix}Case `)), undefined)
    assert.equal(await rows.find(id('')), undefined)
  })

  test('a second create under the id is a StoreConflict that names the noun and keeps the first', async () => {
    const { rows, prefix } = await open(given)
    const first = await rows.create(build(`${prefix}twice`))
    await assert.rejects(rows.create(changed(first)), new StoreConflict(name))
    assert.deepEqual(await rows.find(first.id), first)
  })

  test('update replaces the row that still has the version, and raises it', async () => {
    const { rows, prefix } = await open(given)
    const first = await rows.create(build(`${prefix}edited`))
    const second = changed(first)
    const updated = await rows.update(second)
    assert.deepEqual(updated, { kind: 'updated', value: { ...second, version: 2 } })
    assert.deepEqual(await rows.find(first.id), { ...second, version: 2 })
  })

  test('update with an older version is a conflict and changes nothing', async () => {
    const { rows, prefix } = await open(given)
    const first = await rows.create(build(`${prefix}stale`))
    await rows.update(first)
    assert.deepEqual(await rows.update(changed(first)), { kind: 'conflict' })
    assert.deepEqual(await rows.find(first.id), { ...first, version: 2 })
  })

  test('update of what does not exist is missing and stores nothing', async () => {
    const { rows, prefix } = await open(given)
    const noun = build(`${prefix}absent`)
    assert.deepEqual(await rows.update(noun), { kind: 'missing' })
    assert.equal(await rows.find(noun.id), undefined)
  })

  test('delete answers whether there was one', async () => {
    const { rows, prefix } = await open(given)
    const noun = await rows.create(build(`${prefix}deleted`))
    assert.equal(await rows.delete(noun.id), true)
    assert.equal(await rows.find(noun.id), undefined)
    assert.equal(await rows.delete(noun.id), false)
    assert.deepEqual(await rows.update(noun), { kind: 'missing' })
  })

  test('an id can be used again after its row was deleted', async () => {
    const { rows, prefix } = await open(given)
    const first = await rows.create(build(`${prefix}again`))
    await rows.delete(first.id)
    assert.deepEqual(await rows.create(changed(first)), { ...changed(first), version: 1 })
  })
}
