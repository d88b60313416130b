import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { aPlace, freePort } from './valetkey.ts'

const place = aPlace()
const environment = {
  VALETKEY_DATA_DIRECTORY: join(place.directory, 'data'),
  VALETKEY_LISTEN_PORT: String(await freePort()),
}
const wrongKey = { ...environment, VALETKEY_MASTER_KEY: Buffer.alloc(32, 1).toString('base64url') }
await place.run(['keys', 'list'], environment)

function rows(): unknown {
  const database = new DatabaseSync(join(environment.VALETKEY_DATA_DIRECTORY, 'valetkey.db'))
  try {
    return ['signing_key', 'client', 'tenant', 'connection'].map((table) =>
      database.prepare(`select * from ${table}`).all(),
    )
  } finally {
    database.close()
  }
}

const tenantFile = join(place.directory, 'tenant.yaml')
writeFileSync(tenantFile, 'clients: [{ name: Sealed, client_id: sealed }]\n')

const commands = {
  start: ['start'],
  'apply FILE': ['apply', tenantFile],
  'keys list': ['keys', 'list'],
  'keys rotate': ['keys', 'rotate'],
}
for (const [name, args] of Object.entries(commands)) {
  test(`${name} with the master key of another database says so and writes nothing`, async () => {
    const before = rows()
    const { code, stdout, stderr } = await place.run(args, wrongKey)
    assert.deepEqual([code, stdout], [1, ''])
    assert.match(stderr, /^valetkey [a-z ]+: the master key is not the one of this database: .*\n$/)
    assert.deepEqual(rows(), before)
  })
}
