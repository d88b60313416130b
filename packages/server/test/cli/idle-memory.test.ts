import assert from 'node:assert/strict'
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { aPlace, freePort } from './valetkey.ts'

const place = aPlace()
const limitBytes = 110e6

async function idleBytes(environment: NodeJS.ProcessEnv): Promise<number> {
  const { child, ended } = await place.serve(environment)
  // The answer comes after what the start gives back.
  await fetch(`http://127.0.0.1:${environment.VALETKEY_LISTEN_PORT}/.well-known/openid-configuration`)
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]
  child.kill('SIGTERM')
  assert.equal((await ended).code, 0)
  return Number(kilobytes) * 1024
}

test('a server that nobody asks anything needs less than 110 MB', {
  skip: process.platform !== 'linux',
}, async () => {
  const environment = {
    VALETKEY_LISTEN_PORT: String(await freePort()),
    VALETKEY_DATA_DIRECTORY: join(place.directory, 'idle'),
    VALETKEY_LOG_LEVEL: 'warn',
  }
  await idleBytes(environment)
  const bytes = await idleBytes(environment)
  assert.ok(bytes < limitBytes, `${bytes} bytes`)
})

test('the command can be executed as it is', { skip: process.platform === 'win32' }, () => {
  const main = join(import.meta.dirname, '../../src/main.ts')
  assert.equal(statSync(main).mode & 0o111, 0o111)
})
