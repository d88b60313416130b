import { BlockList, isIP } from 'node:net'
import type { Context } from 'hono'
import { header } from './header.ts'
import type { ServerContext } from './server-context.ts'

/** Whom to believe. */
export interface TrustedProxies {
  /** Whether who wrote this hop is a proxy of the operator's; `hop` counts from the connection, which is 0. */
  isTrusted(address: string, hop: number): boolean
  /** Whether the operator named this address. A number of proxies names none: anybody could have connected. */
  isNamed(address: string): boolean
}

/** `trusted`: the number of proxies in front, or their addresses and networks. */
export function trustedProxies(trusted: number | readonly string[]): TrustedProxies {
  if (typeof trusted === 'number') return { isTrusted: (_, hop) => hop < trusted, isNamed: () => false }
  const list = new BlockList()
  for (const network of trusted) {
    const [address = '', prefix] = network.split('/')
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
    if (prefix === undefined) list.addAddress(address, family)
    else list.addSubnet(address, Number(prefix), family)
  }
  const isNamed = (address: string) => list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')
  return { isTrusted: isNamed, isNamed }
}

/** The address of the person's device: what the connection says, or the nearest one that no trusted proxy vouches away. */
export function clientAddress(c: Context, { proxies }: ServerContext): string {
  const forwardedFor = header(c, 'x-forwarded-for')
  const peer = peerAddress(c)
  return forwardedFor === undefined ? peer : nearestUntrusted(peer, forwardedFor, proxies)
}

/**
 * Walks `X-Forwarded-For` from its end, where the nearest proxy wrote, for as long as who wrote it is trusted. What cannot
 * be read ends the walk: what stands before it may be of the client's own making.
 */
export function nearestUntrusted(peer: string, forwardedFor: string, proxies: TrustedProxies): string {
  let address = peer
  for (const [hop, entry] of forwardedFor.split(',').reverse().entries()) {
    const told = proxies.isTrusted(address, hop) ? readAddress(entry.trim()) : undefined
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

/** Whether the connection is of a proxy that the operator named. */
export function isFromNamedProxy(c: Context, { proxies }: ServerContext): boolean {
  return proxies.isNamed(peerAddress(c))
}
