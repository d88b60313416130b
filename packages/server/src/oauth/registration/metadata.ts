// Owns what clients say about themselves (RFC 7591 §2): which members there are, and what each may look like.
import type { ClientJwk } from '../../domain/client.ts'
import { isPublicJwk } from '../../domain/client-jwk.ts'
import type { Json } from '../../domain/ids.ts'
import { refuse } from '../refusal.ts'
import { rule } from '../rule.ts'

const malformed = rule({
  id: 'registration.metadata_malformed',
  clause: 'RFC 7591 §2',
  error: 'invalid_client_metadata',
  description: 'Metadata member has the wrong type or form: {parameter}',
})
export const metadataRules = [malformed] as const

const maxItems = 100
// Control characters, and surrogates without a partner: neither can be stored nor shown.
const unusable = /[\x00-\x1f\x7f]|\p{Surrogate}/u

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value.length <= 2048 && !unusable.test(value) ? value : undefined

const texts = (value: unknown): readonly string[] | undefined =>
  Array.isArray(value) && value.length <= maxItems && value.every((item) => text(item) !== undefined)
    ? [...new Set<string>(value)]
    : undefined

const flag = (value: unknown): boolean | undefined => (typeof value === 'boolean' ? value : undefined)

const seconds = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined

const oneOf =
  <Word extends string>(...words: readonly Word[]) =>
  (value: unknown): Word | undefined =>
    words.find((word) => word === value)

const keySet = (value: unknown): { readonly keys: readonly ClientJwk[] } | undefined => {
  if (typeof value !== 'object' || value === null || !('keys' in value)) return undefined
  const { keys } = value
  const isSet = Array.isArray(keys) && keys.length <= maxItems && keys.every(isPublicJwk)
  return isSet ? { keys } : undefined
}

/** The members that are acted upon, each with its reader: `undefined` for a value of the wrong form. */
const members = {
  redirect_uris: texts,
  token_endpoint_auth_method: text,
  token_endpoint_auth_signing_alg: text,
  grant_types: texts,
  response_types: texts,
  application_type: oneOf('web', 'native'),
  client_name: (value: unknown) => {
    const name = text(value)
    return name !== undefined && name.length <= 255 ? name : undefined
  },
  client_uri: text,
  logo_uri: text,
  policy_uri: text,
  tos_uri: text,
  contacts: texts,
  jwks: keySet,
  jwks_uri: text,
  software_id: text,
  software_version: text,
  initiate_login_uri: text,
  // OpenID Connect Registration §2.
  subject_type: oneOf('public', 'pairwise'),
  sector_identifier_uri: text,
  id_token_signed_response_alg: text,
  id_token_encrypted_response_alg: text,
  id_token_encrypted_response_enc: text,
  userinfo_signed_response_alg: text,
  userinfo_encrypted_response_alg: text,
  userinfo_encrypted_response_enc: text,
  request_object_signing_alg: text,
  request_uris: texts,
  default_max_age: seconds,
  require_auth_time: flag,
  default_acr_values: texts,
  // OpenID Connect RP-Initiated Logout §3.1, Back-Channel Logout §2.2, Front-Channel Logout §2.
  post_logout_redirect_uris: texts,
  backchannel_logout_uri: text,
  backchannel_logout_session_required: flag,
  frontchannel_logout_uri: text,
  frontchannel_logout_session_required: flag,
  // RFC 9126 §6, RFC 9101 §10.5, RFC 8705 §2.1.2.
  require_pushed_authorization_requests: flag,
  require_signed_request_object: flag,
  tls_client_auth_subject_dn: text,
  tls_client_auth_san_dns: text,
  tls_client_auth_san_uri: text,
  tls_client_auth_san_ip: text,
  tls_client_auth_san_email: text,
} as const

type Members = typeof members

/** What a client says about itself; absent members are not said. */
export type ClientMetadata = {
  readonly [Name in keyof Members]?: NonNullable<ReturnType<Members[Name]>>
} & {
  /** Members in a language of their own, such as `client_name#ja` (RFC 7591 §2.2). */
  readonly localized?: Readonly<Record<string, string>>
}

/** Reads the members that are known and ignores all others (RFC 7591 §2). Throws `invalid_client_metadata`. */
export function readMetadata(document: Readonly<Record<string, unknown>>): ClientMetadata {
  const found: Record<string, unknown> = {}
  for (const [name, read] of Object.entries(members)) {
    const given = document[name]
    // RFC 7591 §2, RFC 7592 §2.2: null and the empty string say nothing.
    if (given === undefined || given === null || given === '') continue
    const value = read(given)
    if (value === undefined) throw refuse(malformed, undefined, name)
    found[name] = value
  }
  const localized = localizedIn(document)
  return { ...found, ...(Object.keys(localized).length > 0 && { localized }) }
}

const localizable = /^(client_name|client_uri|logo_uri|policy_uri|tos_uri)#[A-Za-z0-9-]{1,35}$/

function localizedIn(document: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  const tagged = Object.entries(document).filter(([name]) => localizable.test(name))
  return Object.fromEntries(
    tagged.slice(0, maxItems).flatMap(([name, value]) => {
      const words = text(value)
      return words === undefined || words === '' ? [] : [[name, words]]
    }),
  )
}

/** The members as JSON, the way the client sent them. */
export function writeMetadata({ localized, ...metadata }: ClientMetadata): Readonly<Record<string, Json>> {
  return { ...definedMembers(metadata), ...localized }
}

function definedMembers(metadata: Readonly<Record<string, Json | undefined>>): Record<string, Json> {
  return Object.fromEntries(
    Object.entries(metadata).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  )
}
