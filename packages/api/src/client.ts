import { z } from 'zod'
import { refreshTokenPolicies, tokenExchange, trustedIssuer } from './client-delegation.ts'
import { authMethods, clientKeyMembers, ownClientKeyMembers } from './client-keys.ts'
import { ownOpenidMembers } from './client-openid.ts'
import { accepted, audience, bounded, clientId, nameText, seconds, signingAlgorithm } from './fields.ts'
import { oidcLogout, ownLogoutMembers } from './logout.ts'
import { type InertMembers, noun } from './noun.ts'
import { callback, link, loginAddress, origin } from './urls.ts'

const applicationTypes = ['native', 'spa', 'regular_web', 'non_interactive', 'resource_server'] as const

// RFC 6749 §A.10: grant-name, or an absolute URI for an extension grant. Extensions bring names of their own, so that the
// server and not the contract decides which grants exist.
const grantType = accepted('the name of a grant, or an absolute URI', 200, (value) =>
  /^([A-Za-z0-9._-]+|[a-z][a-z0-9+.-]*:[\x21-\x7e]+)$/.test(value),
)

// RFC 7591 §2: a method that is in no registry, such as an extension's, has an absolute URI for a name.
const authMethod = accepted(
  `one of ${authMethods.join(', ')}, or an absolute URI`,
  200,
  (value) => authMethods.some((method) => method === value) || /^[a-z][a-z0-9+.-]*:[\x21-\x7e]+$/.test(value),
)

const jwtConfiguration = z.strictObject({
  alg: signingAlgorithm.optional(),
  lifetime_in_seconds: seconds(2_592_000).optional(),
  // Only HS256 reads it, which this server does not sign with.
  secret_encoded: z.boolean().optional(),
  scopes: z.strictObject({}).optional(),
})

const refreshToken = z.strictObject({
  rotation_type: z.enum(['rotating', 'non-rotating']).optional(),
  expiration_type: z.enum(['expiring', 'non-expiring']).optional(),
  leeway: z.number().int().min(0).max(600).optional(),
  token_lifetime: seconds(157_788_000).optional(),
  infinite_token_lifetime: z.boolean().optional(),
  idle_token_lifetime: seconds(157_788_000).optional(),
  infinite_idle_token_lifetime: z.boolean().optional(),
  policies: refreshTokenPolicies.optional(),
})

// RFC 6749 §10.10: a secret must not be guessed; Auth0's have 64 characters.
const clientSecret = bounded(32, 512).regex(/^[\x21-\x7e]+$/, {
  error: 'expected printable ASCII without spaces',
})

const schema = z.strictObject({
  name: nameText,
  client_id: clientId.optional(),
  /** The only secret in force; `valetkey.client_secrets` while one takes the place of another. */
  client_secret: clientSecret.optional(),
  description: bounded(0, 140).optional(),
  app_type: z.enum(applicationTypes, { error: `expected one of ${applicationTypes.join(', ')}` }).optional(),
  is_first_party: z.boolean().optional(),
  callbacks: z.array(callback).max(100).optional(),
  allowed_origins: z.array(origin).max(100).optional(),
  web_origins: z.array(origin).max(100).optional(),
  allowed_logout_urls: z.array(callback).max(100).optional(),
  oidc_logout: oidcLogout.optional(),
  grant_types: z.array(grantType).max(50).optional(),
  token_endpoint_auth_method: authMethod.optional(),
  ...clientKeyMembers,
  jwt_configuration: jwtConfiguration.optional(),
  refresh_token: refreshToken.optional(),
  logo_uri: link.optional(),
  policy_uri: link.optional(),
  tos_uri: link.optional(),
  initiate_login_uri: loginAddress.optional(),
  /** The API that the client is; empty removes it. */
  resource_server_identifier: audience.or(z.literal('')).optional(),
  client_metadata: z
    .record(bounded(1, 255), bounded(0, 255))
    .refine((value) => Object.keys(value).length <= 10, { error: 'expected at most 10 entries' })
    .optional(),
  /** What Auth0 has no member for. */
  valetkey: z
    .strictObject({
      pkce: z
        .strictObject({ required: z.boolean().optional(), allow_plain: z.boolean().optional() })
        .optional(),
      allow_subdomain_wildcards: z.boolean().optional(),
      /** All secrets in force: one that a file does not repeat stops at once. */
      client_secrets: z.array(clientSecret).min(1).max(5).optional(),
      ...ownOpenidMembers,
      token_exchange: tokenExchange.optional(),
      ...ownLogoutMembers,
      trusted_issuers: z.array(trustedIssuer).max(20).optional(),
      ...ownClientKeyMembers,
    })
    .optional(),
})

/** One of `clients`. Absent members keep what is stored, or get the default of the application's type. */
export type ClientEntry = z.output<typeof schema>

const inert: InertMembers = {
  tenant: 'anything',
  global: 'off',
  // This server is always OIDC-conformant: the stricter of the two.
  oidc_conformant: 'anything',
  sso: 'anything',
  sso_disabled: 'off',
  cross_origin_authentication: 'off',
  cross_origin_auth: 'off',
  cross_origin_loc: 'off',
  is_token_endpoint_ip_header_trusted: 'off',
  custom_login_page_on: 'anything',
  custom_login_page: 'off',
  custom_login_page_preview: 'off',
  form_template: 'off',
  addons: 'off',
  mobile: 'anything',
  client_aliases: 'off',
  allowed_clients: 'off',
  signing_keys: 'anything',
  encryption_key: 'off',
  native_social_login: 'off',
  fedcm_login: 'off',
  session_transfer: 'off',
  organization_usage: ['deny'],
  organization_require_behavior: ['no_prompt'],
  organization_discovery_methods: 'off',
  default_organization: 'off',
  client_authentication_methods: {
    instead: 'set token_endpoint_auth_method, and the keys in jwks_uri or valetkey.jwks',
  },
  require_proof_of_possession: 'off',
  token_vault_privileged_access: 'off',
  compliance_level: ['none'],
  skip_non_verifiable_callback_uri_confirmation_prompt: 'off',
  token_exchange: { instead: 'set valetkey.token_exchange' },
  token_quota: 'off',
  express_configuration: 'off',
  my_organization_configuration: 'off',
  identity_assertion_authorization_grant: 'off',
  third_party_security_mode: ['strict'],
  redirection_policy: ['open_redirect_protection'],
  async_approval_notification_channels: 'off',
  external_metadata_type: 'off',
  external_client_id: 'off',
  created_at: 'anything',
  updated_at: 'anything',
}

export const clientNoun = noun(schema, inert)
