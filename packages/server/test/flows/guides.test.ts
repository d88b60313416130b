// What the guides promise: their tenant files are applied, their commands run, and the answers are those that they show.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import { followGuide } from '../support/guide.ts'

const guides = [
  'device-flow',
  'pushed-and-signed-requests',
  'dynamic-registration',
  'token-exchange',
  'client-authentication',
  'check-tokens',
  'permissions',
  'logout',
]

const tools = ['bash', 'curl', 'jq', 'openssl']
const missing = tools.filter((tool) => spawnSync(tool, ['--version']).error !== undefined)
const skip = missing.length > 0 && `there is no ${missing.join(', ')} here`

for (const guide of guides)
  test(`the guide ${guide} can be followed`, { skip }, async () => {
    assert.ok((await followGuide(`docs/guides/${guide}.md`)) > 3)
  })
