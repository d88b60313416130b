import { z } from 'zod'

/** Text for people, of bounded length; Auth0 refuses angle brackets in names. */
export const nameText = bounded(1, 255).regex(/^[^<>]*$/, { error: 'must not contain < or >' })

/** Text of bounded length. */
export function bounded(minimum: number, maximum: number) {
  return z.string().min(minimum, { abort: true }).max(maximum, { abort: true })
}

/** Text that a rule accepts; `expected` completes the sentence "expected …". */
export function accepted(expected: string, maximum: number, accepts: (value: string) => boolean) {
  return bounded(1, maximum).refine(accepts, { error: `expected ${expected}` })
}

/** Lifetimes as Auth0 bounds them: one second to `maximum`. */
export function seconds(maximum: number) {
  return z.number().int().min(1).max(maximum)
}

/** JWS algorithms this server signs with. */
export const signingAlgorithm = z.enum(['RS256', 'ES256', 'PS256', 'EdDSA'], {
  error: 'expected one of RS256, ES256, PS256, EdDSA; others are not supported by this version',
})

// RFC 6749 §3.3: scope-token = 1*( %x21 / %x23-5B / %x5D-7E ).
export const scopeToken = bounded(1, 280).regex(/^[\x21\x23-\x5b\x5d-\x7e]+$/, {
  error: 'expected printable ASCII without space, " and \\ (RFC 6749 §3.3)',
})

/** The identifier of an API: the `aud` of its tokens. A URI without a fragment can also be an RFC 8707 `resource`. */
export const audience = bounded(1, 600).regex(/^[\x21-\x7e]+$/, {
  error: 'expected printable ASCII without spaces',
})

/** A client identifier. RFC 6749 §A.1 allows more; these need no escaping in URLs, headers and logs. */
export const clientId = bounded(1, 128).regex(/^[A-Za-z0-9._~-]+$/, {
  error: 'expected letters, digits, and . _ ~ -',
})

/** An e-mail address in lower case, in which it is stored and compared. */
export const email = accepted('an e-mail address', 254, (value) =>
  /^[^\s@<>,;:"()[\]\\]+@[^\s@<>,;:"()[\]\\]+$/.test(value),
).transform((value) => value.toLowerCase())

/** Auth0's `#rrggbb`. */
export const color = accepted('a colour such as #0059d6', 7, (value) => /^#[0-9a-f]{6}$/i.test(value))

/** Any JSON document for `user_metadata` and `app_metadata`. */
export const metadata = z.record(z.string(), z.json())
