import type { Mistake, ResourceServerEntry, TenantFile } from '@valetkey/api'
import type { EpochSeconds, ResourceServerId } from '../domain/ids.ts'
import type { ResourceServer } from '../domain/resource-server.ts'
import { orRemoved } from './client-from-entry.ts'
import { newResourceServerId } from './identifiers.ts'
import { compact, type Plan, rowStep, type Step } from './step.ts'
import type { Target } from './target.ts'

export interface ResourceServerPlan extends Plan {
  /** The API of an identifier once the file is applied. */
  find(identifier: string): Promise<ResourceServer | undefined>
}

/** APIs are found by their identifier. */
export async function planResourceServers(file: TenantFile, target: Target): Promise<ResourceServerPlan> {
  const rows = target.store.forTenant(target.tenant).resourceServers
  const planned = new Map<string, ResourceServer>()
  const mistakes: Mistake[] = []
  const steps: Step[] = []
  for (const { path, entry } of file.resourceServers) {
    const stored = await rows.findByIdentifier(entry.identifier)
    const newId = (entry.id ?? newResourceServerId(target.ports.random)) as ResourceServerId
    const api = fromEntry(entry, stored, stored?.id ?? newId, target.ports.clock.now())
    if (stored === undefined && entry.id !== undefined && (await rows.find(newId)) !== undefined)
      mistakes.push({ path: [...path, 'id'], message: 'belongs to another API' })
    if (api.tokenLifetimeForWebSeconds > api.tokenLifetimeSeconds)
      mistakes.push({
        path: [...path, 'token_lifetime_for_web'],
        message: 'must not be longer than token_lifetime',
      })
    if (api.tokenDialect.endsWith('_authz') && api.enforcePolicies !== true)
      mistakes.push({ path: [...path, 'token_dialect'], message: 'needs enforce_policies' })
    planned.set(api.identifier, api)
    steps.push(rowStep({ noun: 'API', name: api.identifier }, rows, stored, api))
  }
  const find = async (identifier: string) =>
    planned.get(identifier) ?? (await rows.findByIdentifier(identifier))
  return { steps, mistakes, find }
}

/** What the entry says, else what is stored, else Auth0's defaults, which ask for consent and allow no offline access. */
function fromEntry(
  entry: ResourceServerEntry,
  stored: ResourceServer | undefined,
  id: ResourceServerId,
  now: EpochSeconds,
): ResourceServer {
  const lifetime = entry.token_lifetime ?? stored?.tokenLifetimeSeconds ?? 86_400
  const { user, client } = entry.subject_type_authorization ?? {}
  return compact({
    id,
    identifier: entry.identifier,
    name: entry.name ?? stored?.name ?? entry.identifier,
    scopes:
      entry.scopes?.map(({ value, description = '' }) => ({ value, description })) ?? stored?.scopes ?? [],
    signingAlgorithm: entry.signing_alg ?? stored?.signingAlgorithm ?? 'RS256',
    tokenDialect: entry.token_dialect ?? stored?.tokenDialect ?? 'access_token',
    tokenFormat: orRemoved(entry.valetkey?.token_format, stored?.tokenFormat),
    tokenLifetimeSeconds: lifetime,
    tokenLifetimeForWebSeconds:
      entry.token_lifetime_for_web ?? Math.min(stored?.tokenLifetimeForWebSeconds ?? 7200, lifetime),
    allowOfflineAccess: entry.allow_offline_access ?? stored?.allowOfflineAccess ?? false,
    enforcePolicies: entry.enforce_policies ?? stored?.enforcePolicies,
    skipConsentForVerifiableFirstPartyClients:
      entry.skip_consent_for_verifiable_first_party_clients ??
      stored?.skipConsentForVerifiableFirstPartyClients ??
      false,
    subjectTypeAuthorization: {
      user: user?.policy ?? stored?.subjectTypeAuthorization.user ?? 'allow_all',
      client: client?.policy ?? stored?.subjectTypeAuthorization.client ?? 'require_client_grant',
    },
    createdAt: stored?.createdAt ?? now,
    updatedAt: now,
    version: stored?.version ?? 1,
  })
}
