import { z } from 'zod'
import { connectionName } from './database.ts'
import { deviceFlow } from './device-flow.ts'
import { audience, bounded, color, email, nameText } from './fields.ts'
import { type InertMembers, isOff, noun } from './noun.ts'
import { callback, link } from './urls.ts'

/** Hours as Auth0 writes them, fractions too; at least a minute. */
function hours(maximum: number) {
  const error = `expected hours from a minute (0.0167) to ${maximum}`
  return z
    .number({ error })
    .min(1 / 60, { error })
    .max(maximum, { error })
}

/** Flags that are on in many tenants and ask for nothing that this server does differently. */
const inertFlags: readonly string[] = [
  'enable_sso',
  'allow_changing_enable_sso',
  'disable_clickjack_protection_headers',
  'disable_impersonation',
  'enable_apis_section',
  'enable_pipeline2',
  'dashboard_log_streams_next',
  'dashboard_insights_view',
  'universal_login',
  'enforce_client_authentication_on_passwordless_start',
  'cannot_change_enforce_client_authentication_on_passwordless_start',
]

const actedFlags = {
  /** RFC 7591: clients register themselves. */
  enable_dynamic_client_registration: z.boolean().nullish(),
  /** POST /tokeninfo. */
  allow_legacy_tokeninfo_endpoint: z.boolean().nullish(),
}

const flags = z.looseObject(actedFlags).superRefine((given, context) => {
  for (const [name, value] of Object.entries(given)) {
    if (Object.hasOwn(actedFlags, name) || inertFlags.includes(name) || isOff(value)) continue
    const message = 'is not supported by this version; remove it'
    context.addIssue({ code: 'custom', path: [name], message })
  }
})

const statementIssuer = z
  .strictObject({
    issuer: bounded(1, 600),
    jwks: z.strictObject({ keys: z.array(z.record(z.string(), z.json())).max(100) }).optional(),
    jwks_uri: link.optional(),
  })
  .refine(({ jwks, jwks_uri }) => (jwks === undefined) !== (jwks_uri === undefined), {
    error: 'needs either jwks or jwks_uri',
  })

const registration = z.strictObject({
  /** Without any, everybody may register. RFC 6749 §10.10: they must not be guessed. */
  initial_access_tokens: z
    .array(bounded(32, 512).regex(/^[\x21-\x7e]+$/, { error: 'expected printable ASCII without spaces' }))
    .max(100)
    .optional(),
  software_statement_issuers: z.array(statementIssuer).max(100).optional(),
})

/** Authentication contexts (OpenID Connect Core §2 `acr`), and the methods of RFC 8176 that reach each. */
const acrValues = z
  .array(
    z.strictObject({
      value: bounded(1, 255).regex(/^[\x21-\x7e]+$/, { error: 'expected printable ASCII without spaces' }),
      methods: z.array(bounded(1, 40)).min(1).max(20),
    }),
  )
  .max(50)

const schema = z.strictObject({
  friendly_name: nameText.optional(),
  picture_url: link.optional(),
  support_email: email.or(z.literal('')).optional(),
  support_url: link.optional(),
  /** Empty removes it. */
  default_audience: audience.or(z.literal('')).optional(),
  /** Name of the database that the password grant serves. Empty removes it. */
  default_directory: connectionName.or(z.literal('')).optional(),
  session_lifetime: hours(8760).optional(),
  idle_session_lifetime: hours(2400).optional(),
  /** Where `/v2/logout` may lead when it names no client. */
  allowed_logout_urls: z.array(callback).max(100).optional(),
  flags: flags.optional(),
  device_flow: deviceFlow.optional(),
  valetkey: z
    .strictObject({
      acr_values: acrValues.optional(),
      /** Seconds. RFC 8628 §5.1: short, so that nobody guesses a code. */
      device_code_lifetime: z.number().int().min(60).max(3600).optional(),
      registration: registration.optional(),
      /** RFC 6750 §2.3: for clients such as passport-auth0 that send the access token in the query of GET /userinfo. */
      userinfo_query_token: z.boolean().optional(),
      colors: z.strictObject({ primary: color.optional(), page_background: color.optional() }).optional(),
    })
    .optional(),
})

/** `tenant` of a tenant file. Lifetimes are hours. */
export type TenantEntry = z.output<typeof schema>

const inert: InertMembers = {
  change_password: 'off',
  guardian_mfa_page: 'off',
  error_page: 'off',
  default_redirection_uri: 'off',
  default_token_quota: 'off',
  ephemeral_session_lifetime: [72],
  idle_ephemeral_session_lifetime: [24],
  sandbox_version: 'anything',
  legacy_sandbox_version: 'anything',
  sandbox_versions_available: 'anything',
  enabled_locales: {
    ignored: 'has no effect: pages speak each language that they have, as the browser asks',
    unless: [[]],
  },
  security_headers: 'off',
  session_cookie: [{}, { mode: 'persistent' }],
  sessions: {
    within: {
      oidc_logout_prompt_enabled: {
        ignored: 'has no effect: people are asked unless the request proves whose logout it is',
        unless: [true],
      },
    },
  },
  oidc_logout: {
    within: {
      rp_logout_end_session_endpoint_discovery: {
        ignored: 'has no effect: discovery always names the endpoint',
        unless: [true],
      },
    },
  },
  allow_organization_name_in_authentication_api: 'off',
  customize_mfa_in_postlogin_action: 'off',
  acr_values_supported: { instead: 'set valetkey.acr_values' },
  mtls: 'off',
  pushed_authorization_requests_supported: 'anything',
  authorization_response_iss_parameter_supported: 'anything',
  skip_non_verifiable_callback_uri_confirmation_prompt: 'off',
  resource_parameter_profile: ['compatibility', 'audience'],
  client_id_metadata_document_supported: 'off',
  phone_consolidated_experience: 'anything',
  enable_ai_guide: 'anything',
  include_session_metadata_in_tenant_logs: 'off',
  dynamic_client_registration_security_mode: 'anything',
  country_codes: 'off',
}

export const tenantNoun = noun(schema, inert)
