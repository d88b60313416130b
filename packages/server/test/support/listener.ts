// A neighbour on the loopback address, which the server may be tricked into visiting.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import { after } from 'node:test'

/** Speaks HTTP without TLS, until the tests of the file are over. */
export interface Listener {
  readonly port: number
  /** `127.0.0.1:port` */
  readonly host: string
  /** How many connections were opened, whatever was said on them: also a TLS handshake that this server cannot read. */
  connections(): number
}

export async function loopbackListener(answer: RequestListener): Promise<Listener> {
  let connections = 0
  const server = createServer(answer)
    .on('connection', () => {
      connections += 1
    })
    .listen(0, '127.0.0.1')
  await once(server, 'listening')
  after(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  assert.ok(address !== null && typeof address === 'object')
  return { port: address.port, host: `127.0.0.1:${address.port}`, connections: () => connections }
}
