import { type Hashed, hashed } from '../../domain/secrets.ts'
import type { Tenant, UserCodeFormat } from '../../domain/tenant.ts'
import type { Call } from '../call.ts'

const alphabets = {
  // RFC 8628 §6.1: no vowels, so that no word comes out, and no characters that are mistaken for each other.
  base20: 'BCDFGHJKLMNPQRSTVWXZ',
  digits: '0123456789',
} as const

const usualFormat: UserCodeFormat = { charset: 'base20', mask: '****-****' }

function formatOf({ settings }: Tenant): UserCodeFormat {
  return settings.deviceFlow ?? usualFormat
}

/** Draws a user code in the tenant's format, without its separators: 34 bits where nothing else is set (RFC 8628 §6.1). */
export function newUserCode({ tenant, ports }: Call): string {
  const { charset, mask } = formatOf(tenant)
  const alphabet = alphabets[charset]
  const length = placesOf(mask)
  // The largest multiple of the alphabet in a byte: above it some characters would come more often.
  const end = 256 - (256 % alphabet.length)
  let drawn = ''
  while (drawn.length < length) {
    for (const byte of ports.random.bytes(length)) {
      if (byte < end && drawn.length < length) drawn += alphabet[byte % alphabet.length]
    }
  }
  return drawn
}

function placesOf(mask: string): number {
  return mask.replaceAll(/[^*]/g, '').length
}

// As short and as long as a tenant can make them, of either set: a code outlives a change of the format.
const anyCode = /^(?:[BCDFGHJKLMNPQRSTVWXZ]{8,20}|[0-9]{9,20})$/

/** What was typed without case and separators (RFC 8628 §6.1); `undefined` when it cannot be a code. */
export function readUserCode(typed: string): string | undefined {
  const code = typed.toUpperCase().replace(/[^A-Z0-9]/g, '')
  return anyCode.test(code) ? code : undefined
}

/** The code as devices show it; bare when it was drawn in another format. */
export function shownUserCode(code: string, tenant: Tenant): string {
  const { mask } = formatOf(tenant)
  if (placesOf(mask) !== code.length) return code
  const characters = code[Symbol.iterator]()
  return mask.replaceAll('*', () => characters.next().value ?? '')
}

/** The name of a code in the store. Keyed, because so few bits are found from a plain hash in minutes. */
export function userCodeKey(code: string, call: Call): Hashed {
  return hashed(call.ports.sealer.mac(code, userCodePurpose))
}

/** What a user code is sealed and keyed for. */
export const userCodePurpose = 'user_code'
