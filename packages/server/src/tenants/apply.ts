import type { Mistake, TenantFile } from '@valetkey/api'
import { planClientGrants } from './plan-client-grants.ts'
import { planClients } from './plan-clients.ts'
import { planDatabases } from './plan-databases.ts'
import { planResourceServers } from './plan-resource-servers.ts'
import { planRoles } from './plan-roles.ts'
import { planTenant } from './plan-tenant.ts'
import { planUsers } from './plan-users.ts'
import { inBatches, type NewSecret, type NounName, type Step } from './step.ts'
import type { Target } from './target.ts'
import { unknownNames } from './unknown-names.ts'

export interface Change {
  readonly noun: NounName
  readonly name: string
}

/** What was done. `secrets` are those made here; they can be read nowhere else. */
export interface ApplyReport {
  readonly created: readonly Change[]
  readonly updated: readonly Change[]
  readonly unchanged: readonly Change[]
  readonly secrets: readonly NewSecret[]
  /** What was applied and may not do what its author hopes for. */
  readonly warnings: readonly Mistake[]
}

export type Applied =
  | { readonly kind: 'applied'; readonly report: ApplyReport }
  | { readonly kind: 'mistaken'; readonly mistakes: readonly Mistake[] }

/** How many rows of one kind are written at once, for the store to commit together. */
const writesAtOnce = 16

/**
 * Brings the tenant to what the file says. What the file does not mention stays, and nothing is deleted.
 *
 * Everything is checked before the first write, so a file with any mistake changes nothing. The writes are not one
 * transaction: when the process dies among them, the same file applied again does the rest. A file applied twice changes
 * nothing the second time. With `dryRun` the report says what would be done.
 */
export async function applyTenantFile(
  file: TenantFile,
  target: Target,
  { dryRun = false }: { readonly dryRun?: boolean } = {},
): Promise<Applied> {
  const apis = await planResourceServers(file, target)
  const clients = await planClients(file, target, apis)
  const clientGrants = await planClientGrants(file, target, clients, apis)
  const databases = await planDatabases(file, target, clients)
  const roles = await planRoles(file, target, apis)
  const users = await planUsers(file, target, { databases, roles, apis })
  const tenant = await planTenant(file, target, { apis, databases })
  // In this order nothing ever refers to what is not there yet.
  const plans = [apis, clients, clientGrants, databases, roles, users, tenant]
  const names = unknownNames(file, target)
  const mistakes = [...file.mistakes, ...names.mistakes, ...plans.flatMap((plan) => plan.mistakes)]
  if (mistakes.length > 0) return { kind: 'mistaken', mistakes }
  if (!dryRun) for (const { steps } of plans) await inBatches(steps, writesAtOnce, (step) => step.write())
  const steps = plans.flatMap((plan) => plan.steps)
  const report = { ...grouped(steps), secrets: clients.secrets, warnings: names.warnings }
  return { kind: 'applied', report }
}

function grouped(steps: readonly Step[]) {
  const of = (kind: Step['kind']) =>
    steps.filter((step) => step.kind === kind).map(({ noun, name }) => ({ noun, name }))
  return { created: of('created'), updated: of('updated'), unchanged: of('unchanged') }
}
