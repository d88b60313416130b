import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import { demandTls } from './transport-security.ts'

/** State, request objects and hints travel in URLs; the OpenID conformance suite sends long ones. */
const maxHeaderSize = 65_536

/** A socket that answers requests. */
export interface Listener {
  /** Begins to listen and answers the local address. Rejects when the port is taken. */
  listen(host: string, port: number): Promise<{ readonly host: string; readonly port: number }>
  /** Takes no new connection, waits for begun requests, and cuts what is left after `graceSeconds`. A client that keeps
   * its connection is told to close it, so that it sends no request that would find it closed. */
  stop(graceSeconds: number): Promise<void>
}

/** What the listener speaks TLS with, in PEM. */
export interface ListenerTls {
  readonly certificate: string
  readonly key: string
  /** Clients are asked for a certificate, and these authorities are trusted to issue it; nobody is asked without them. */
  readonly clientAuthorities?: string
}

// RFC 9325 §4.2: forward secrecy and authenticated encryption only.
const ciphers = [
  'TLS_AES_128_GCM_SHA256',
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
].join(':')

function tlsOptions({ certificate, key, clientAuthorities }: ListenerTls) {
  return {
    maxHeaderSize,
    cert: certificate,
    key,
    minVersion: 'TLSv1.2' as const,
    ciphers,
    honorCipherOrder: true,
    // RFC 8705 §2.2: a self-signed certificate must get through the handshake; what it is worth is judged per client.
    rejectUnauthorized: false,
    requestCert: clientAuthorities !== undefined,
    ...(clientAuthorities !== undefined && { ca: clientAuthorities }),
  }
}

/** `isSecure`: browsers reach the server by TLS, its own or a proxy's, and are told to use nothing else. */
export function createListener(
  fetch: Parameters<typeof createAdaptorServer>[0]['fetch'],
  { tls, isSecure = false }: { readonly tls?: ListenerTls | undefined; readonly isSecure?: boolean } = {},
): Listener {
  const server = createAdaptorServer(
    tls === undefined
      ? { fetch, serverOptions: { maxHeaderSize } }
      : { fetch, createServer: createTlsServer, serverOptions: tlsOptions(tls) },
  ) as Server
  const unanswered = new Set<ServerResponse>()
  let isStopping = false
  server.prependListener('request', (_request: IncomingMessage, response: ServerResponse) => {
    if (isSecure) demandTls(response)
    if (isStopping) return sayClose(response)
    unanswered.add(response)
    response.once('close', () => unanswered.delete(response))
  })
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
        isStopping = true
        for (const response of unanswered) sayClose(response)
        const deadline = setTimeout(() => server.closeAllConnections(), graceSeconds * 1000)
        server.close(() => {
          clearTimeout(deadline)
          resolve()
        })
        server.closeIdleConnections()
      }),
  }
}

// RFC 9112 §9.6.
function sayClose(response: ServerResponse): void {
  if (!response.headersSent) response.setHeader('connection', 'close')
}
