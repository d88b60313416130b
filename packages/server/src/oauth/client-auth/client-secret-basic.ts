import { refuse } from '../refusal.ts'
import { rule } from '../rule.ts'
import { defineClientAuth } from './client-auth-method.ts'
import { secretMethods, verifySecret } from './client-secret.ts'

const malformedBasic = rule({
  id: 'client_auth.basic_malformed',
  clause: 'RFC 6749 §2.3.1',
  error: 'invalid_client',
  description: 'The Authorization header is not a valid Basic credential',
})

/** HTTP Basic with both parts form-urlencoded (RFC 6749 §2.3.1, RFC 7617 §2). */
export const clientSecretBasic = defineClientAuth({
  method: 'client_secret_basic',
  serves: secretMethods,
  keeps: 'secret',
  detectionRules: [malformedBasic],
  rules: [],
  detect({ authorization }) {
    if (authorization === undefined || !/^basic(?: |$)/i.test(authorization)) return undefined
    const encoded = authorization.slice(6).trim()
    if (!/^[A-Za-z0-9+/]+={0,2}$/.test(encoded)) throw refuse(malformedBasic)
    const [clientId, proof] = splitAtColon(utf8(Buffer.from(encoded, 'base64')))
    return { clientId: formDecode(clientId), proof: formDecode(proof) }
  },
  verify: verifySecret,
})

function utf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw refuse(malformedBasic)
  }
}

function splitAtColon(credential: string): readonly [string, string] {
  const colon = credential.indexOf(':')
  if (colon < 1) throw refuse(malformedBasic)
  return [credential.slice(0, colon), credential.slice(colon + 1)]
}

function formDecode(part: string): string {
  try {
    const decoded = decodeURIComponent(part.replaceAll('+', ' '))
    // RFC 7617 §2: neither part may hold a control character.
    if (!/[\x00-\x1f\x7f]/.test(decoded)) return decoded
  } catch {
    // Not an escape, or not of UTF-8: as malformed as a control character.
  }
  throw refuse(malformedBasic)
}
