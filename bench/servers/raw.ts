// The limit: node:http alone. It reads the body, makes the signature that no server can save, and answers ready bytes.
import { sign } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { answerParent } from '../child-process.ts'
import type { Answer, RawServerAsks, SigningAlgorithm } from '../contract.ts'
import { meter } from './meter.ts'
import { signedBytes, signingInput } from './signing.ts'

type Sign = (done: () => void) => void

let answer: Answer = { status: 200, headers: [], body: '' }
let signOnce: Sign = (done) => done()

const server = createServer((request: IncomingMessage, response: ServerResponse) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    Buffer.concat(chunks).toString()
    signOnce(() => {
      response.writeHead(answer.status, Object.fromEntries(answer.headers))
      response.end(answer.body)
    })
  })
})

answerParent<RawServerAsks>({
  ...meter(),
  open: () =>
    new Promise((resolve) => {
      server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port))
    }),
  prepare: async () => [],
  async imitate(given) {
    answer = given.answer
    signOnce = signer(given.signature)
  },
})

/** The faster way of each algorithm: the thread pool gains RS256 a core, and costs ES256 as much as its signature. */
function signer(algorithm: SigningAlgorithm | undefined): Sign {
  if (algorithm === undefined) return (done) => done()
  const input = signingInput(algorithm)
  if (algorithm === 'RS256') return (done) => sign('sha256', signedBytes, input, done)
  return (done) => {
    sign('sha256', signedBytes, input)
    done()
  }
}
