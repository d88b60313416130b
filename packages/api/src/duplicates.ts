import { defaultConnection } from './default-connection.ts'
import type { Mistake, Path } from './mistake.ts'
import type { TenantFile } from './tenant-file.ts'

type Entries = Omit<TenantFile, 'declared' | 'mistakes' | 'warnings'>

/** What stands twice in the file although it must be unique. */
export function duplicates(file: Entries): readonly Mistake[] {
  return [
    ...clashes(
      'client_id',
      file.clients.map(({ path, entry }) => ({ path, key: entry.client_id })),
    ),
    // deploy-cli finds clients by name, and grants and databases refer to them by it.
    ...clashes(
      'name',
      file.clients.map(({ path, entry }) => ({ path, key: entry.name })),
    ),
    ...clashes(
      'identifier',
      file.resourceServers.map(({ path, entry }) => ({ path, key: entry.identifier })),
    ),
    ...clashes(
      'name',
      file.databases.map(({ path, entry }) => ({ path, key: entry.name })),
    ),
    ...clashes(
      'name',
      file.roles.map(({ path, entry }) => ({ path, key: entry.name })),
    ),
    ...clashes('client_id', file.clientGrants.map(grantKey)),
    ...file.resourceServers.flatMap(({ path, entry }) =>
      (entry.scopes ?? []).flatMap(({ value }, index, scopes) =>
        scopes.findIndex((scope) => scope.value === value) < index
          ? [{ path: [...path, 'scopes', index, 'value'], message: 'stands twice in this API' }]
          : [],
      ),
    ),
    ...userClashes(file),
  ]
}

function grantKey({ path, entry }: Entries['clientGrants'][number]) {
  return { path, key: JSON.stringify([entry.client_id, entry.audience, entry.subject_type ?? 'client']) }
}

/** A user's e-mail address and name are one space per connection: either of them finds the user at login. */
function userClashes(file: Entries): readonly Mistake[] {
  const bareId = (id: string | undefined) => id?.replace(/^auth0\|/, '')
  const within = (connection: string | undefined, value: string | undefined) =>
    value === undefined ? undefined : JSON.stringify([connection ?? defaultConnection, value])
  return [
    ...clashes(
      'user_id',
      file.users.map(({ path, entry }) => ({ path, key: bareId(entry.user_id) })),
    ),
    ...clashes(
      'email',
      file.users.map(({ path, entry }) => ({ path, key: within(entry.connection, entry.email) })),
    ),
    ...clashes(
      'username',
      file.users.map(({ path, entry }) => ({ path, key: within(entry.connection, entry.username) })),
    ),
  ]
}

interface Keyed {
  readonly path: Path
  readonly key: string | undefined
}

function clashes(member: string, entries: readonly Keyed[]): readonly Mistake[] {
  const seen = new Set<string>()
  return entries.flatMap(({ path, key }) => {
    if (key === undefined) return []
    if (seen.has(key)) return [{ path: [...path, member], message: 'stands twice in this file' }]
    seen.add(key)
    return []
  })
}
