// A server behind TLS, for clients that take nothing else.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type Server } from 'node:https'
import type { TestContext } from 'node:test'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { getRequestListener } from '@hono/node-server'
import { startTestServer, type TestServer, type TestServerOptions } from '../../src/testkit/testkit.ts'
import { selfSigned } from './certificate.ts'

/** One for the whole process: among several authorities of the same name clients would take the first. */
export const certificate = selfSigned('localhost')

type Until = Pick<TestContext, 'after'>

/** A server whose issuer is `https://localhost` and a free port. Every client in this process trusts its certificate. */
export async function serverOnTls(t: Until, options: TestServerOptions = {}): Promise<TestServer> {
  setDefaultCACertificates([...getCACertificates(), certificate.cert])
  let server: TestServer | undefined
  const front = createServer(
    certificate,
    getRequestListener((request) => server?.fetch(request) ?? new Response(null, { status: 503 })),
  )
  const port = await listenOn(front, t)
  const settings = { publicUrl: `https://localhost:${port}`, ...options.settings }
  const started = await startTestServer({ startAt: new Date().toISOString(), ...options, settings })
  server = started
  t.after(() => started.close())
  return started
}

async function listenOn(server: Server, t: Until): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  assert.ok(typeof address === 'object' && address !== null)
  return address.port
}
