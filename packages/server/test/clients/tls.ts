// A server behind TLS, for clients that take nothing else.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { RequestListener } from 'node:http'
import { createServer } from 'node:https'
import type { TestContext } from 'node:test'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { getRequestListener } from '@hono/node-server'
import { startTestServer, type TestServer, type TestServerOptions } from '../../src/testkit/testkit.ts'
import { aCertificate } from '../support/certificates.ts'

/** One for the whole process: among several authorities of the same name clients would take the first. */
export const certificate = aCertificate({
  subject: [['CN', 'localhost']],
  alternativeNames: [['dns', 'localhost']],
  isAuthority: true,
})

type Until = Pick<TestContext, 'after'>

/** A server whose issuer is `https://localhost` and a free port. Every client in this process trusts its certificate. */
export async function serverOnTls(t: Until, options: TestServerOptions = {}): Promise<TestServer> {
  let server: TestServer | undefined
  const answer = getRequestListener(
    (request) => server?.fetch(request) ?? new Response(null, { status: 503 }),
  )
  const settings = { publicUrl: await onTls(t, answer), ...options.settings }
  const started = await startTestServer({ startAt: new Date().toISOString(), ...options, settings })
  server = started
  t.after(() => started.close())
  return started
}

/** Serves through TLS on a free port until the test ends, and answers the origin. */
export async function onTls(t: Until, listener: RequestListener): Promise<string> {
  setDefaultCACertificates([...getCACertificates(), certificate.pem])
  const front = createServer({ key: certificate.privateKeyPem, cert: certificate.pem }, listener).listen(
    0,
    '127.0.0.1',
  )
  await once(front, 'listening')
  t.after(() => {
    front.closeAllConnections()
    front.close()
  })
  const address = front.address()
  assert.ok(typeof address === 'object' && address !== null)
  return `https://localhost:${address.port}`
}
