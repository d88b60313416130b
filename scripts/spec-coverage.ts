// Writes docs/spec-coverage.md: which clause is cited where, and which test holds it. `--check` compares instead, and
// fails for a rule that no test sees firing. `--refusals DIRECTORY` also looks at what a whole run of the tests refused.
import { existsSync, globSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { collectCoverage, type SourceText } from './spec-coverage/collect.ts'
import { renderCoverage } from './spec-coverage/render.ts'

const ROOT = join(import.meta.dirname, '..')
const REPORT = 'docs/spec-coverage.md'

const { values } = parseArgs({
  options: { check: { type: 'boolean', default: false }, refusals: { type: 'string' } },
})

function read(pattern: string, exclude: readonly string[] = []): SourceText[] {
  const paths = globSync(pattern, { cwd: ROOT, exclude: ['**/node_modules/**', ...exclude] }).sort()
  return paths.map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }))
}

function currentReport(): string | undefined {
  return existsSync(join(ROOT, REPORT)) ? readFileSync(join(ROOT, REPORT), 'utf8') : undefined
}

/** The ids of all rules that refused a request, a file of lines for each process. */
function refusedIn(directory: string): ReadonlySet<string> {
  const texts = readdirSync(directory).map((name) => readFileSync(join(directory, name), 'utf8'))
  return new Set(texts.flatMap((text) => text.split('\n')))
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
if (values.refusals !== undefined) {
  const refused = refusedIn(values.refusals)
  for (const { id, source } of coverage.rules.filter((rule) => !refused.has(rule.id)))
    problems.push(`no test made it refuse: '${id}', ${source}`)
}

if (values.check) {
  if (currentReport() !== report) problems.push(`${REPORT} is stale: node scripts/spec-coverage.ts`)
  process.exitCode = problems.length === 0 ? 0 : 1
} else {
  writeFileSync(join(ROOT, REPORT), report)
}
for (const problem of problems) console.error(problem)
console.log(
  `${coverage.clauses.length} clauses and ${coverage.rules.length} rules in ${sources.length} files, ${tests.length} test files`,
)
