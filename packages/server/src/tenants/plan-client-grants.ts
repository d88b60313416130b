import type { ClientGrantEntry, Located, Mistake, TenantFile } from '@valetkey/api'
import type { ClientId } from '../domain/ids.ts'
import type { ClientGrant, ResourceServer } from '../domain/resource-server.ts'
import { newClientGrantId } from './identifiers.ts'
import type { ClientPlan } from './plan-clients.ts'
import type { ResourceServerPlan } from './plan-resource-servers.ts'
import { type Plan, rowStep, type Step } from './step.ts'
import type { Target } from './target.ts'

/** Client grants are found by client, audience and subject type. */
export async function planClientGrants(
  file: TenantFile,
  target: Target,
  clients: ClientPlan,
  apis: ResourceServerPlan,
): Promise<Plan> {
  const rows = target.store.forTenant(target.tenant).clientGrants
  const mistakes: Mistake[] = []
  const steps: Step[] = []
  const seen = new Set<string>()
  for (const { path, entry } of file.clientGrants) {
    const clientId = clients.find(entry.client_id)
    const api = await apis.find(entry.audience)
    if (clientId === undefined && !file.declared.clients.has(entry.client_id))
      mistakes.push({ path: [...path, 'client_id'], message: 'names no client of this file or tenant' })
    if (api === undefined && !file.declared.audiences.has(entry.audience))
      mistakes.push({ path: [...path, 'audience'], message: 'names no API of this file or tenant' })
    if (api !== undefined) mistakes.push(...undefinedScopes({ path, entry }, api))
    if (clientId === undefined || api === undefined) continue
    const subjectType = entry.subject_type ?? 'client'
    const key = JSON.stringify([clientId, entry.audience, subjectType])
    // Once by name and once by id is twice the same.
    if (seen.has(key)) mistakes.push({ path: [...path, 'client_id'], message: 'stands twice in this file' })
    seen.add(key)
    const stored = await rows.findFor(clientId, entry.audience, subjectType)
    const grant = fromEntry(entry, stored, clientId, target)
    steps.push(
      rowStep({ noun: 'client grant', name: `${entry.client_id} → ${entry.audience}` }, rows, stored, grant),
    )
  }
  return { steps, mistakes }
}

function undefinedScopes(
  { path, entry }: Located<ClientGrantEntry>,
  api: ResourceServer,
): readonly Mistake[] {
  return (entry.scope ?? []).flatMap((scope, index) =>
    api.scopes.some(({ value }) => value === scope)
      ? []
      : [{ path: [...path, 'scope', index], message: 'is no scope of this API' }],
  )
}

function fromEntry(
  entry: ClientGrantEntry,
  stored: ClientGrant | undefined,
  clientId: ClientId,
  { ports }: Target,
): ClientGrant {
  return {
    id: stored?.id ?? newClientGrantId(ports.random),
    clientId,
    audience: entry.audience,
    subjectType: entry.subject_type ?? 'client',
    scope: entry.scope ?? stored?.scope ?? [],
    allowAllScopes: entry.allow_all_scopes ?? stored?.allowAllScopes ?? false,
    createdAt: stored?.createdAt ?? ports.clock.now(),
    version: stored?.version ?? 1,
  }
}
