import { z } from 'zod'
import { audience, bounded, scopeToken } from './fields.ts'

/** Further APIs that a client's refresh tokens may get access tokens for; Auth0's `refresh_token.policies`. */
export const refreshTokenPolicies = z
  .array(z.strictObject({ audience, scope: z.array(scopeToken).max(1000) }))
  .max(100)

/** Which exchanges of tokens the client may make (RFC 8693 §1.1). */
export const tokenExchange = z.strictObject({
  impersonation: z.boolean().optional(),
  delegation: z.boolean().optional(),
})

const algorithms = ['RS256', 'RS384', 'PS256', 'PS384', 'ES256', 'ES384', 'EdDSA'] as const

/** A public JSON Web Key (RFC 7517 §4). */
export const publicKey = z
  .record(z.string(), z.json())
  .refine((key) => ['RSA', 'EC', 'OKP'].some((kty) => kty === key.kty) && !('d' in key) && !('k' in key), {
    error: 'expected a public key of kty RSA, EC or OKP',
  })

/** An issuer whose assertions about users the client may present (RFC 7523 §3). */
export const trustedIssuer = z
  .strictObject({
    issuer: bounded(1, 600),
    jwks: z.strictObject({ keys: z.array(publicKey).min(1).max(100) }).optional(),
    jwks_uri: bounded(1, 2048)
      .refine((value) => URL.parse(value)?.protocol === 'https:', { error: 'expected an https address' })
      .optional(),
    algorithms: z
      .array(z.enum(algorithms, { error: `expected one of ${algorithms.join(', ')}` }))
      .min(1)
      .max(algorithms.length),
    /** Ids of the users that it may speak about. */
    subjects: z.union([z.literal('all'), z.array(bounded(1, 255)).max(10_000)], {
      error: 'expected a list of user ids, or all',
    }),
  })
  .refine(({ jwks, jwks_uri }) => (jwks === undefined) !== (jwks_uri === undefined), {
    error: 'expected either jwks or jwks_uri',
  })
