// A certificate for tests, made with nothing but Node: its key signs it, so that it is its own authority.
import { generateKeyPairSync, randomBytes, sign } from 'node:crypto'

/** PEM, as `node:tls` takes it. */
export interface Certificate {
  readonly key: string
  readonly cert: string
}

const daySeconds = 86_400

/** A certificate for one host name that holds from yesterday until tomorrow (RFC 5280 §4.1). */
export function selfSigned(host: string, now = Date.now() / 1000): Certificate {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const name = sequence(set(sequence(objectId(commonName), tagged(0x0c, Buffer.from(host)))))
  const validity = sequence(utcTime(now - daySeconds), utcTime(now + daySeconds))
  const body = sequence(
    tagged(0xa0, integer(Buffer.of(2))),
    integer(Buffer.concat([Buffer.of(1), randomBytes(8)])),
    signatureAlgorithm,
    name,
    validity,
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    tagged(
      0xa3,
      sequence(
        extension(subjectAltName, sequence(tagged(0x82, Buffer.from(host)))),
        extension(basicConstraints, sequence(tagged(0x01, Buffer.of(0xff)))),
      ),
    ),
  )
  const signature = sign('sha256', body, privateKey)
  const der = sequence(body, signatureAlgorithm, tagged(0x03, Buffer.of(0), signature))
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${der.toString('base64')}\n-----END CERTIFICATE-----\n`,
  }
}

// X.690 §8.1: a tag, a length and what is inside.
function tagged(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts)
  const { length } = content
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.of(tag, ...size), content])
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return tagged(0x30, ...parts)
}

function set(...parts: readonly Buffer[]): Buffer {
  return tagged(0x31, ...parts)
}

function integer(value: Buffer): Buffer {
  return tagged(0x02, value)
}

function objectId(hex: string): Buffer {
  return tagged(0x06, Buffer.from(hex, 'hex'))
}

function extension(id: string, value: Buffer): Buffer {
  return sequence(objectId(id), tagged(0x04, value))
}

function utcTime(epochSeconds: number): Buffer {
  const text = new Date(epochSeconds * 1000).toISOString().replace(/[-:T]|\.\d+/g, '')
  return tagged(0x17, Buffer.from(text.slice(2)))
}

// ecdsa-with-SHA256 (RFC 5758 §3.2), and the names of RFC 5280 §4.1.2.4, §4.2.1.6 and §4.2.1.9.
const signatureAlgorithm = sequence(objectId('2a8648ce3d040302'))
const commonName = '550403'
const subjectAltName = '551d11'
const basicConstraints = '551d13'
