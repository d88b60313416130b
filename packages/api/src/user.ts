import { z } from 'zod'
import { connectionName } from './database.ts'
import { accepted, bounded, email, metadata, nameText } from './fields.ts'
import { type InertMembers, noun } from './noun.ts'
import { passwordHash } from './password-hash.ts'
import { permission } from './role.ts'
import { link } from './urls.ts'

const claim = bounded(1, 300)

const schema = z.strictObject({
  /** With or without `auth0|` before it, as Auth0's import takes it. */
  user_id: accepted('letters, digits, and . _ ~ + - after an optional auth0|', 128, (value) =>
    /^(auth0\|)?[A-Za-z0-9._~+-]+$/.test(value),
  ).optional(),
  connection: connectionName.optional(),
  email: email.optional(),
  email_verified: z.boolean().optional(),
  username: accepted("letters, digits, and _ + - . ! # $ ' ^ ` ~ without @", 128, (value) =>
    /^[A-Za-z0-9_+\-.!#$'^`~]+$/.test(value),
  )
    .transform((value) => value.toLowerCase())
    .optional(),
  phone_number: accepted('a phone number such as +14155550100 (E.164)', 16, (value) =>
    /^\+[1-9]\d{3,14}$/.test(value),
  ).optional(),
  phone_verified: z.boolean().optional(),
  /** Compared with the stored hash; a different one replaces it. */
  password: bounded(8, 1024).optional(),
  /** Taken over when the user has no password yet, and never after: the user may have changed it since. */
  password_hash: passwordHash.optional(),
  blocked: z.boolean().optional(),
  name: claim.optional(),
  given_name: claim.optional(),
  family_name: claim.optional(),
  middle_name: claim.optional(),
  nickname: claim.optional(),
  preferred_username: claim.optional(),
  profile: link.optional(),
  picture: link.optional(),
  website: link.optional(),
  gender: claim.optional(),
  // OpenID Connect Core §5.1: the year may be 0000 when it is omitted, and may stand alone.
  birthdate: accepted('YYYY-MM-DD or YYYY', 10, (value) => /^\d{4}(-\d\d-\d\d)?$/.test(value)).optional(),
  zoneinfo: claim.optional(),
  locale: claim.optional(),
  address: z
    .strictObject({
      formatted: claim.optional(),
      street_address: claim.optional(),
      locality: claim.optional(),
      region: claim.optional(),
      postal_code: claim.optional(),
      country: claim.optional(),
    })
    .optional(),
  /** Names of roles: all that the user has. */
  roles: z.array(nameText).max(1000).optional(),
  /** Given directly, beside those of roles. */
  permissions: z.array(permission).max(1000).optional(),
  user_metadata: metadata.optional(),
  app_metadata: metadata.optional(),
})

/** One of `users`, which Auth0's files do not have: for demonstrations, tests and small directories. */
export type UserEntry = z.output<typeof schema>

const inert: InertMembers = {
  created_at: 'anything',
  updated_at: 'anything',
  last_login: 'anything',
  last_ip: 'anything',
  logins_count: 'anything',
  last_password_reset: 'anything',
  multifactor: 'off',
  mfa_factors: 'off',
  identities: 'off',
}

export const userNoun = noun(schema, inert)
