// Owns how all tests are run: which files, how many at a time, and the one database server they share.
import { globSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { startPostgres } from '../../packages/server/test/support/postgres.ts'
import { runProgram } from './run-program.ts'

const PATTERNS = ['packages/*/test/**/*.test.ts', 'examples/**/*.test.ts', 'bench/**/*.test.ts']
const TEST_LIMIT_MS = 120_000
const RUN_LIMIT_MS = 1_200_000
// A test file is mostly waiting: for the database, the browser, the password hash of another thread.
const FILES_AT_A_TIME = Math.min(8, Math.max(2, availableParallelism()))

/** Runs the given test files, or all of them; leaves in the directory `refusals` which rules they saw refuse. */
export async function runTests(root: string, chosen: readonly string[], refusals: string): Promise<boolean> {
  const files = chosen.length > 0 ? chosen : testFiles(root)
  if (files.length === 0) throw new Error('no test file found')
  const url = process.env.VALETKEY_TEST_POSTGRES_URL
  if (url) return runFiles(root, files, url, refusals)
  await using server = await startPostgres()
  return await runFiles(root, files, server.url, refusals)
}

function testFiles(root: string): string[] {
  return globSync(PATTERNS, { cwd: root, exclude: ['**/node_modules/**'] }).sort()
}

function runFiles(
  root: string,
  files: readonly string[],
  postgresUrl: string,
  refusals: string,
): Promise<boolean> {
  const options = [
    '--import=./packages/server/test/support/record-refusals.ts',
    '--test',
    `--test-concurrency=${FILES_AT_A_TIME}`,
    `--test-timeout=${TEST_LIMIT_MS}`,
    '--test-reporter=spec',
  ]
  const env = {
    ...process.env,
    VALETKEY_TEST_POSTGRES_URL: postgresUrl,
    VALETKEY_TEST_REFUSALS: refusals,
  }
  // Not --test-force-exit: it loses results. An interrupted runner names the files that hold it up.
  return runProgram(root, [...options, ...files], { env, timeout: RUN_LIMIT_MS, killSignal: 'SIGINT' })
}
