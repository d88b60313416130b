// Writes docs/spec-coverage.md: which clause is cited where, and which test holds it. `--check` compares instead, and
// fails for a rule that no test sees firing.
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { collectCoverage, type SourceText } from './spec-coverage/collect.ts'
import { renderCoverage } from './spec-coverage/render.ts'

const ROOT = join(import.meta.dirname, '..')
const REPORT = 'docs/spec-coverage.md'

function read(pattern: string, exclude: readonly string[] = []): SourceText[] {
  const paths = globSync(pattern, { cwd: ROOT, exclude: ['**/node_modules/**', ...exclude] }).sort()
  return paths.map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }))
}

function currentReport(): string | undefined {
  return existsSync(join(ROOT, REPORT)) ? readFileSync(join(ROOT, REPORT), 'utf8') : undefined
}

const sources = read('packages/*/src/**/*.{ts,tsx}')
// Tests of the test support speak of invented rules.
const tests = read('packages/*/test/**/*.ts', ['packages/*/test/support*'])
const coverage = collectCoverage(sources, tests)
const report = renderCoverage(coverage)
const untested = coverage.rules.filter((rule) => rule.tests.length === 0)

const problems: string[] = []
if (sources.length === 0 || tests.length === 0) problems.push('no source or no test found')
if (coverage.rules.length === 0 && existsSync(join(ROOT, 'packages/server/src/oauth'))) {
  problems.push('no rules found')
}
for (const rule of untested) problems.push(`no negative test: '${rule.id}' (${rule.clause}), ${rule.source}`)

if (process.argv.includes('--check')) {
  if (currentReport() !== report) problems.push(`${REPORT} is stale: node scripts/spec-coverage.ts`)
  process.exitCode = problems.length === 0 ? 0 : 1
} else {
  writeFileSync(join(ROOT, REPORT), report)
}
for (const problem of problems) console.error(problem)
console.log(
  `${coverage.clauses.length} clauses and ${coverage.rules.length} rules in ${sources.length} files, ${tests.length} test files`,
)
