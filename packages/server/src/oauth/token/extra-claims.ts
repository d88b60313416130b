/** Claims with a meaning of their own (RFC 7519 §4.1, RFC 7800 §3, RFC 8693 §4, RFC 9068 §2.2, and Auth0's): no grant decides them. */
const reserved = new Set([
  'iss',
  'sub',
  'aud',
  'exp',
  'nbf',
  'iat',
  'jti',
  'azp',
  'client_id',
  'scope',
  'gty',
  'auth_time',
  'acr',
  'amr',
  'nonce',
  'sid',
  'act',
  'may_act',
  'cnf',
  'permissions',
  'roles',
  'groups',
  'entitlements',
  'org_id',
  'org_name',
  'authorization_details',
  'userinfo_claims',
])

/** What a grant may add to an access token: reserved claims are left out, as Auth0 does. */
export function withoutReserved(
  claims: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(claims).filter(([name]) => !reserved.has(name)))
}
