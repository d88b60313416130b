import { connect } from 'node:net'
import type { Answer } from './contract.ts'

/** One kept-alive connection with one request at a time. */
export interface Connection {
  /** Sends a request as it is. `whole`: also reads headers and body into the answer. */
  exchange(request: Buffer, whole: boolean): Promise<Answer>
  close(): void
}

const headEnd = Buffer.from('\r\n\r\n')
/** What follows the head when a chunked answer has no body (RFC 9112 §7.1). */
const lastChunkLength = '0\r\n\r\n'.length
const zero = 0x30
/** Headers that node:http writes itself. */
const ownHeaders = new Set(['date', 'connection', 'keep-alive'])

/**
 * A client that costs next to nothing beside the server: it understands answers with a `content-length`, chunked ones
 * without a body, and no others.
 */
export async function openConnection(port: number): Promise<Connection> {
  const socket = connect({ host: '127.0.0.1', port, noDelay: true })
  let received: Buffer = Buffer.alloc(0)
  let waiting: { answered: PromiseWithResolvers<Answer>; whole: boolean } | undefined

  function fail(error: Error): void {
    waiting?.answered.reject(error)
  }

  socket.on('data', (chunk: Buffer) => {
    received = received.length === 0 ? chunk : Buffer.concat([received, chunk])
    const bodyStart = received.indexOf(headEnd) + headEnd.length
    if (bodyStart < headEnd.length) return
    const head = received.toString('latin1', 0, bodyStart)
    const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1]
    const bodyEnd = bodyStart + Number(length ?? 0)
    const end = length === undefined ? bodyStart + lastChunkLength : bodyEnd
    if (received.length < end) return
    if (length === undefined && received[bodyStart] !== zero)
      return fail(new Error(`an answer without content-length:\n${head}`))
    const body =
      waiting?.whole || head.slice(9, 12) !== '200' ? received.toString('utf8', bodyStart, bodyEnd) : ''
    received = received.subarray(end)
    waiting?.answered.resolve({
      status: Number(head.slice(9, 12)),
      headers: headersOf(head, waiting.whole),
      body,
    })
  })
  socket.on('error', fail)
  socket.on('close', () => fail(new Error('the server closed the connection')))
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve)
    socket.once('error', reject)
  })

  return {
    exchange(request, whole) {
      waiting = { answered: Promise.withResolvers(), whole }
      socket.write(request)
      return waiting.answered.promise
    },
    close() {
      socket.removeAllListeners('close')
      socket.destroy()
    },
  }
}

function headersOf(head: string, wanted: boolean): Answer['headers'] {
  if (!wanted) return []
  return head
    .split('\r\n')
    .slice(1, -2)
    .map((line) => {
      const colon = line.indexOf(':')
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const
    })
    .filter(([name]) => !ownHeaders.has(name))
}
