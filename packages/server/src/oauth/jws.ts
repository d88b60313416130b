import { decodeJwt, decodeProtectedHeader } from 'jose'

/** What a JWT says about itself; nothing of it is proven. */
export interface UnverifiedJwt {
  /** RFC 9864's `Ed25519` is `EdDSA` here: it is the only curve that this server knows. */
  readonly alg: string
  readonly kid?: string
  readonly typ?: string
  readonly claims: Readonly<Record<string, unknown>>
}

/** Reads a compact JWS whose payload is a JSON object (RFC 7519 §7.2); `undefined` when the text is none. */
export function readUnverified(jwt: string): UnverifiedJwt | undefined {
  try {
    const { alg, kid, typ } = decodeProtectedHeader(jwt)
    const isHeader = typeof alg === 'string' && isTextOrAbsent(kid) && isTextOrAbsent(typ)
    if (!isHeader) return undefined
    const claims: Readonly<Record<string, unknown>> = decodeJwt(jwt)
    return {
      alg: algorithmOf(alg),
      claims,
      ...(kid !== undefined && { kid }),
      ...(typ !== undefined && { typ }),
    }
  } catch {
    // Whatever the library did not like: this is no JWT.
    return undefined
  }
}

/** One name for each algorithm (RFC 9864 §2.2). */
export function algorithmOf(name: string): string {
  return name === 'Ed25519' ? 'EdDSA' : name
}

function isTextOrAbsent(value: unknown): boolean {
  return value === undefined || typeof value === 'string'
}

/** Whether a claim names the audience: the string itself, or an array of which it is one (RFC 7519 §4.1.3). */
export function namesAudience(claim: unknown, accepted: readonly string[]): boolean {
  const named = Array.isArray(claim) ? claim : [claim]
  return named.some((value) => accepted.includes(value))
}
