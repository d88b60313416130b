import { constants, generateKeyPairSync } from 'node:crypto'
import type { SigningAlgorithm } from '../contract.ts'

/** What node:crypto's `sign` takes for a JWS of this algorithm (RFC 7518 §3.3, §3.4), with a new key. */
export function signingInput(algorithm: SigningAlgorithm) {
  if (algorithm === 'RS256') {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    return { key: privateKey, padding: constants.RSA_PKCS1_PADDING }
  }
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return { key: privateKey, dsaEncoding: 'ieee-p1363' as const }
}

/** As long as the signed part of one of our tokens. */
export const signedBytes = Buffer.alloc(450, 'a')
