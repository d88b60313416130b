import { BlockList, isIP } from 'node:net'
import type { Client } from '../../domain/client.ts'

/** The certificate of a mutual-TLS connection as data; whoever read it vouches that the peer holds its key (RFC 8705 §2). */
export interface ClientCertificate {
  /** SHA-256 of the DER form, in base64url: the `x5t#S256` of RFC 7515 §4.1.8. */
  readonly thumbprint: string
  /** Subject in the string form of RFC 4514: the last RDN of the certificate first. */
  readonly subject: string
  readonly alternativeNames: readonly AlternativeName[]
  /** Whether a certification authority that the operator trusts issued it. */
  readonly isTrusted: boolean
}

export interface AlternativeName {
  readonly kind: 'san_dns' | 'san_uri' | 'san_ip' | 'san_email'
  readonly value: string
}

type Expected = NonNullable<Client['tlsClientAuth']>

/** Whether the certificate names what the client registered (RFC 8705 §2.1.2). */
export function namesClient(certificate: ClientCertificate, expected: Expected): boolean {
  const { kind, value } = expected
  if (kind === 'subject_dn') return sameName(certificate.subject, value)
  return certificate.alternativeNames.some((name) => name.kind === kind && sameAs[kind](name.value, value))
}

const sameAs = {
  san_dns: (left: string, right: string) => left.toLowerCase() === right.toLowerCase(),
  san_uri: (left: string, right: string) => left === right,
  san_ip: sameAddress,
  san_email: (left: string, right: string) => left === right,
} as const

// RFC 5952: one IPv6 address has many spellings.
function sameAddress(left: string, right: string): boolean {
  const family = isIP(left)
  if (family === 0 || family !== isIP(right)) return false
  const type = family === 6 ? 'ipv6' : 'ipv4'
  const list = new BlockList()
  list.addAddress(left, type)
  return list.check(right, type)
}

function sameName(left: string, right: string): boolean {
  const known = parseName(left)
  const expected = parseName(right)
  return known !== undefined && known.length > 0 && JSON.stringify(known) === JSON.stringify(expected)
}

// RFC 4514 §3, less `#` hex values: attributeType = value, with escaped specials and hex pairs.
const attribute = /\s*([A-Za-z0-9.-]+)\s*=\s*((?:\\[0-9A-Fa-f]{2}|\\[^0-9A-Fa-f]|[^\\,+"<>;])*)(,|\+|$)/y

/** Relative names of a distinguished name, each a sorted list of `type=value`; `undefined` when it is malformed. */
function parseName(name: string): readonly (readonly string[])[] | undefined {
  const parsed: string[][] = []
  let relative: string[] = []
  let end = ','
  attribute.lastIndex = 0
  for (let from = 0; end !== ''; from = attribute.lastIndex) {
    attribute.lastIndex = from
    const [, type, value, separator] = attribute.exec(name) ?? []
    if (type === undefined || value === undefined || separator === undefined) return undefined
    relative.push(`${type.toUpperCase()}=${unescaped(value.trim())}`)
    end = separator
    if (end === '+') continue
    parsed.push(relative.sort())
    relative = []
  }
  return parsed
}

function unescaped(value: string): string {
  // Hex pairs are octets of UTF-8, so that neighbours belong together.
  return value
    .replace(/(?:\\[0-9A-Fa-f]{2})+/g, (pairs) => Buffer.from(pairs.replaceAll('\\', ''), 'hex').toString())
    .replace(/\\(.)/g, '$1')
}
