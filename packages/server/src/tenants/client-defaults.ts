import type { ApplicationType, RefreshTokenPolicy } from '../domain/client.ts'

// What a client gets that its entry does not say: what Auth0's dashboard would choose for the application's type, since
// that is what an administrator expects. Two differences, both from RFC 9700: `implicit` is never on by default (§2.1.2), and
// a public client rotates its refresh tokens whatever its type (§2.2.2).

/** Auth0 knows clients without a type; the one that can keep a secret and redirects is the most common. */
export const defaultApplicationType: ApplicationType = 'regular_web'

export const idTokenLifetimeSeconds = 36_000

export function defaultAuthMethod(type: ApplicationType): string {
  return type === 'native' || type === 'spa' ? 'none' : 'client_secret_post'
}

export function defaultGrantTypes(type: ApplicationType): readonly string[] {
  if (type === 'resource_server') return []
  return type === 'non_interactive' ? ['client_credentials'] : ['authorization_code', 'refresh_token']
}

/** 30 days in all and 15 days of rest for those that expire. */
export const expiringLifetimes = { lifetimeSeconds: 2_592_000, idleLifetimeSeconds: 1_296_000 } as const

export function defaultRefreshToken(isPublic: boolean): RefreshTokenPolicy {
  return isPublic
    ? { rotating: true, leewaySeconds: 0, ...expiringLifetimes }
    : { rotating: false, leewaySeconds: 0 }
}
