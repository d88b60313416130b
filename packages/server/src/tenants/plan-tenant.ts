import type { TenantEntry, TenantFile } from '@valetkey/api'
import { hashed } from '../domain/secrets.ts'
import type { Tenant, TenantSettings, UserCodeFormat } from '../domain/tenant.ts'
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
      ...(entry.valetkey?.registration !== undefined && wanted.settings.registration === undefined
        ? [
            {
              path: [...path, 'valetkey', 'registration'],
              message: 'needs flags.enable_dynamic_client_registration',
            },
          ]
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
    allowedLogoutUrls: entry.allowed_logout_urls ?? stored.allowedLogoutUrls,
    acrValues: entry.valetkey?.acr_values ?? stored.acrValues,
    registration: registrationFrom(entry, stored.registration),
    deviceFlow: userCodeFormat(entry.device_flow) ?? stored.deviceFlow,
    deviceCodeLifetimeSeconds: entry.valetkey?.device_code_lifetime ?? stored.deviceCodeLifetimeSeconds,
    allowTokenInfo: entry.flags?.allow_legacy_tokeninfo_endpoint ?? stored.allowTokenInfo,
    userInfoQueryToken: entry.valetkey?.userinfo_query_token ?? stored.userInfoQueryToken,
    sessionLifetimeSeconds: secondsOf(entry.session_lifetime) ?? stored.sessionLifetimeSeconds,
    idleSessionLifetimeSeconds: secondsOf(entry.idle_session_lifetime) ?? stored.idleSessionLifetimeSeconds,
    administrators: stored.administrators,
    colors: {
      primary: colors?.primary ?? stored.colors.primary,
      pageBackground: colors?.page_background ?? stored.colors.pageBackground,
    },
  })
}

// Tokens are kept as hashes: whoever reads the store must not be able to register.
function registrationFrom(
  { flags, valetkey }: TenantEntry,
  stored: TenantSettings['registration'],
): TenantSettings['registration'] {
  const isEnabled = flags?.enable_dynamic_client_registration ?? stored !== undefined
  if (!isEnabled) return undefined
  const given = valetkey?.registration
  const issuers = given?.software_statement_issuers?.map(({ issuer, jwks, jwks_uri }) =>
    compact({ issuer, jwks, jwksUri: jwks_uri }),
  )
  return {
    initialAccessTokens: given?.initial_access_tokens?.map(hashed) ?? stored?.initialAccessTokens ?? [],
    softwareStatementIssuers: issuers ?? stored?.softwareStatementIssuers ?? [],
  }
}

const usualMasks = { base20: '****-****', digits: '***-***-***' } as const

function userCodeFormat(given: TenantEntry['device_flow']): UserCodeFormat | undefined {
  if (given === undefined) return undefined
  const { charset = 'base20' } = given
  return { charset, mask: given.mask ?? usualMasks[charset] }
}

function secondsOf(hours: number | undefined): number | undefined {
  return hours === undefined ? undefined : Math.round(hours * 3600)
}
