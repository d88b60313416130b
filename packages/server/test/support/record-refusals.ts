// Loaded before each test file of a whole run (scripts/check/run-tests.ts): writes down which rules its servers refused by.
import { subscribe } from 'node:diagnostics_channel'
import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { logChannel } from '../../src/testkit/captured.ts'

const directory = process.env.VALETKEY_TEST_REFUSALS
const seen = new Set<string>()

if (directory !== undefined)
  subscribe(logChannel, (entry) => {
    const id = refusedRule(entry)
    if (id === undefined || seen.has(id)) return
    seen.add(id)
    appendFileSync(join(directory, `${process.pid}.txt`), `${id}\n`)
  })

function refusedRule(entry: unknown): string | undefined {
  if (typeof entry !== 'object' || entry === null || !('fields' in entry)) return undefined
  const { fields } = entry
  if (typeof fields !== 'object' || fields === null || !('rule' in fields)) return undefined
  return typeof fields.rule === 'string' ? fields.rule : undefined
}
