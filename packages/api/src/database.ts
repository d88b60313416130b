import { z } from 'zod'
import { accepted, nameText } from './fields.ts'
import { type InertMembers, noun } from './noun.ts'

/** Auth0's rule: letters, digits and inner hyphens. */
export const connectionName = accepted('letters, digits and hyphens between them', 128, (value) =>
  /^[A-Za-z0-9](-?[A-Za-z0-9])*$/.test(value),
)

const schema = z.strictObject({
  name: connectionName,
  strategy: z.literal('auth0', { error: 'expected auth0: a database of this server' }).optional(),
  /** Names or ids of clients; `all` is Valetkey's. */
  enabled_clients: z
    .union([z.literal('all'), z.array(nameText).max(10_000)], {
      error: 'expected a list of names or ids of clients, or all',
    })
    .optional(),
})

/** One of `databases`. */
export type DatabaseEntry = z.output<typeof schema>

/**
 * `options` of a database. Rules for new passwords bind nobody while people cannot choose one here, and the limit on
 * guessing is always on.
 */
const options: InertMembers = {
  mfa: 'anything',
  passwordPolicy: 'anything',
  password_complexity_options: 'anything',
  password_options: 'off',
  password_history: { within: { size: 'anything' } },
  password_dictionary: { within: { dictionary: 'anything' } },
  password_no_personal_info: 'off',
  brute_force_protection: 'anything',
  strategy_version: 'anything',
  disable_signup: 'anything',
  disable_self_service_change_password: 'anything',
  requires_username: 'anything',
  validation: 'anything',
  passkey_options: 'anything',
  authentication_methods: { within: { password: [{ enabled: true }] } },
  import_mode: 'off',
  enabledDatabaseCustomization: 'off',
  customScripts: 'off',
  configuration: 'off',
  attributes: 'off',
  precedence: 'off',
  non_persistent_attrs: 'off',
  enable_script_context: 'off',
  realm_fallback: 'off',
  custom_password_hash: 'off',
}

const inert: InertMembers = {
  options: { within: options },
  id: 'anything',
  display_name: 'anything',
  is_domain_connection: 'off',
  show_as_button: 'anything',
  realms: 'anything',
  metadata: 'off',
  authentication: [{ active: true }],
  connected_accounts: 'off',
}

export const databaseNoun = noun(schema, inert)
