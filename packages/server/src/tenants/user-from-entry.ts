import type { UserEntry } from '@valetkey/api'
import type { UserId } from '../domain/ids.ts'
import type { Ports } from '../domain/ports.ts'
import type { Connection, StandardClaims, User } from '../domain/user.ts'
import { newUserId } from './identifiers.ts'
import { toPermission } from './plan-roles.ts'
import { compact } from './step.ts'

/** The user that an entry asks for: what it says, else what is stored, else nothing. */
export function userFromEntry(
  entry: UserEntry,
  stored: User | undefined,
  connection: Connection,
  ports: Pick<Ports, 'clock' | 'random'>,
): User {
  const now = ports.clock.now()
  const given = entry.user_id === undefined ? undefined : `auth0|${entry.user_id.replace(/^auth0\|/, '')}`
  return compact({
    id: stored?.id ?? ((given ?? newUserId(ports.random)) as UserId),
    connectionId: connection.id,
    email: entry.email ?? stored?.email,
    emailVerified: entry.email_verified ?? stored?.emailVerified ?? false,
    username: entry.username ?? stored?.username,
    phoneNumber: entry.phone_number ?? stored?.phoneNumber,
    phoneNumberVerified: entry.phone_verified ?? stored?.phoneNumberVerified ?? false,
    claims: claimsFrom(entry, stored?.claims ?? {}),
    permissions: entry.permissions?.map(toPermission) ?? stored?.permissions,
    blocked: entry.blocked ?? stored?.blocked ?? false,
    userMetadata: (entry.user_metadata ?? stored?.userMetadata ?? {}) as User['userMetadata'],
    appMetadata: (entry.app_metadata ?? stored?.appMetadata ?? {}) as User['appMetadata'],
    createdAt: stored?.createdAt ?? now,
    updatedAt: now,
    version: stored?.version ?? 1,
  })
}

const claimNames = [
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
] as const satisfies readonly (keyof StandardClaims & keyof UserEntry)[]

function claimsFrom(entry: UserEntry, stored: StandardClaims): StandardClaims {
  const texts = Object.fromEntries(
    claimNames.flatMap((name) => {
      const value = entry[name] ?? stored[name]
      return value === undefined || value === '' ? [] : [[name, value]]
    }),
  )
  const address =
    entry.address === undefined ? stored.address : (compact(entry.address) as Record<string, string>)
  return address === undefined ? texts : { ...texts, address }
}
