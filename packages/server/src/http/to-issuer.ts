import type { Context } from 'hono'
import { isSecure, type ServerContext } from './server-context.ts'

const loopback = /^(?:(?:.+\.)?localhost|127\.\d+\.\d+\.\d+|\[::1\])$/

/**
 * Sends who opens a page under another name of this machine to the issuer: cookies of `127.0.0.1` are not those of
 * `localhost`. Only from one loopback name to another on the same port: behind a proxy that hides the name by which it was
 * called, everything else would go around in circles. Nothing of the `Host` header gets into the address.
 */
export async function toIssuer(
  c: Context,
  next: () => Promise<unknown>,
  context: ServerContext,
): Promise<Response | undefined> {
  const address = addressAtIssuer(c, context)
  if (address !== undefined) return c.redirect(address, 307)
  await next()
  return undefined
}

/** Where a page is opened that was asked for under another name; `undefined` where it was asked for under the right one. */
export function addressAtIssuer(c: Context, context: ServerContext): string | undefined {
  const { hostname, port, pathname, search } = new URL(c.req.url)
  const target = new URL(context.issuer)
  const isOtherName = hostname !== target.hostname && port === target.port && loopback.test(hostname)
  if (isSecure(context) || c.req.method !== 'GET' || !isOtherName) return undefined
  target.pathname = pathname
  target.search = search
  return target.href
}
