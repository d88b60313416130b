import type { ResourceServer } from '../domain/resource-server.ts'
import type { Call } from '../oauth/call.ts'
import type { GrantedAccess, GrantedApplication } from '../oauth/granted-applications.ts'
import type { ListedAccess, ListedApplication } from '../pages/models.ts'
import { applicationCard } from './application-card.ts'

/** Scopes that tell who the owner is, whichever API's token they came with (OpenID Connect Core §5.4). */
const identityScopes: readonly string[] = ['openid', 'profile', 'email', 'address', 'phone']

interface AtApi extends GrantedAccess {
  /** Absent for what is no API, and for one that was removed. */
  readonly api?: ResourceServer
}

/** A granted application as the owner's page shows it. */
export async function listedApplication(
  { client, access, hasRefreshTokens }: GrantedApplication,
  call: Call,
): Promise<ListedApplication> {
  const found = await Promise.all(access.map((one) => atApi(one, call)))
  const lifetimes = found.flatMap(({ api }) => (api === undefined ? [] : [longestLifetime(api)]))
  return {
    clientId: client.id,
    application: applicationCard(client),
    staysConnected: hasRefreshTokens,
    access: [...found.flatMap(ofApi), ...identityOf(found)],
    ...(lifetimes.length > 0 && { tokensLiveSeconds: Math.max(...lifetimes) }),
  }
}

async function atApi(access: GrantedAccess, call: Call): Promise<AtApi> {
  const { audience } = access
  const api = audience === '' ? undefined : await call.store.resourceServers.findByIdentifier(audience)
  return { ...access, ...(api !== undefined && { api }) }
}

function longestLifetime({ tokenLifetimeSeconds, tokenLifetimeForWebSeconds }: ResourceServer): number {
  return Math.max(tokenLifetimeSeconds, tokenLifetimeForWebSeconds)
}

function isIdentity(scope: string, { audience, api }: AtApi): boolean {
  if (audience === '') return true
  return identityScopes.includes(scope) && !api?.scopes.some(({ value }) => value === scope)
}

function ofApi(access: AtApi): readonly ListedAccess[] {
  const { audience, api, grantedAt } = access
  const own = access.scope.filter((scope) => !isIdentity(scope, access))
  if (audience === '') return []
  const scopes = own.map((value) => {
    const description = api?.scopes.find((defined) => defined.value === value)?.description
    return { value, ...(description !== undefined && { description }) }
  })
  return [{ apiName: api?.name ?? audience, scopes, grantedAt }]
}

// One list, however many tokens carry these scopes.
function identityOf(all: readonly AtApi[]): readonly ListedAccess[] {
  const found = all.filter((access) => access.scope.some((scope) => isIdentity(scope, access)))
  const values = found.flatMap((access) => access.scope.filter((scope) => isIdentity(scope, access)))
  if (values.length === 0) return []
  const scopes = [...new Set(values)].map((value) => ({ value }))
  return [{ scopes, grantedAt: Math.max(...found.map(({ grantedAt }) => grantedAt)) }]
}
