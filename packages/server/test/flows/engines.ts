// Runs the same flows on every storage engine.
import { after, before, describe } from 'node:test'
import { startTestServer, type TestServer } from '../../src/testkit/testkit.ts'
import { type FreshDatabase, freshDatabase } from '../support/postgres.ts'

const masterKey = Buffer.alloc(32, 7).toString('base64url')

/** Declares tests once for SQLite and once for PostgreSQL, each with a server that its tests share. */
export function onEveryEngine(
  declare: (server: () => TestServer) => void,
  settings: Readonly<Record<string, unknown>> = {},
): void {
  describe('SQLite', () => {
    let server: TestServer | undefined
    before(async () => {
      server = await startTestServer({ settings })
    })
    after(() => server?.close())
    declare(() => started(server))
  })
  describe('PostgreSQL', () => {
    let server: TestServer | undefined
    let database: FreshDatabase | undefined
    before(async () => {
      database = await freshDatabase()
      const store = { engine: 'postgres', postgres: { url: database.url } }
      server = await startTestServer({ settings: { ...settings, store, masterKey } })
    })
    after(async () => {
      await server?.close()
      await database?.drop()
    })
    declare(() => started(server))
  })
}

function started(server: TestServer | undefined): TestServer {
  if (server === undefined) throw new Error('the server is not started')
  return server
}
