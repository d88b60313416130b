// The server under test: the real one on loopback, with a database file and durable commits.
//   node bench/servers/valetkey.ts DIRECTORY
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { createServer } from 'valetkey'
import { resolveConfig } from '../../packages/server/src/config/config.ts'
import { answerParent } from '../child-process.ts'
import type { ServerAsks } from '../contract.ts'
import { meter } from './meter.ts'
import { type Seeded, seed } from './valetkey-seed.ts'
import { issuer } from './world.ts'

const [, , directory = ''] = process.argv
const file = join(directory, 'valetkey.db')
const resolved = resolveConfig({
  publicUrl: issuer,
  listen: { host: '127.0.0.1', port: 0 },
  dataDirectory: directory,
  store: { sqlite: { file } },
  log: { level: 'silent' },
})
if (resolved.kind === 'mistaken') throw new Error(JSON.stringify(resolved.mistakes))
const server = await createServer(resolved.config)
let seeded: Seeded | undefined

answerParent<ServerAsks>(
  {
    ...meter(),
    async open() {
      seeded = await seed(server)
      return (await server.listen()).port
    },
    async prepare({ scenario, count }) {
      if (seeded === undefined) throw new Error('open first')
      const requests = await seeded.prepare(scenario, count)
      checkpoint()
      return requests
    },
  },
  () => server.close(),
)

/** Moves what was prepared from the log to the database, so that no window pays for writing it there. */
function checkpoint(): void {
  using database = new DatabaseSync(file)
  database.exec('pragma wal_checkpoint(truncate)')
}
