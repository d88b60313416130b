import type { ResourceServer } from '../domain/resource-server.ts'
import type { User } from '../domain/user.ts'
import type { Call } from './call.ts'
import { intersect } from './scope.ts'

/** What a user may do at an API: permissions given directly and through roles, as far as the API still defines them. */
export async function permissionsOf(user: User, api: ResourceServer, call: Call): Promise<readonly string[]> {
  const roles = await call.store.roles.ofUser(user.id)
  const given = [...(user.permissions ?? []), ...roles.flatMap(({ permissions }) => permissions)]
  const scopes = given.flatMap(({ audience, scope }) => (audience === api.identifier ? [scope] : []))
  return intersect(
    api.scopes.map(({ value }) => value),
    scopes,
  )
}
