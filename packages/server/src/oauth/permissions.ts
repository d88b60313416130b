import type { ResourceServer } from '../domain/resource-server.ts'
import type { User } from '../domain/user.ts'
import type { Call } from './call.ts'
import { intersect, openidScopes } from './scope.ts'

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

/** Of the scopes those that the permissions allow. Auth0: those of OpenID Connect are no matter of an API's permissions. */
export function permittedScope(scope: readonly string[], permissions: readonly string[]): readonly string[] {
  return scope.filter((value) => openidScopes.includes(value) || permissions.includes(value))
}
