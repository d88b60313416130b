import { BlockList, isIP } from 'node:net'
import type { Context } from 'hono'
import { header } from './header.ts'
import type { ServerContext } from './server-context.ts'

/** Whom to believe: the number of proxies in front, or their addresses and networks. */
type TrustedProxies = ServerContext['trustedProxies']

/** The address of the person's device: what the connection says, or the nearest one that no trusted proxy vouches away. */
export function clientAddress(c: Context, { trustedProxies }: ServerContext): string {
  return nearestUntrusted(peerAddress(c), header(c, 'x-forwarded-for') ?? '', trustedProxies)
}

/**
 * Walks `X-Forwarded-For` from its end, where the nearest proxy wrote, for as long as who wrote it is trusted. What cannot
 * be read ends the walk: what stands before it may be of the client's own making.
 */
export function nearestUntrusted(peer: string, forwardedFor: string, trusted: TrustedProxies): string {
  const isTrusted = trust(trusted)
  let address = peer
  for (const [hop, entry] of forwardedFor.split(',').reverse().entries()) {
    const told = isTrusted(address, hop) ? readAddress(entry.trim()) : undefined
    if (told === undefined) return address
    address = told
  }
  return address
}

/** Some proxies add the port: `192.0.2.1:5555`, `[2001:db8::1]:5555`. */
function readAddress(entry: string): string | undefined {
  const bare =
    /^\[([^\]]*)\](?::\d{1,5})?$/.exec(entry)?.[1] ?? /^([\d.]+):\d{1,5}$/.exec(entry)?.[1] ?? entry
  return isIP(bare) === 0 ? undefined : bare
}

function peerAddress(c: Context): string {
  const { incoming } = (c.env ?? {}) as { incoming?: { socket?: { remoteAddress?: string } } }
  // A request that came in-process has no connection.
  return incoming?.socket?.remoteAddress ?? '127.0.0.1'
}

/** Whether the connection is of a proxy that the operator named. A number of proxies names none: anybody could have connected. */
export function isFromNamedProxy(c: Context, { trustedProxies }: ServerContext): boolean {
  return typeof trustedProxies !== 'number' && trust(trustedProxies)(peerAddress(c), 0)
}

/** `hop` counts from the connection, which is 0. */
function trust(trusted: TrustedProxies): (address: string, hop: number) => boolean {
  if (typeof trusted === 'number') return (_, hop) => hop < trusted
  const list = new BlockList()
  for (const network of trusted) {
    const [address = '', prefix] = network.split('/')
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
    if (prefix === undefined) list.addAddress(address, family)
    else list.addSubnet(address, Number(prefix), family)
  }
  return (address) => list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')
}
