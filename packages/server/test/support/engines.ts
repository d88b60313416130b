import { startTestServer, type TestServer } from '../../src/testkit/testkit.ts'
import { freshDatabase } from './postgres.ts'

/** A server under test on each storage engine, for what only the engine can decide: races. */
export const engines: readonly { readonly name: string; start(): Promise<TestServer> }[] = [
  { name: 'SQLite', start: () => startTestServer() },
  { name: 'PostgreSQL', start: startOnPostgres },
]

async function startOnPostgres(): Promise<TestServer> {
  const database = await freshDatabase()
  const server = await startTestServer({ settings: { store: { postgres: { url: database.url } } } })
  const close = async () => {
    await server.close()
    await database.drop()
  }
  return { ...server, close }
}
