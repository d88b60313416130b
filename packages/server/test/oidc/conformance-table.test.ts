import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

const tests = join(import.meta.dirname, '..')
const table = readFileSync(join(tests, '../../../docs/conformance.md'), 'utf8')

/** The rows of the table: number and proof. */
const rows = [...table.matchAll(/^\| (\d+) \| [^|]+ \| (.+) \|$/gm)].map(([, number, proof = '']) => ({
  number: Number(number),
  proof,
}))

/** What a row names: a file, and perhaps a test in it. */
function named(proof: string) {
  return [...proof.matchAll(/`([^`]+\.test\.ts)(?: › ([^`]+))?`/g)].map(([, file = '', title]) => ({
    file,
    title,
  }))
}

function holds(file: string, title: string | undefined): boolean {
  const path = join(tests, file)
  if (!existsSync(path)) return false
  return title === undefined || readFileSync(path, 'utf8').includes(title)
}

test('the conformance table has a row for each requirement of its sections', () => {
  assert.deepEqual(
    rows.map(({ number }) => number),
    Array.from({ length: 102 }, (_, index) => index + 1),
  )
})

test('every test that the conformance table names is there', () => {
  const missing = rows.flatMap(({ number, proof }) =>
    named(proof)
      .filter(({ file, title }) => !holds(file, title))
      .map(({ file, title }) => `${number}: ${file} › ${title}`),
  )
  assert.deepEqual(missing, [])
})

test('no row of the conformance table is without a proof, or open without a reason', () => {
  const bare = rows.filter(
    ({ proof }) => named(proof).length === 0 && !/\*\*Open\*\*[^:]*: .{20}/.test(proof),
  )
  assert.deepEqual(bare, [])
})
