import { z } from 'zod'
import { audience, bounded, nameText, scopeToken, seconds, signingAlgorithm } from './fields.ts'
import { type InertMembers, noun } from './noun.ts'

/** OpenID Connect Core §5.4 and §11 give these a meaning that no API may change. */
const openidScopes = ['openid', 'profile', 'email', 'address', 'phone', 'offline_access']

const scope = z.strictObject({
  value: scopeToken.refine((value) => !openidScopes.includes(value), {
    error: 'is a scope of OpenID Connect and cannot belong to an API',
  }),
  description: bounded(0, 500).optional(),
})

const policy = <const Values extends readonly [string, ...string[]]>(values: Values) =>
  z.strictObject({ policy: z.enum(values) }).optional()

const schema = z.strictObject({
  id: bounded(1, 128)
    .regex(/^[A-Za-z0-9._~-]+$/, { error: 'expected letters, digits, and . _ ~ -' })
    .optional(),
  identifier: audience,
  name: nameText.optional(),
  scopes: z.array(scope).max(1000).optional(),
  signing_alg: signingAlgorithm.optional(),
  token_dialect: z
    .enum(['access_token', 'access_token_authz', 'rfc9068_profile', 'rfc9068_profile_authz'], {
      error:
        'expected access_token, access_token_authz, rfc9068_profile or rfc9068_profile_authz; others are not supported by this version',
    })
    .optional(),
  token_lifetime: seconds(2_592_000).optional(),
  token_lifetime_for_web: seconds(2_592_000).optional(),
  allow_offline_access: z.boolean().optional(),
  enforce_policies: z.boolean().optional(),
  skip_consent_for_verifiable_first_party_clients: z.boolean().optional(),
  subject_type_authorization: z
    .strictObject({
      user: policy(['allow_all', 'require_client_grant', 'deny_all']),
      client: policy(['require_client_grant', 'deny_all']),
    })
    .optional(),
  /** What Auth0 has no member for. */
  valetkey: z
    .strictObject({
      /** Name of a token format; empty means JWT again. */
      token_format: bounded(1, 64)
        .regex(/^[\x21-\x7e]+$/, { error: 'expected the name of a token format' })
        .or(z.literal(''))
        .optional(),
    })
    .optional(),
})

/** One of `resourceServers`. Absent members keep what is stored, or get Auth0's default. Lifetimes are seconds. */
export type ResourceServerEntry = z.output<typeof schema>

const inert: InertMembers = {
  is_system: 'off',
  signing_secret: 'off',
  allow_online_access: 'off',
  token_encryption: 'off',
  consent_policy: ['standard'],
  authorization_details: 'off',
  proof_of_possession: 'off',
  authorization_policy: 'off',
  verificationLocation: 'off',
  client_id: 'off',
}

export const resourceServerNoun = noun(schema, inert)
