// Writes X.509 certificates (RFC 5280 §4.1) with ECDSA keys, as far as tests of mutual TLS need them.
import { generateKeyPairSync, type KeyObject, sign, X509Certificate } from 'node:crypto'
import { isIPv4 } from 'node:net'

export interface TestCertificate {
  /** DER. */
  readonly raw: Buffer
  readonly pem: string
  readonly privateKey: KeyObject
  readonly privateKeyPem: string
  readonly subject: readonly Attribute[]
}

type Attribute = readonly [type: keyof typeof attributeTypes, value: string]

export interface CertificateRequest {
  /** In the order of the certificate: the most general attribute first. */
  readonly subject: readonly Attribute[]
  readonly alternativeNames?: readonly (readonly ['dns' | 'uri' | 'ip' | 'email', string])[]
  /** Signs itself where it is absent. */
  readonly issuer?: TestCertificate
  readonly isAuthority?: boolean
}

const attributeTypes = { CN: '2.5.4.3', C: '2.5.4.6', O: '2.5.4.10', OU: '2.5.4.11' } as const
const ecdsaWithSha256 = '1.2.840.10045.4.3.2'

/** A certificate that is valid from 2020 to 2049. */
export function aCertificate({
  subject,
  alternativeNames = [],
  issuer,
  isAuthority = false,
}: CertificateRequest) {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const algorithm = sequence(objectId(ecdsaWithSha256))
  const extensions = [
    ...(isAuthority ? [extension('2.5.29.19', sequence(der(0x01, Buffer.from([0xff]))))] : []),
    ...(alternativeNames.length > 0
      ? [extension('2.5.29.17', sequence(...alternativeNames.map(alternativeName)))]
      : []),
  ]
  const content = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.from([1, ...crypto.getRandomValues(new Uint8Array(8))])),
    algorithm,
    nameOf(issuer?.subject ?? subject),
    sequence(der(0x17, Buffer.from('200101000000Z')), der(0x17, Buffer.from('491231235959Z'))),
    nameOf(subject),
    publicKey.export({ format: 'der', type: 'spki' }),
    ...(extensions.length > 0 ? [der(0xa3, sequence(...extensions))] : []),
  )
  const signature = sign('sha256', content, issuer?.privateKey ?? privateKey)
  const raw = sequence(content, algorithm, der(0x03, Buffer.from([0]), signature))
  const certificate: TestCertificate = {
    raw,
    pem: new X509Certificate(raw).toString(),
    privateKey,
    privateKeyPem: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
    subject,
  }
  return certificate
}

function nameOf(attributes: readonly Attribute[]): Buffer {
  return sequence(
    ...attributes.map(([type, value]) =>
      der(0x31, sequence(objectId(attributeTypes[type]), der(0x0c, Buffer.from(value)))),
    ),
  )
}

function extension(id: string, value: Buffer): Buffer {
  return sequence(objectId(id), der(0x04, value))
}

function alternativeName([kind, value]: readonly ['dns' | 'uri' | 'ip' | 'email', string]): Buffer {
  if (kind !== 'ip') return der({ email: 0x81, dns: 0x82, uri: 0x86 }[kind], Buffer.from(value))
  const octets = isIPv4(value)
    ? value.split('.').map(Number)
    : new URL(`http://[${value}]`).hostname.slice(1, -1).split('::').flatMap(groups)
  return der(0x87, Buffer.from(octets))
}

// Enough for addresses such as 2001:db8::1: the gap is where `::` was.
function groups(side: string, index: number, sides: readonly string[]): readonly number[] {
  const octets = side.split(':').flatMap((group) => {
    const number = Number.parseInt(group, 16)
    return [number >> 8, number & 0xff]
  })
  const used = sides.join(':').split(':').length * 2
  return index === 0 ? [...octets, ...new Array<number>(16 - used).fill(0)] : octets
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return der(0x30, ...parts)
}

function objectId(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  return der(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]))
}

function base128(number: number): readonly number[] {
  const digits = [number & 0x7f]
  for (let left = number >> 7; left > 0; left >>= 7) digits.unshift((left & 0x7f) | 0x80)
  return digits
}

/** One element in distinguished encoding (X.690 §8.1). */
function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts)
  const { length } = content
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from([tag, ...size]), content])
}
