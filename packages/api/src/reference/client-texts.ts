import { ownClientTexts } from './own-client-texts.ts'
import type { Texts } from './texts.ts'

const byType = 'by `app_type`'

export const clientTexts: Texts = {
  name: ['The name that people read on the consent page. Finds the client where no `client_id` is given.'],
  client_id: ['The identifier. It cannot change.', 'made: 32 letters and digits'],
  client_secret: [
    'The only secret in force, 32 or more characters; another one ends it at once. Sealed at rest.',
    'made, and shown once by `apply`',
  ],
  description: ['A note for administrators. Empty removes it.'],
  app_type: [
    'What kind of application it is: decides what the entry does not say. `resource_server` is an API that asks about tokens.',
    '`regular_web`',
  ],
  is_first_party: ['Whether it belongs to the owner of the tenant; others always ask for consent.', 'true'],
  callbacks: ['Redirection URIs, compared character by character (RFC 9700 §2.1).', 'none'],
  allowed_origins: ['Origins whose pages may read answers of the token endpoint (CORS).', 'none'],
  web_origins: ['The same, and may receive `response_mode=web_message`, for silent renewal.', 'none'],
  allowed_logout_urls: ['Where a logout may lead (`post_logout_redirect_uri`, `returnTo`).', 'none'],
  'oidc_logout.backchannel_logout_urls': [
    'Where this server tells the application of a logout; one address. An empty list removes it.',
  ],
  'oidc_logout.backchannel_logout_initiators': [
    '`mode: all`, or `mode: custom` with `selected_initiators` that hold `rp-logout`.',
  ],
  grant_types: [
    'Grants that the client may use. `implicit` is never on by itself (RFC 9700 §2.1.2).',
    'by `app_type`: `authorization_code` and `refresh_token`, or `client_credentials`',
  ],
  token_endpoint_auth_method: [
    'How the client authenticates: `none`, `client_secret_post`, `client_secret_basic`, `client_secret_jwt`, `private_key_jwt`, `tls_client_auth`, `self_signed_tls_client_auth`, or the URI of an extension.',
    '`none` for `native` and `spa`, else `client_secret_post`',
  ],
  jwks_uri: ["Where the client's public keys are. Empty removes it; `valetkey.jwks` takes its place."],
  require_pushed_authorization_requests: ['Refuses requests that were not pushed (RFC 9126 §5).', 'false'],
  par_request_expiry: ['Seconds for which a pushed request may be used.', '30'],
  'signed_request_object.required': [
    'Refuses requests outside of a signed object (RFC 9101 §10.5).',
    'false',
  ],
  'signed_request_object.credentials': ["Auth0's keys; must be empty: set `jwks_uri` or `valetkey.jwks`."],
  'jwt_configuration.alg': ['What ID tokens are signed with.', '`RS256`'],
  'jwt_configuration.lifetime_in_seconds': ['Lifetime of ID tokens.', '36000'],
  'jwt_configuration.secret_encoded': [
    'Accepted; only HS256 reads it, which this server does not sign with.',
  ],
  'refresh_token.rotation_type': [
    '`rotating`: each use gives a new one, and a second use ends all of them. Public clients must rotate.',
    `${byType}: public clients rotate`,
  ],
  'refresh_token.expiration_type': [
    'Whether refresh tokens end by time; rotating ones must.',
    `${byType}: those of public clients expire`,
  ],
  'refresh_token.leeway': [
    'Seconds for which the last token may be repeated, for answers that got lost.',
    '0',
  ],
  'refresh_token.token_lifetime': ['Seconds until an expiring token ends, however it is used.', '2592000'],
  'refresh_token.infinite_token_lifetime': ['Takes that end away.', 'false'],
  'refresh_token.idle_token_lifetime': ['Seconds until an expiring token ends that nobody uses.', '1296000'],
  'refresh_token.infinite_idle_token_lifetime': ['Takes that end away.', 'false'],
  'refresh_token.policies[].audience': ['A further API that a refresh token may get access tokens for.'],
  'refresh_token.policies[].scope': ['The scopes that it may get there.'],
  logo_uri: ['The logo on the consent page. Empty removes it.'],
  policy_uri: ['The privacy policy, linked there. Empty removes it.'],
  tos_uri: ['The terms of service, linked there. Empty removes it.'],
  initiate_login_uri: [
    'Where a login of the application begins (OpenID Connect Core §4). Kept; nothing reads it yet. Empty removes it.',
  ],
  resource_server_identifier: [
    'The API that the client is: it may introspect tokens of this audience. Empty removes it.',
  ],
  client_metadata: ['Up to ten texts of your own, for extensions.', 'none'],
  ...ownClientTexts,
}
