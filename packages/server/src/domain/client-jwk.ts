import { createPublicKey } from 'node:crypto'
import type { ClientJwk } from './client.ts'

/** How many keys a set may have: each one may be tried. */
export const maxKeys = 20

/** Whether the value is an asymmetric key without its private half: a client that published more must not be trusted with it. */
export function isPublicJwk(value: unknown): value is ClientJwk {
  if (typeof value !== 'object' || value === null || !('kty' in value)) return false
  return ['RSA', 'EC', 'OKP'].includes(String(value.kty)) && !('d' in value) && !('k' in value)
}

/**
 * Whether using the key costs what keys usually cost: strangers choose them, and an exponent of a thousand digits keeps a
 * processor busy for as long as a hundred signatures. RFC 7518 §3.3 sets the lower end. Cheap enough for every request.
 */
export function isAffordableJwk({ kty, n, e }: ClientJwk): boolean {
  if (kty !== 'RSA') return true
  const [modulus, exponent] = [octetsOf(n, 4096), octetsOf(e, 32)]
  if (modulus === undefined || exponent === undefined) return false
  const isOdd = ((exponent.at(-1) ?? 0) & 1) === 1
  return bitsOf(modulus) >= 2048 && isOdd && bitsOf(exponent) > 1
}

/** Whether the key is a key at all, and affordable. Costs as much as a signature; for when a set comes in. */
export function isSoundJwk(key: ClientJwk): boolean {
  if (!isAffordableJwk(key)) return false
  try {
    createPublicKey({ key: { ...key }, format: 'jwk' })
    return true
  } catch {
    // A point off its curve, an unknown curve, a missing member: whatever the library did not like, this is no key.
    return false
  }
}

// RFC 7518 §6.2.1.1, RFC 8037 §2.
const agreementCurves = ['P-256', 'P-384', 'P-521', 'X25519'] as const

/** Whether answers can be encrypted to the key with this algorithm (RFC 7518 §4.1). */
export function canEncrypt({ kty, crv, use, alg }: ClientJwk, algorithm: string): boolean {
  const isOfType = algorithm.startsWith('RSA')
    ? kty === 'RSA'
    : kty !== 'RSA' && agreementCurves.some((curve) => curve === crv)
  return isOfType && (use === undefined || use === 'enc') && (alg === undefined || alg === algorithm)
}

// RFC 7518 §2: a Base64urlUInt. Without leading zeros; `undefined` when it is none, or longer than so many bits.
function octetsOf(value: unknown, maxBits: number): Buffer | undefined {
  // Nothing is decoded that is much too long, zeros included.
  if (typeof value !== 'string' || value.length > maxBits || !/^[A-Za-z0-9_-]+$/.test(value)) return undefined
  const octets = Buffer.from(value, 'base64url')
  const start = octets.findIndex((octet) => octet !== 0)
  const number = start < 0 ? Buffer.alloc(0) : octets.subarray(start)
  return bitsOf(number) > maxBits ? undefined : number
}

function bitsOf([first = 0, ...others]: Buffer): number {
  return 8 * others.length + (32 - Math.clz32(first))
}
