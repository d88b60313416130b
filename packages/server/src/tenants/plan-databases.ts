import type { DatabaseEntry, Located, Mistake, TenantFile } from '@valetkey/api'
import type { ClientId } from '../domain/ids.ts'
import type { Connection } from '../domain/user.ts'
import { newConnectionId } from './identifiers.ts'
import type { ClientPlan } from './plan-clients.ts'
import { type Plan, rowStep, type Step } from './step.ts'
import type { Target } from './target.ts'

export interface DatabasePlan extends Plan {
  /** The connection of a name once the file is applied. */
  find(name: string): Promise<Connection | undefined>
}

/** Database connections are found by name. A new one is enabled for the clients it names, and for none by default, as in Auth0. */
export async function planDatabases(
  file: TenantFile,
  target: Target,
  clients: ClientPlan,
): Promise<DatabasePlan> {
  const rows = target.store.forTenant(target.tenant).connections
  const planned = new Map<string, Connection>()
  const mistakes: Mistake[] = []
  const steps: Step[] = []
  for (const located of file.databases) {
    const { entry } = located
    const stored = await rows.findByName(entry.name)
    const enabled = enabledClients(located, file, clients)
    mistakes.push(...enabled.mistakes)
    const connection: Connection = {
      id: stored?.id ?? newConnectionId(target.ports.random),
      name: entry.name,
      strategy: 'auth0',
      enabledClients: enabled.clients ?? stored?.enabledClients ?? [],
      createdAt: stored?.createdAt ?? target.ports.clock.now(),
      version: stored?.version ?? 1,
    }
    planned.set(connection.name, connection)
    steps.push(rowStep({ noun: 'database', name: connection.name }, rows, stored, connection))
  }
  return { steps, mistakes, find: async (name) => planned.get(name) ?? (await rows.findByName(name)) }
}

interface Enabled {
  readonly clients: 'all' | readonly ClientId[] | undefined
  readonly mistakes: readonly Mistake[]
}

function enabledClients(
  { path, entry }: Located<DatabaseEntry>,
  file: TenantFile,
  clients: ClientPlan,
): Enabled {
  const named = entry.enabled_clients
  if (named === undefined || named === 'all') return { clients: named, mistakes: [] }
  const found = named.map((reference) => clients.find(reference))
  const mistakes = named.flatMap((reference, index) =>
    found[index] === undefined && !file.declared.clients.has(reference)
      ? [{ path: [...path, 'enabled_clients', index], message: 'names no client of this file or tenant' }]
      : [],
  )
  return { clients: [...new Set(found.filter((id) => id !== undefined))], mistakes }
}
