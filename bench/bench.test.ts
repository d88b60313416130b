import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { median } from './report.ts'

const bench = fileURLToPath(new URL('bench.ts', import.meta.url))
const run = promisify(execFile)

test('the bench measures every server in one run and writes table and JSON', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'valetkey-bench-test-'))
  try {
    const json = join(directory, 'bench.json')
    const { stdout } = await run(process.execPath, [
      bench,
      ...['--seconds', '0.1', '--rounds', '1', '--connections', '2', '--json', json],
      ...['--only', 'code'],
    ])
    assert.match(stdout, /valetkey ÷ oidc-provider/)
    const { scenarios, targets } = JSON.parse(await readFile(json, 'utf8'))
    assert.equal(scenarios.length, 1)
    for (const { valetkey, toPeer, toLimit } of scenarios) {
      assert.ok(valetkey.requestsPerSecond > 0)
      assert.ok(toPeer.cpuMicroseconds > 0)
      assert.ok(toLimit.cpuMicroseconds > 0)
    }
    assert.equal(targets.length, 1)
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
})

test('a mistake on the command line is explained and fails', async () => {
  await assert.rejects(run(process.execPath, [bench, '--only', 'nothing']), /there is no such part/)
})

test('the median of an even count lies between the two in the middle', () => {
  assert.equal(median([3, 1, 2]), 2)
  assert.equal(median([4, 1, 2, 3]), 2.5)
})
