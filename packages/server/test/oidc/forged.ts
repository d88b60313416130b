// Signed tokens as an attacker would change them.
import { generateKeyPairSync, sign } from 'node:crypto'

function encode(json: object): string {
  return Buffer.from(JSON.stringify(json)).toString('base64url')
}

function decoded(part: string | undefined): Record<string, unknown> {
  return JSON.parse(Buffer.from(part ?? '', 'base64url').toString())
}

/** The same claims without a signature. */
export function unsigned(jwt: string): string {
  const [header, payload] = jwt.split('.')
  return `${encode({ ...decoded(header), alg: 'none' })}.${payload}.`
}

/** Other claims under the old signature. */
export function withPayload(jwt: string, claims: object): string {
  const [header, payload, signature] = jwt.split('.')
  return `${header}.${encode({ ...decoded(payload), ...claims })}.${signature}`
}

/** The same claims signed by somebody else, under the `kid` of the real key. */
export function forged(jwt: string): string {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const input = jwt.split('.').slice(0, 2).join('.')
  return `${input}.${sign('sha256', Buffer.from(input), privateKey).toString('base64url')}`
}
