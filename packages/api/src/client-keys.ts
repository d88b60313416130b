import { z } from 'zod'
import { publicKey } from './client-delegation.ts'
import { accepted, bounded, signingAlgorithm } from './fields.ts'
import { link } from './urls.ts'

const secretAlgorithms = ['HS256', 'HS384', 'HS512'] as const
const keyAlgorithms = ['RS256', 'RS384', 'PS256', 'PS384', 'ES256', 'ES384', 'EdDSA'] as const

/** Ways for a client to authenticate (RFC 7591 §2, RFC 8705 §2). */
export const authMethods = [
  'none',
  'client_secret_post',
  'client_secret_basic',
  'client_secret_jwt',
  'private_key_jwt',
  'tls_client_auth',
  'self_signed_tls_client_auth',
] as const

const oneOf = <const Words extends readonly [string, ...string[]]>(words: Words) =>
  z.enum(words, { error: `expected one of ${words.join(', ')}` })

const keyManagement = oneOf(['RSA-OAEP-256', 'RSA-OAEP', 'ECDH-ES', 'ECDH-ES+A128KW', 'ECDH-ES+A256KW'])
const content = oneOf(['A128CBC-HS256', 'A256CBC-HS512', 'A128GCM', 'A256GCM'])

// OpenID Connect Core §6.2: the fragment is a hash of what is there.
const requestUri = accepted('an https address', 2048, (value) => {
  const url = URL.parse(value)
  return url?.protocol === 'https:' && url.username === '' && url.password === ''
})

/** RFC 8705 §2.1.2: exactly one name. */
const certificateName = z
  .strictObject({
    subject_dn: bounded(1, 1024).optional(),
    san_dns: bounded(1, 253).optional(),
    san_uri: bounded(1, 2048).optional(),
    san_ip: bounded(1, 45).optional(),
    san_email: bounded(1, 320).optional(),
  })
  .refine((names) => Object.keys(names).length === 1, {
    error: 'expected exactly one of subject_dn, san_dns, san_uri, san_ip, san_email (RFC 8705 §2.1.2)',
  })

/** Auth0's members about keys and how requests come. */
export const clientKeyMembers = {
  /** Empty removes it. */
  jwks_uri: link.optional(),
  require_pushed_authorization_requests: z.boolean().optional(),
  /** RFC 9126 §2.2: seconds. */
  par_request_expiry: z.number().int().min(5).max(600).optional(),
  signed_request_object: z
    .strictObject({
      required: z.boolean(),
      credentials: z
        .array(z.unknown())
        .max(0, { error: 'is not supported by this version; set jwks_uri or valetkey.jwks' })
        .optional(),
    })
    .optional(),
}

/** Members under their names of RFC 7591, OpenID Connect Registration §2 and RFC 8705, which Auth0 has none for. */
export const ownClientKeyMembers = {
  /** Takes the place of `jwks_uri`. */
  jwks: z.strictObject({ keys: z.array(publicKey).max(100) }).optional(),
  token_endpoint_auth_signing_alg: oneOf([...keyAlgorithms, ...secretAlgorithms]).optional(),
  tls_client_auth: certificateName.optional(),
  request_object_signing_alg: oneOf([...keyAlgorithms, 'none']).optional(),
  request_uris: z.array(requestUri).max(100).optional(),
  userinfo_signed_response_alg: signingAlgorithm.optional(),
  userinfo_encrypted_response_alg: keyManagement.optional(),
  userinfo_encrypted_response_enc: content.optional(),
  id_token_encrypted_response_alg: keyManagement.optional(),
  id_token_encrypted_response_enc: content.optional(),
}
