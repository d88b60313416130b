import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'

/** State, request objects and hints travel in URLs; the OpenID conformance suite sends long ones. */
const maxHeaderSize = 65_536

/** A socket that answers requests. */
export interface Listener {
  /** Begins to listen and answers the local address. Rejects when the port is taken. */
  listen(host: string, port: number): Promise<{ readonly host: string; readonly port: number }>
  /** Takes no new connection, waits for begun requests, and cuts what is left after `graceSeconds`. */
  stop(graceSeconds: number): Promise<void>
}

export function createListener(fetch: Parameters<typeof createAdaptorServer>[0]['fetch']): Listener {
  const server = createAdaptorServer({ fetch, serverOptions: { maxHeaderSize } })
  return {
    listen: (host, port) =>
      new Promise((resolve, reject) => {
        server.once('error', reject)
        server.listen(port, host, () => {
          server.off('error', reject)
          resolve({ host, port: (server.address() as AddressInfo).port })
        })
      }),
    stop: (graceSeconds) =>
      new Promise((resolve) => {
        if (!server.listening) return resolve()
        const cut = () => 'closeAllConnections' in server && server.closeAllConnections()
        const deadline = setTimeout(cut, graceSeconds * 1000)
        server.close(() => {
          clearTimeout(deadline)
          resolve()
        })
        if ('closeIdleConnections' in server) server.closeIdleConnections()
      }),
  }
}
