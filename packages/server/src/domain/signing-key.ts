import type { EpochSeconds } from './ids.ts'
import type { Sealed } from './secrets.ts'

/** JWS algorithms this server signs with (RFC 7518 §3.1, RFC 8037 §3.1). */
export const signingAlgorithms = ['RS256', 'ES256', 'PS256', 'EdDSA'] as const
export type SigningAlgorithm = (typeof signingAlgorithms)[number]

/**
 * A key pair of the tenant.
 *
 * Keys of one algorithm are numbered. The newest waits as `next`, so that verifiers learn it before it signs; the one
 * before it is `current`; older ones are `previous` and verify what they signed.
 */
export interface SigningKey {
  readonly kid: string
  readonly algorithm: SigningAlgorithm
  readonly sequence: number
  readonly publicJwk: PublicJwk
  readonly privateJwk: Sealed
  readonly createdAt: EpochSeconds
}

/** A public JSON Web Key with its registered members (RFC 7517 §4). */
export interface PublicJwk {
  readonly kty: string
  readonly kid: string
  readonly use: 'sig'
  readonly alg: SigningAlgorithm
  readonly [member: string]: string | readonly string[]
}
