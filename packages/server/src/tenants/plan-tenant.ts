import type { TenantEntry, TenantFile } from '@valetkey/api'
import type { Tenant, TenantSettings } from '../domain/tenant.ts'
import { orRemoved } from './client-from-entry.ts'
import type { DatabasePlan } from './plan-databases.ts'
import type { ResourceServerPlan } from './plan-resource-servers.ts'
import { compact, type Plan, rowStep } from './step.ts'
import type { Target } from './target.ts'

/** What the settings may name. */
interface Named {
  readonly apis: ResourceServerPlan
  readonly databases: DatabasePlan
}

/** The tenant's own settings. */
export async function planTenant(file: TenantFile, target: Target, named: Named): Promise<Plan> {
  const stored = await target.store.tenants.find(target.tenant)
  if (stored === undefined)
    return {
      steps: [],
      mistakes: [{ path: [], message: 'the tenant does not exist yet: start the server once' }],
    }
  if (file.tenant === undefined) return { steps: [], mistakes: [] }
  const { path, entry } = file.tenant
  const wanted: Tenant = { ...stored, settings: settingsFrom(entry, stored.settings) }
  return {
    steps: [rowStep({ noun: 'tenant', name: stored.id }, target.store.tenants, stored, wanted)],
    mistakes: [
      ...((await isMissing(entry.default_audience, file.declared.audiences, named.apis))
        ? [{ path: [...path, 'default_audience'], message: 'names no API of this file or tenant' }]
        : []),
      ...((await isMissing(entry.default_directory, file.declared.connections, named.databases))
        ? [{ path: [...path, 'default_directory'], message: 'names no database of this file or tenant' }]
        : []),
    ],
  }
}

/** Whether a setting names something that will not be there; empty text names nothing. */
async function isMissing(
  name: string | undefined,
  declared: ReadonlySet<string>,
  plan: { find(name: string): Promise<unknown> },
): Promise<boolean> {
  if (name === undefined || name === '' || declared.has(name)) return false
  return (await plan.find(name)) === undefined
}

function settingsFrom(entry: TenantEntry, stored: TenantSettings): TenantSettings {
  const { colors } = entry.valetkey ?? {}
  return compact({
    friendlyName: entry.friendly_name ?? stored.friendlyName,
    pictureUrl: orRemoved(entry.picture_url, stored.pictureUrl),
    supportEmail: orRemoved(entry.support_email, stored.supportEmail),
    supportUrl: orRemoved(entry.support_url, stored.supportUrl),
    defaultAudience: orRemoved(entry.default_audience, stored.defaultAudience),
    defaultDirectory: orRemoved(entry.default_directory, stored.defaultDirectory),
    sessionLifetimeSeconds: secondsOf(entry.session_lifetime) ?? stored.sessionLifetimeSeconds,
    idleSessionLifetimeSeconds: secondsOf(entry.idle_session_lifetime) ?? stored.idleSessionLifetimeSeconds,
    administrators: stored.administrators,
    colors: {
      primary: colors?.primary ?? stored.colors.primary,
      pageBackground: colors?.page_background ?? stored.colors.pageBackground,
    },
  })
}

function secondsOf(hours: number | undefined): number | undefined {
  return hours === undefined ? undefined : Math.round(hours * 3600)
}
