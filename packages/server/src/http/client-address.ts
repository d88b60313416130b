import { BlockList, isIP } from 'node:net'
import type { Context } from 'hono'
import { header } from './header.ts'
import type { ServerContext } from './server-context.ts'

/** The address of the person's device: what the connection says, or the nearest one that no trusted proxy vouches away. */
export function clientAddress(c: Context, context: ServerContext): string {
  const peer = peerAddress(c)
  const forwarded = (header(c, 'x-forwarded-for') ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => isIP(part) !== 0)
  const hops = [...forwarded, peer]
  return typeof context.trustedProxies === 'number'
    ? (hops[Math.max(0, hops.length - 1 - context.trustedProxies)] ?? peer)
    : (firstUntrusted(hops, context.trustedProxies) ?? hops[0] ?? peer)
}

function peerAddress(c: Context): string {
  const { incoming } = (c.env ?? {}) as { incoming?: { socket?: { remoteAddress?: string } } }
  // A request that came in-process has no connection.
  return incoming?.socket?.remoteAddress ?? '127.0.0.1'
}

/** Whether the request came from one of the proxies that the operator trusts, so that its headers may be believed. */
export function isFromTrustedProxy(c: Context, { trustedProxies }: ServerContext): boolean {
  if (typeof trustedProxies === 'number') return trustedProxies > 0
  return firstUntrusted([peerAddress(c)], trustedProxies) === undefined
}

function firstUntrusted(hops: readonly string[], trusted: readonly string[]): string | undefined {
  const list = new BlockList()
  for (const network of trusted) {
    const [address = '', prefix] = network.split('/')
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
    if (prefix === undefined) list.addAddress(address, family)
    else list.addSubnet(address, Number(prefix), family)
  }
  const isTrusted = (hop: string) => list.check(hop, isIP(hop) === 6 ? 'ipv6' : 'ipv4')
  return hops.findLast((hop) => !isTrusted(hop))
}
