import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { docBlocks } from '../../../../scripts/doc-blocks.ts'
import { ROOT } from '../support/source-files.ts'

test('the example of the README, a test of an own API, passes as it is written', () => {
  const readme = readFileSync(join(ROOT, 'README.md'), 'utf8')
  const examples = docBlocks(readme).filter(({ code }) => code.includes("from 'valetkey/testkit'"))
  assert.equal(examples.length, 1)
  // Inside the workspace, so that its imports resolve.
  const folder = mkdtempSync(join(ROOT, '.doc-blocks-'))
  try {
    const file = join(folder, 'readme.test.ts')
    writeFileSync(file, examples[0]?.code ?? '')
    // A test runner that believes to be a part of another one runs nothing.
    const { NODE_TEST_CONTEXT: _, ...env } = process.env
    const args = ['--test', '--test-reporter=tap', file]
    const { status, stdout } = spawnSync(process.execPath, args, { cwd: folder, env, encoding: 'utf8' })
    assert.equal(status, 0, stdout)
    assert.match(stdout, /^# pass 1$/m)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
