import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const GOLDEN = join(import.meta.dirname, '..', 'golden')

/**
 * Compares a text with `test/golden/<name>` (the name has its extension). `UPDATE_GOLDEN=1` writes the file instead: the
 * difference is then read in review.
 */
export function matchesGolden(name: string, text: string): void {
  const path = join(GOLDEN, name)
  if (process.env.UPDATE_GOLDEN === '1') {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
    return
  }
  assert.ok(existsSync(path), `golden file ${name} is missing; write it with UPDATE_GOLDEN=1`)
  assert.equal(
    text,
    readFileSync(path, 'utf8'),
    `${name} differs; if that is meant, run with UPDATE_GOLDEN=1`,
  )
}
