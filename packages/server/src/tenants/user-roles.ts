import type { Mistake, Path, TenantFile, UserEntry } from '@valetkey/api'
import type { RoleId, UserId } from '../domain/ids.ts'
import type { TenantStore } from '../domain/store.ts'
import type { RolePlan } from './plan-roles.ts'
import type { Step } from './step.ts'

/** Roles that the user's entry names and nobody knows. */
export async function roleMistakes(
  { roles = [] }: UserEntry,
  path: Path,
  file: TenantFile,
  plan: RolePlan,
): Promise<readonly Mistake[]> {
  const found = await Promise.all(
    roles.map(async (name, index) => {
      const isKnown = file.declared.roles.has(name) || (await plan.find(name)) !== undefined
      const message = 'names no role of this file or tenant'
      return isKnown ? [] : [{ path: [...path, 'roles', index], message }]
    }),
  )
  return found.flat()
}

/** The user's step and, when the roles are not those of the entry, what changes them after it. */
export async function withRoles(
  step: Step,
  entry: UserEntry,
  userId: UserId,
  plan: RolePlan,
  store: TenantStore,
): Promise<Step> {
  if (entry.roles === undefined) return step
  const found = await Promise.all(entry.roles.map((name) => plan.find(name)))
  const wanted = found.flatMap((id): readonly RoleId[] => (id === undefined ? [] : [id]))
  const current = (await store.roles.ofUser(userId)).map(({ id }) => id)
  const added = wanted.filter((id) => !current.includes(id))
  const removed = current.filter((id) => !wanted.includes(id))
  if (added.length === 0 && removed.length === 0) return step
  const write = async () => {
    await step.write()
    for (const id of added) await store.roles.assign(userId, id)
    for (const id of removed) await store.roles.unassign(userId, id)
  }
  return { ...step, kind: step.kind === 'created' ? 'created' : 'updated', write }
}
