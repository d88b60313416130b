import type { Texts } from './texts.ts'

export const databaseTexts: Texts = {
  name: ['The name of the database. It finds the database.'],
  strategy: ['A database of this server.', '`auth0`'],
  enabled_clients: [
    'Names or ids of the clients whose users may log in here.',
    'none; `all` for the first database, which every tenant has',
  ],
}

export const userTexts: Texts = {
  user_id: ['The identifier, with or without `auth0|` before it: the `sub` of tokens.', 'made'],
  connection: ['The database.', '`Username-Password-Authentication`'],
  email: ['Finds the user in the database where no `user_id` is given. Kept in lower case.'],
  email_verified: ['Whether the address is known to be theirs.', 'false'],
  username: ['A name to log in with, beside or instead of `email`.'],
  phone_number: ['E.164, such as `+14155550100`.'],
  phone_verified: ['Whether the number is known to be theirs.', 'false'],
  password: ['Replaces the stored one where it differs, 8 or more characters. Kept as an argon2id hash.'],
  password_hash: [
    'An argon2 or bcrypt hash from elsewhere, alone or as `custom_password_hash` of Auth0; taken over while the user has no password.',
  ],
  blocked: ['Cannot log in.', 'false'],
  name: ['Claim of the scope `profile`; empty cannot be said.'],
  given_name: ['Claim of `profile`.'],
  family_name: ['Claim of `profile`.'],
  middle_name: ['Claim of `profile`.'],
  nickname: ['Claim of `profile`.'],
  preferred_username: ['Claim of `profile`.'],
  profile: ['Claim of `profile`: the address of a page.'],
  picture: ['Claim of `profile`: the address of an image.'],
  website: ['Claim of `profile`: the address of a page.'],
  gender: ['Claim of `profile`.'],
  birthdate: ['Claim of `profile`: `YYYY-MM-DD` or `YYYY`.'],
  zoneinfo: ['Claim of `profile`, such as `Europe/Paris`.'],
  locale: ['Claim of `profile`, such as `en-GB`.'],
  'address.formatted': ['Claim of the scope `address`.'],
  'address.street_address': ['Claim of `address`.'],
  'address.locality': ['Claim of `address`: the city.'],
  'address.region': ['Claim of `address`.'],
  'address.postal_code': ['Claim of `address`.'],
  'address.country': ['Claim of `address`.'],
  roles: ['Names of all roles that the user has.', 'what is stored'],
  'permissions[].permission_name': ['A scope that the user has directly, beside those of roles.'],
  'permissions[].resource_server_identifier': ['Its API, by `identifier`.'],
  user_metadata: ['Any JSON object, for extensions.', 'none'],
  app_metadata: ['Any JSON object, for extensions.', 'none'],
}
