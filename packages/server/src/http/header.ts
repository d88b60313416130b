import type { IncomingMessage } from 'node:http'
import type { Context } from 'hono'

/**
 * A request header by its lower-case name. What came over a socket is read as the parser left it: wrapping all headers for
 * a look at a few costs more than the rest of reading a request.
 */
export function header(c: Context, name: string): string | undefined {
  const { incoming } = (c.env ?? {}) as { readonly incoming?: IncomingMessage }
  if (incoming === undefined) return c.req.header(name)
  const value = incoming.headers[name]
  return typeof value === 'object' ? value.join(', ') : value
}
