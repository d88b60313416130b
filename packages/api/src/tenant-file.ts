import type { z } from 'zod'
import { type ClientEntry, clientNoun } from './client.ts'
import { type ClientGrantEntry, clientGrantNoun } from './client-grant.ts'
import { type DatabaseEntry, databaseNoun } from './database.ts'
import { didYouMean } from './did-you-mean.ts'
import { duplicates } from './duplicates.ts'
import type { Mistake, Path } from './mistake.ts'
import { checkNoun, isGroup, isOff, type Noun } from './noun.ts'
import { type ResourceServerEntry, resourceServerNoun } from './resource-server.ts'
import { type RoleEntry, roleNoun } from './role.ts'
import { type TenantEntry, tenantNoun } from './tenant.ts'
import { isTooDeep, textMistakes } from './text-mistakes.ts'
import { type UserEntry, userNoun } from './user.ts'

/** An entry and where it stands. */
export interface Located<Entry> {
  readonly path: Path
  readonly entry: Entry
}

/**
 * A tenant file: the entries that are right in themselves, and all mistakes. Whoever applies it adds the mistakes that only
 * the store can show, and applies nothing when there is any.
 */
export interface TenantFile {
  readonly tenant: Located<TenantEntry> | undefined
  readonly clients: readonly Located<ClientEntry>[]
  readonly resourceServers: readonly Located<ResourceServerEntry>[]
  readonly clientGrants: readonly Located<ClientGrantEntry>[]
  readonly databases: readonly Located<DatabaseEntry>[]
  readonly roles: readonly Located<RoleEntry>[]
  readonly users: readonly Located<UserEntry>[]
  readonly declared: Declared
  readonly mistakes: readonly Mistake[]
  /** What may stand there and does not do here what it says. */
  readonly warnings: readonly Mistake[]
}

/** What the file names, mistaken entries too, so that one mistake is not reported again by all who refer to it. */
export interface Declared {
  readonly clients: ReadonlySet<string>
  readonly audiences: ReadonlySet<string>
  readonly connections: ReadonlySet<string>
  readonly roles: ReadonlySet<string>
}

const lists = ['clients', 'resourceServers', 'clientGrants', 'databases', 'roles', 'users'] as const
const members = ['tenant', ...lists] as const

/** Nouns of auth0-deploy-cli that this version does not have. Accepted while they say nothing. */
const laterNouns = new Set([
  'actionModules',
  'actions',
  'attackProtection',
  'branding',
  'connectionProfiles',
  'connections',
  'customDomains',
  'emailProvider',
  'emailTemplates',
  'eventStreams',
  'flowVaultConnections',
  'flows',
  'forms',
  'guardianFactorProviders',
  'guardianFactorTemplates',
  'guardianFactors',
  'guardianPhoneFactorMessageTypes',
  'guardianPhoneFactorSelectedProvider',
  'guardianPolicies',
  'hooks',
  'logStreams',
  'networkACLs',
  'organizations',
  'pages',
  'phoneProviders',
  'phoneTemplates',
  'prompts',
  'rateLimitPolicies',
  'riskAssessment',
  'riskAssessments',
  'rules',
  'rulesConfigs',
  'selfServiceProfiles',
  'supplementalSignals',
  'themes',
  'tokenExchangeProfiles',
  'triggers',
  'userAttributeProfiles',
])

/** What this server has in the place of some of them. */
const insteadOf: Readonly<Record<string, string>> = {
  attackProtection: 'see attackProtection among the settings of the server',
  branding: 'set tenant.valetkey.colors and tenant.picture_url',
  tokenExchangeProfiles: 'set valetkey.token_exchange of the client',
}

/** Reads the document of a tenant file, in the shape that auth0-deploy-cli writes. Never throws on what it says. */
export function parseTenantFile(document: unknown): TenantFile {
  if (isTooDeep(document))
    return { ...parseTenantFile({}), mistakes: [{ path: [], message: 'is nested too deeply' }] }
  const root = isGroup(document) ? document : {}
  const mistakes: Mistake[] = [...rootMistakes(document), ...textMistakes(document)]
  const warnings: Mistake[] = []
  const read = <Schema extends z.ZodType>(kind: Noun<Schema>, value: unknown, path: Path) => {
    const checked = checkNoun(kind, value, path)
    warnings.push(...checked.warnings)
    if (checked.kind === 'valid') return [{ path, entry: checked.value }]
    mistakes.push(...checked.mistakes)
    return []
  }
  const collect = <Schema extends z.ZodType>(kind: Noun<Schema>, name: string) =>
    entriesOf(root, name).flatMap((value, index) => read(kind, value, [name, index]))

  const [tenant] = (root.tenant ?? undefined) === undefined ? [] : read(tenantNoun, root.tenant, ['tenant'])
  const entries = {
    tenant,
    clients: collect(clientNoun, 'clients'),
    resourceServers: collect(resourceServerNoun, 'resourceServers'),
    clientGrants: collect(clientGrantNoun, 'clientGrants'),
    databases: collect(databaseNoun, 'databases'),
    roles: collect(roleNoun, 'roles'),
    users: collect(userNoun, 'users'),
  }
  return { ...entries, declared: declaredBy(root), mistakes: [...mistakes, ...duplicates(entries)], warnings }
}

function rootMistakes(document: unknown): readonly Mistake[] {
  if (!isGroup(document)) return [{ path: [], message: `expected a group with ${members.join(', ')}` }]
  return Object.entries(document).flatMap(([name, value]) => {
    const path = [name]
    if (lists.some((list) => list === name))
      return Array.isArray(value) || value === null ? [] : [{ path, message: 'expected a list' }]
    if (name === 'tenant' || isOff(value)) return []
    if (laterNouns.has(name)) {
      const instead = Object.hasOwn(insteadOf, name) ? insteadOf[name] : 'remove it'
      return [{ path, message: `is not supported by this version; ${instead}` }]
    }
    return [{ path, message: `is no known member${didYouMean(name, members)}` }]
  })
}

function entriesOf(root: Readonly<Record<string, unknown>>, name: string): readonly unknown[] {
  const entries = root[name]
  return Array.isArray(entries) ? entries : []
}

function declaredBy(root: Readonly<Record<string, unknown>>): Declared {
  const named = (list: string, member: string) =>
    entriesOf(root, list).flatMap((entry) => {
      const value = isGroup(entry) ? entry[member] : undefined
      return typeof value === 'string' ? [value] : []
    })
  return {
    clients: new Set([...named('clients', 'client_id'), ...named('clients', 'name')]),
    audiences: new Set(named('resourceServers', 'identifier')),
    connections: new Set(named('databases', 'name')),
    roles: new Set(named('roles', 'name')),
  }
}
