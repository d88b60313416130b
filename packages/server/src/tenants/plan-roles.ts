import type { Mistake, Path, PermissionEntry, RoleEntry, TenantFile } from '@valetkey/api'
import type { EpochSeconds, RoleId } from '../domain/ids.ts'
import type { Permission, Role } from '../domain/role.ts'
import { newRoleId } from './identifiers.ts'
import type { ResourceServerPlan } from './plan-resource-servers.ts'
import { type Plan, rowStep, type Step } from './step.ts'
import type { Target } from './target.ts'

export interface RolePlan extends Plan {
  /** The role of a name once the file is applied. */
  find(name: string): Promise<RoleId | undefined>
}

/** Roles are found by their name. */
export async function planRoles(
  file: TenantFile,
  target: Target,
  apis: ResourceServerPlan,
): Promise<RolePlan> {
  const rows = target.store.forTenant(target.tenant).roles
  const planned = new Map<string, RoleId>()
  const mistakes: Mistake[] = []
  const steps: Step[] = []
  for (const { path, entry } of file.roles) {
    const stored = await rows.findByName(entry.name)
    const role = fromEntry(
      entry,
      stored,
      stored?.id ?? newRoleId(target.ports.random),
      target.ports.clock.now(),
    )
    mistakes.push(...(await permissionMistakes(entry.permissions, [...path, 'permissions'], file, apis)))
    planned.set(role.name, role.id)
    steps.push(rowStep({ noun: 'role', name: role.name }, rows, stored, role))
  }
  return { steps, mistakes, find: async (name) => planned.get(name) ?? (await rows.findByName(name))?.id }
}

function fromEntry(entry: RoleEntry, stored: Role | undefined, id: RoleId, now: EpochSeconds): Role {
  return {
    id,
    name: entry.name,
    description: entry.description ?? stored?.description ?? '',
    permissions: entry.permissions?.map(toPermission) ?? stored?.permissions ?? [],
    createdAt: stored?.createdAt ?? now,
    updatedAt: now,
    version: stored?.version ?? 1,
  }
}

export function toPermission({ permission_name, resource_server_identifier }: PermissionEntry): Permission {
  return { audience: resource_server_identifier, scope: permission_name }
}

/** Permissions that no API of the file or the tenant defines. */
export async function permissionMistakes(
  permissions: readonly PermissionEntry[] = [],
  path: Path,
  file: TenantFile,
  apis: ResourceServerPlan,
): Promise<readonly Mistake[]> {
  const found = await Promise.all(
    permissions.map(async ({ permission_name, resource_server_identifier: identifier }, index) => {
      const api = await apis.find(identifier)
      // A mistaken entry of the file is reported where it stands.
      if (api === undefined && file.declared.audiences.has(identifier)) return []
      if (api === undefined)
        return [
          {
            path: [...path, index, 'resource_server_identifier'],
            message: 'names no API of this file or tenant',
          },
        ]
      return api.scopes.some(({ value }) => value === permission_name)
        ? []
        : [{ path: [...path, index, 'permission_name'], message: 'is no scope of this API' }]
    }),
  )
  return found.flat()
}
