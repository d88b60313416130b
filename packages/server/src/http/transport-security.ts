import type { OutgoingHttpHeader, OutgoingHttpHeaders, ServerResponse } from 'node:http'

/** RFC 6797 §6.1: for a year browsers reach this host by TLS alone. */
const strictTransport = { 'strict-transport-security': 'max-age=31536000' } as const

type Given = readonly (string | OutgoingHttpHeaders | OutgoingHttpHeader[] | undefined)[]

/** Puts the header into whatever goes over a socket, also into answers that no route made (RFC 6797 §7.1). */
export function demandTls(response: ServerResponse): void {
  const { writeHead } = response
  response.writeHead = (status: number, ...given: Given) => {
    const headers = given.at(-1)
    // Into the object that the adapter made: where a header was set before, Node looks at each of the others again.
    if (typeof headers === 'object' && !Array.isArray(headers))
      return writeHead.call(response, status, { ...headers, ...strictTransport })
    for (const [name, value] of Object.entries(strictTransport)) response.setHeader(name, value)
    return Reflect.apply(writeHead, response, [status, ...given])
  }
}

/** The same for an answer in-process. */
export function demandingTls(response: Response): Response {
  for (const [name, value] of Object.entries(strictTransport)) response.headers.set(name, value)
  return response
}
