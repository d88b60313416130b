import type { Texts } from './texts.ts'

export const tenantTexts: Texts = {
  friendly_name: ['The name that people read on the pages.', '`Valetkey`'],
  picture_url: ['The logo on the pages. Empty removes it.'],
  support_email: ['Where people get help; shown on the pages. Empty removes it.'],
  support_url: ['A page where people get help; shown on the pages. Empty removes it.'],
  default_audience: ['The API of a request that names none. Empty removes it.'],
  default_directory: [
    'The database whose users the `password` grant serves; without one the grant is refused. Empty removes it.',
  ],
  session_lifetime: ['Hours until a session ends, however it is used. Fractions are taken.', '168'],
  idle_session_lifetime: ['Hours until a session ends that nobody uses.', '72'],
  allowed_logout_urls: ['Where `/v2/logout` may lead when the request names no client.', 'none'],
  'device_flow.charset': [
    'Characters of the codes that people type from a device: letters or digits.',
    '`base20`',
  ],
  'device_flow.mask': [
    'Their form: `*` stands for a character; `-` and a space are shown and not typed.',
    '`****-****`; `***-***-***` for `digits`',
  ],
  'flags.enable_dynamic_client_registration': [
    'Clients may register themselves at `/oidc/register` (RFC 7591).',
    'false',
  ],
  'flags.allow_legacy_tokeninfo_endpoint': ['`POST /tokeninfo` answers, for older applications.', 'false'],
  'valetkey.acr_values[].value': [
    'An authentication context that requests may name in `acr_values` (OpenID Connect Core §2).',
  ],
  'valetkey.acr_values[].methods': [
    'Methods (RFC 8176) that reach it, such as `pwd`; a login needs all of them.',
  ],
  'valetkey.device_code_lifetime': ['Seconds for which such a code works.', '900'],
  'valetkey.userinfo_query_token': [
    '`GET /userinfo` takes `?access_token=` too, for older applications; such a token ends up in logs (RFC 6750 §2.3).',
    'false',
  ],
  'valetkey.registration.initial_access_tokens': [
    'Tokens that let their holders register (RFC 7591 §3), 32 or more characters each; with an empty list everybody may. Stored as hashes.',
    'none: everybody may',
  ],
  'valetkey.registration.software_statement_issuers[].issuer': [
    'Who may vouch for software: the `iss` of its statements (RFC 7591 §2.3).',
  ],
  'valetkey.registration.software_statement_issuers[].jwks.keys': ['Its public keys; or `jwks_uri`.'],
  'valetkey.registration.software_statement_issuers[].jwks_uri': ['Where its public keys are; or `jwks`.'],
  'valetkey.colors.primary': ['Colour of buttons and links, `#rrggbb`.', '`#0b5d4b`'],
  'valetkey.colors.page_background': ['Colour behind the pages, `#rrggbb`.', '`#e9efec`'],
}
