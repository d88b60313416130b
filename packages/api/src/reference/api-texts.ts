import type { Texts } from './texts.ts'

export const resourceServerTexts: Texts = {
  id: ["Auth0's identifier of the entry.", 'made: 24 hexadecimal digits'],
  identifier: ['The `aud` of its tokens, and what requests name in `audience`. It finds the API.'],
  name: ['The name that people read on the consent page.', 'the identifier'],
  'scopes[].value': ['A scope of the API. The list replaces the one before.'],
  'scopes[].description': ['What people read about it on the consent page.', 'none'],
  signing_alg: ['What its access tokens are signed with.', '`RS256`'],
  token_dialect: [
    "Claims of its access tokens: Auth0's, or RFC 9068's. Those that end in `_authz` have `permissions` and need `enforce_policies`.",
    '`access_token`',
  ],
  token_lifetime: ['Lifetime of its access tokens.', '86400'],
  token_lifetime_for_web: [
    'Of those that the authorization endpoint issues itself; at most `token_lifetime`.',
    '7200',
  ],
  allow_offline_access: ['Refresh tokens for this API, by `offline_access`.', 'false'],
  enforce_policies: ['Users get only the scopes that they have permissions for (RBAC).', 'false'],
  skip_consent_for_verifiable_first_party_clients: [
    'First-party clients with an https callback are not asked.',
    'false',
  ],
  'subject_type_authorization.user.policy': [
    'Which clients may ask on behalf of users: all, those with a client grant, none.',
    '`allow_all`',
  ],
  'subject_type_authorization.client.policy': [
    'Which clients may ask for themselves.',
    '`require_client_grant`',
  ],
  'valetkey.token_format': ['A format that an extension brings; empty means JWT again.', 'JWT'],
}

export const clientGrantTexts: Texts = {
  client_id: ['The client, by `client_id` or name.'],
  audience: ['The API, by `identifier`.'],
  subject_type: ['Whether the client asks for itself or on behalf of users.', '`client`'],
  scope: ['The scopes that it may have.', 'none'],
  allow_all_scopes: ['All scopes of the API, also later ones.', 'false'],
}

export const roleTexts: Texts = {
  name: ['The name of the role. It finds the role.'],
  description: ['A note for administrators.', 'none'],
  'permissions[].permission_name': ['A scope of an API. The list replaces the one before.'],
  'permissions[].resource_server_identifier': ['That API, by `identifier`.'],
}
