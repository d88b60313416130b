import type { User } from '../domain/user.ts'

const profileClaims = [
  'name',
  'given_name',
  'family_name',
  'middle_name',
  'nickname',
  'preferred_username',
  'profile',
  'picture',
  'website',
  'gender',
  'birthdate',
  'zoneinfo',
  'locale',
] as const

/** The claims that discovery announces (OpenID Connect Discovery §3 `claims_supported`). */
export const supportedClaims: readonly string[] = [
  'sub',
  'iss',
  'aud',
  'exp',
  'iat',
  'auth_time',
  'nonce',
  'acr',
  'amr',
  'sid',
  ...profileClaims,
  'updated_at',
  'email',
  'email_verified',
  'phone_number',
  'phone_number_verified',
  'address',
]

/** The scope that a claim belongs to (OpenID Connect Core §5.4); `undefined` for a claim that this server does not have. */
export function scopeOfClaim(name: string): 'profile' | 'email' | 'phone' | 'address' | undefined {
  if (profileClaims.some((claim) => claim === name) || name === 'updated_at') return 'profile'
  if (name === 'email' || name === 'email_verified') return 'email'
  if (name === 'phone_number' || name === 'phone_number_verified') return 'phone'
  return name === 'address' ? 'address' : undefined
}

/** The named claims, as far as the user has them (OpenID Connect Core §5.5). */
export function namedClaimsOf(user: User, names: readonly string[]): Readonly<Record<string, unknown>> {
  const all = claimsOf(user, ['profile', 'email', 'phone', 'address'])
  return Object.fromEntries(Object.entries(all).filter(([name]) => names.includes(name)))
}

/** A user's claims for the granted scopes (OpenID Connect Core §5.4): only those that the user has. `updated_at` in seconds. */
export function claimsOf(user: User, scope: readonly string[]): Readonly<Record<string, unknown>> {
  const claims: Record<string, unknown> = {}
  if (scope.includes('profile')) {
    for (const name of profileClaims) if (user.claims[name] !== undefined) claims[name] = user.claims[name]
    claims.updated_at = user.updatedAt
  }
  if (scope.includes('email') && user.email !== undefined) {
    claims.email = user.email
    claims.email_verified = user.emailVerified
  }
  if (scope.includes('phone') && user.phoneNumber !== undefined) {
    claims.phone_number = user.phoneNumber
    claims.phone_number_verified = user.phoneNumberVerified
  }
  if (scope.includes('address') && user.claims.address !== undefined) claims.address = user.claims.address
  return claims
}
