import { isIPv4, isIPv6 } from 'node:net'

/**
 * What an address is counted under: an IPv4 address by itself, an IPv6 address with all others of its /64, which one
 * household or one rented machine has to itself (RFC 4291 §2.5.4, RFC 6177 §2). Anything else stays as it is.
 */
export function networkOf(address: string): string {
  const bare = address.toLowerCase().replace(/%.*$/, '')
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(bare)?.[1]
  if (mapped !== undefined && isIPv4(mapped)) return mapped
  if (!isIPv6(bare)) return address
  return `${groupsOf(bare).slice(0, 4).join(':')}::/64`
}

// RFC 4291 §2.2: `::` stands for as many groups of zeros as are missing.
function groupsOf(address: string): readonly string[] {
  const [head = '', tail] = address.split('::')
  const before = head === '' ? [] : head.split(':')
  if (tail === undefined) return before.map(withoutZeros)
  const after = tail === '' ? [] : tail.split(':')
  // An IPv4 address at the end fills two groups.
  const written = before.length + after.length + (tail.includes('.') ? 1 : 0)
  const zeros = Array.from({ length: Math.max(0, 8 - written) }, () => '0')
  return [...before, ...zeros, ...after].map(withoutZeros)
}

function withoutZeros(group: string): string {
  return group.replace(/^0+(?=.)/, '')
}
