import assert from 'node:assert/strict'
import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { loadMasterKey, MasterKeyMistake } from '../../src/ports/master-key.ts'
import { systemRandom } from '../../src/ports/random.ts'

const root = mkdtempSync(join(tmpdir(), 'valetkey-key-'))
after(() => rmSync(root, { recursive: true }))

function place() {
  const directory = join(mkdtempSync(join(root, 'case-')), 'data')
  const database = join(directory, 'valetkey.db')
  const config = { store: { engine: 'sqlite', sqlite: { file: database } } } as const
  return {
    directory,
    database,
    file: join(directory, 'master.key'),
    load: () => loadMasterKey(config, systemRandom),
  }
}

test('the first start makes a key that only its owner can read, and later starts read it', () => {
  const { directory, file, load } = place()
  const key = load()
  assert.equal(key.length, 32)
  assert.equal(statSync(file).mode & 0o777, 0o600)
  assert.equal(statSync(directory).mode & 0o777, 0o700)
  assert.deepEqual(readdirSync(directory), ['master.key'])
  assert.deepEqual(load(), key)
})

test('a key file that others may read stops the start', () => {
  const { file, load } = place()
  load()
  for (const mode of [0o640, 0o604, 0o620, 0o666]) {
    chmodSync(file, mode)
    assert.throws(load, (error) => error instanceof MasterKeyMistake && /chmod 600/.test(error.message))
  }
})

test('a missing key beside a database stops the start, and no new key is made', () => {
  const { directory, database, file, load } = place()
  load()
  writeFileSync(database, 'rows')
  unlinkSync(file)
  assert.throws(load, /master\.key is missing/)
  assert.deepEqual(readdirSync(directory), ['valetkey.db'])
})

test('a damaged key stops the start and is not repeated', () => {
  const { file, load } = place()
  load()
  const damaged = readFileSync(file, 'utf8').slice(0, 20)
  writeFileSync(file, damaged)
  assert.throws(load, (error: Error) => /32 bytes/.test(error.message) && !error.message.includes(damaged))
})

test('the setting wins over the file, and PostgreSQL has no file', () => {
  const masterKey = Buffer.alloc(32, 9).toString('base64url')
  const { directory, database } = place()
  const sqlite = { engine: 'sqlite', sqlite: { file: database } } as const
  const postgres = { engine: 'postgres', postgres: { url: 'postgres://db', poolSize: 1 } } as const
  assert.deepEqual([...loadMasterKey({ masterKey, store: sqlite }, systemRandom)], Array(32).fill(9))
  assert.throws(() => statSync(directory), /ENOENT/)
  assert.throws(() => loadMasterKey({ store: postgres }, systemRandom), MasterKeyMistake)
})

test('an in-memory database has a key of its own each time', () => {
  const config = { store: { engine: 'sqlite', sqlite: {} } } as const
  assert.notDeepEqual(loadMasterKey(config, systemRandom), loadMasterKey(config, systemRandom))
})
