import type { Random } from '../../domain/ports.ts'
import { type Hashed, hashed } from '../../domain/secrets.ts'
import type { Call } from '../call.ts'

// RFC 8628 §6.1: no vowels, so that no word comes out, and no characters that are mistaken for each other.
const characters = 'BCDFGHJKLMNPQRSTVWXZ'
const length = 8

/** Draws a user code as it is shown, `XXXX-XXXX`: 34 bits (RFC 8628 §6.1). */
export function newUserCode(random: Random): string {
  let drawn = ''
  while (drawn.length < length) {
    for (const byte of random.bytes(length)) {
      // 240 is the largest multiple of 20 in a byte: above it some characters would come more often.
      if (byte < 240 && drawn.length < length) drawn += characters[byte % characters.length]
    }
  }
  return shownUserCode(drawn)
}

/** What was typed without case and separators (RFC 8628 §6.1); `undefined` when it cannot be a code. */
export function readUserCode(typed: string): string | undefined {
  const code = typed.toUpperCase().replace(/[^A-Z0-9]/g, '')
  return code.length === length && [...code].every((character) => characters.includes(character))
    ? code
    : undefined
}

/** The code as devices show it. */
export function shownUserCode(code: string): string {
  return `${code.slice(0, 4)}-${code.slice(4)}`
}

/** The name of a code in the store. Keyed, because 34 bits are found from a plain hash in minutes. */
export function userCodeKey(code: string, call: Call): Hashed {
  return hashed(call.ports.sealer.mac(code, userCodePurpose))
}

/** What a user code is sealed and keyed for. */
export const userCodePurpose = 'user_code'
