// The one command of a contributor and of the build: types, lint, tests, coverage of the specifications.
//   node scripts/check.ts [--only types,lint,tests,documents,coverage] [TEST_FILE…]
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { runProgram } from './check/run-program.ts'
import { runTests } from './check/run-tests.ts'

const ROOT = join(import.meta.dirname, '..')

const { values, positionals } = parseArgs({ options: { only: { type: 'string' } }, allowPositionals: true })

const refusals = mkdtempSync(join(tmpdir(), 'valetkey-refusals-'))
let isWholeRun = false

/** Each step says whether it succeeded; a step that found nothing to look at has failed. */
const STEPS: Readonly<Record<string, () => Promise<boolean>>> = {
  types: () => runProgram(ROOT, ['node_modules/.bin/tsc', '-p', '.']),
  lint: () => runProgram(ROOT, ['node_modules/.bin/biome', 'check', '--error-on-warnings', '.']),
  async tests() {
    const succeeded = await runTests(ROOT, positionals, refusals)
    isWholeRun = succeeded && positionals.length === 0
    return succeeded
  },
  documents: () => runProgram(ROOT, ['scripts/doc-blocks.ts']),
  coverage: () =>
    runProgram(ROOT, [
      'scripts/spec-coverage.ts',
      '--check',
      // Only a whole run can say that a rule never refused.
      ...(isWholeRun ? ['--refusals', refusals] : []),
    ]),
}

const wanted = values.only?.split(',') ?? Object.keys(STEPS)
const failed: string[] = []
for (const name of wanted) {
  const step = STEPS[name]
  if (step === undefined) throw new Error(`${name} is no step; there are ${Object.keys(STEPS).join(', ')}`)
  const startedAt = performance.now()
  const succeeded = await step().catch((error) => {
    console.error(error)
    return false
  })
  if (!succeeded) failed.push(name)
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
  console.log(`${succeeded ? '✔' : '✖'} ${name} (${seconds} s)`)
}
rmSync(refusals, { recursive: true })
console.log(failed.length === 0 ? `✔ check: ${wanted.join(', ')}` : `✖ check failed: ${failed.join(', ')}`)
process.exitCode = failed.length === 0 ? 0 : 1
