import type { Texts } from './texts.ts'

export const ownClientTexts: Texts = {
  'valetkey.pkce.required': [
    'Demands PKCE; a public client must use it (RFC 9700 §2.1.1).',
    'true for public clients',
  ],
  'valetkey.pkce.allow_plain': ['Takes the method `plain` too.', 'false'],
  'valetkey.allow_subdomain_wildcards': ['One `*` in an address may stand for a part of a label.', 'false'],
  'valetkey.client_secrets': [
    'All secrets in force, up to five, while one takes the place of another; one that is not repeated stops. Instead of `client_secret`.',
  ],
  'valetkey.subject_type': [
    '`pairwise` gives each sector a `sub` of its own (OpenID Connect Core §8.1).',
    '`public`',
  ],
  'valetkey.sector_identifier_uri': [
    'Its host is the sector; needed where callbacks have several hosts. Not fetched: you vouch for it. Empty removes it.',
    'the host of the callbacks; of loopback hosts and private schemes the client itself',
  ],
  'valetkey.default_max_age': [
    'Seconds after which a login is asked for again where the request says nothing.',
  ],
  'valetkey.require_auth_time': ['`auth_time` in ID tokens, which always have it.', 'false'],
  'valetkey.default_acr_values': [
    'Authentication contexts of requests that name none. An empty list removes them.',
  ],
  'valetkey.token_exchange.impersonation': [
    'May exchange a token of a user without an actor (RFC 8693).',
    'false',
  ],
  'valetkey.token_exchange.delegation': ['May exchange it with an actor, who gets into `act`.', 'false'],
  'valetkey.backchannel_logout_session_required': ['Logout tokens always name the session (`sid`).', 'false'],
  'valetkey.frontchannel_logout_uri': [
    'A page of the application that is shown in a hidden frame at logout; of an origin of its callbacks. Empty removes it.',
  ],
  'valetkey.frontchannel_logout_session_required': ['That address gets `iss` and `sid`.', 'false'],
  'valetkey.trusted_issuers[].issuer': [
    'An issuer whose assertions about users the client may present (RFC 7523 §2.1).',
  ],
  'valetkey.trusted_issuers[].jwks.keys': ['Its public keys; or `jwks_uri`.'],
  'valetkey.trusted_issuers[].jwks_uri': ['Where its public keys are, by https; or `jwks`.'],
  'valetkey.trusted_issuers[].algorithms': ['The only algorithms that it signs with.'],
  'valetkey.trusted_issuers[].subjects': ['Ids of the users that it may speak about.'],
  'valetkey.jwks.keys': ["The client's public keys by value; takes the place of `jwks_uri`."],
  'valetkey.token_endpoint_auth_signing_alg': [
    "The only algorithm of the client's assertions.",
    'any that fits its keys or secret',
  ],
  'valetkey.tls_client_auth.subject_dn': [
    'What its certificate must name (RFC 8705 §2.1.2): exactly one of these.',
  ],
  'valetkey.tls_client_auth.san_dns': ['A DNS name instead.'],
  'valetkey.tls_client_auth.san_uri': ['A URI instead.'],
  'valetkey.tls_client_auth.san_ip': ['An address instead.'],
  'valetkey.tls_client_auth.san_email': ['An e-mail address instead.'],
  'valetkey.request_object_signing_alg': [
    'The only algorithm of request objects (RFC 9101).',
    'any that fits its keys',
  ],
  'valetkey.request_uris': [
    'https addresses that request objects may be fetched from, compared as text (OpenID Connect Core §6.2).',
    'none',
  ],
  'valetkey.userinfo_signed_response_alg': ['UserInfo as a signed JWT.', 'JSON'],
  'valetkey.userinfo_encrypted_response_alg': ['UserInfo encrypted to a key of the client.', 'not encrypted'],
  'valetkey.userinfo_encrypted_response_enc': ['How its content is encrypted.', '`A128CBC-HS256`'],
  'valetkey.id_token_encrypted_response_alg': [
    'ID tokens encrypted to a key of the client.',
    'not encrypted',
  ],
  'valetkey.id_token_encrypted_response_enc': ['How their content is encrypted.', '`A128CBC-HS256`'],
}
