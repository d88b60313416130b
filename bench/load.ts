// The load generator: a process of its own, a fixed number of connections, bounded by time and by prepared requests.
import { answerParent } from './child-process.ts'
import type { Answer, LoadAsks, LoadOrder, LoadReport, PreparedRequest } from './contract.ts'
import { openConnection } from './load-connection.ts'

answerParent<LoadAsks>({ run })

async function run(order: LoadOrder): Promise<LoadReport> {
  const wire = order.requests.map((request) => encode(request, order.port))
  const next = requestsOf(wire, order)
  const durations: number[] = []
  let sample: Answer | undefined
  let failure: Answer | undefined

  async function drive(): Promise<void> {
    const connection = await openConnection(order.port)
    for (let request = next(); request !== undefined; request = next()) {
      const sentAt = performance.now()
      const answer = await connection.exchange(request, sample === undefined)
      durations.push(performance.now() - sentAt)
      if (!isExpected(answer, order, sample === undefined)) failure ??= answer
      else sample ??= answer
    }
    connection.close()
  }

  const begun = performance.now()
  await Promise.all(Array.from({ length: order.connections }, drive))
  const seconds = (performance.now() - begun) / 1000
  durations.sort((left, right) => left - right)
  return {
    requests: durations.length,
    seconds,
    p50Ms: percentile(durations, 0.5),
    p99Ms: percentile(durations, 0.99),
    ...(failure !== undefined && { failure }),
    sample: sample ?? failure ?? { status: 0, headers: [], body: '' },
  }
}

// Of most answers that come after the first good one the connection reads the status alone.
function isExpected(answer: Answer, { expected }: LoadOrder, isWhole: boolean): boolean {
  if (!expected.statuses.includes(answer.status)) return false
  if (!isWhole && answer.body === '') return true
  return answer.body.includes(expected.has) || answer.headers.flat().join().includes(expected.has)
}

/** Answers the next request to send, or `undefined` when the window is over. */
function requestsOf(wire: readonly Buffer[], { singleUse, seconds }: LoadOrder): () => Buffer | undefined {
  const end = performance.now() + seconds * 1000
  let sent = 0
  return () => {
    if (performance.now() >= end || (singleUse && sent >= wire.length)) return undefined
    sent += 1
    return wire[(sent - 1) % wire.length]
  }
}

function encode({ method, path, headers, body }: PreparedRequest, port: number): Buffer {
  const all = { host: `127.0.0.1:${port}`, accept: 'application/json', ...headers }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
  const length = method === 'POST' ? `content-length: ${Buffer.byteLength(body)}\r\n` : ''
  return Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines.join('')}${length}\r\n${body}`)
}

function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}
