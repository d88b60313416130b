import type { Client } from '../domain/client.ts'
import type { ClientId, EpochSeconds, UserId } from '../domain/ids.ts'
import type { Page, PageRequest } from '../domain/store.ts'
import type { Call } from './call.ts'
import { revokeGrantsOf } from './grant-id.ts'

/** What an owner allowed an application, or what it was given without the owner being asked. */
export interface GrantedApplication {
  readonly client: Client
  readonly access: readonly GrantedAccess[]
  /** Whether it holds refresh tokens, and so needs nobody who is there. */
  readonly hasRefreshTokens: boolean
}

/** What it may do at one API, or learn where `audience` is empty. */
export interface GrantedAccess {
  readonly audience: string
  readonly scope: readonly string[]
  readonly grantedAt: EpochSeconds
}

interface Found extends GrantedAccess {
  readonly clientId: ClientId
  readonly isRefreshToken: boolean
}

/** The applications that the owner allowed something, or that can hold living tokens of the owner, by name. */
export async function grantedApplications(
  userId: UserId,
  call: Call,
): Promise<readonly GrantedApplication[]> {
  const lists = await Promise.all([consented(userId, call), held(userId, call), given(userId, call)])
  const found = lists.flat()
  const ids = [...new Set(found.map(({ clientId }) => clientId))]
  const applications = await Promise.all(
    ids.map(async (id) => {
      const client = await call.store.clients.find(id)
      const ofClient = found.filter(({ clientId }) => clientId === id)
      const hasRefreshTokens = ofClient.some(({ isRefreshToken }) => isRefreshToken)
      return client === undefined ? [] : [{ client, access: byAudience(ofClient), hasRefreshTokens }]
    }),
  )
  return applications.flat().sort((left, right) => left.client.name.localeCompare(right.client.name))
}

/** Takes everything back that the owner allowed an application: consents, refresh tokens, access tokens, codes. */
export async function revokeApplication(userId: UserId, clientId: ClientId, call: Call): Promise<void> {
  await revokeGrantsOf(userId, clientId, call)
  await call.store.givenAccess.deleteFor(userId, clientId)
  const consents = await everything((page) => call.store.consents.list(userId, page))
  const ofClient = consents.filter((consent) => consent.clientId === clientId)
  await Promise.all(ofClient.map(({ audience }) => call.store.consents.delete(userId, clientId, audience)))
}

async function consented(userId: UserId, call: Call): Promise<readonly Found[]> {
  const consents = await everything((page) => call.store.consents.list(userId, page))
  return consents.flatMap(({ clientId, audience, granted, updatedAt }) =>
    granted.length === 0
      ? []
      : [{ clientId, audience, scope: granted, grantedAt: updatedAt, isRefreshToken: false }],
  )
}

async function held(userId: UserId, call: Call): Promise<readonly Found[]> {
  const families = await everything((page) => call.store.refreshTokens.list(userId, page, call.now))
  return families.map(({ clientId, audience = '', scope, createdAt }) => ({
    clientId,
    audience,
    scope,
    grantedAt: createdAt,
    isRefreshToken: true,
  }))
}

async function given(userId: UserId, call: Call): Promise<readonly Found[]> {
  const accesses = await everything((page) => call.store.givenAccess.list(userId, page, call.now))
  return accesses.map(({ clientId, audience, scope, givenAt }) => ({
    clientId,
    audience,
    scope,
    grantedAt: givenAt,
    isRefreshToken: false,
  }))
}

// One entry for each API, however many browsers and devices hold tokens for it.
function byAudience(found: readonly Found[]): readonly GrantedAccess[] {
  const audiences = [...new Set(found.map(({ audience }) => audience))].sort()
  return audiences.map((audience) => {
    const same = found.filter((one) => one.audience === audience)
    return {
      audience,
      scope: [...new Set(same.flatMap(({ scope }) => scope))],
      grantedAt: Math.max(...same.map(({ grantedAt }) => grantedAt)),
    }
  })
}

async function everything<Noun>(list: (page: PageRequest) => Promise<Page<Noun>>): Promise<readonly Noun[]> {
  const all: Noun[] = []
  let after: string | undefined
  do {
    const page: Page<Noun> = await list({ limit: 1000, ...(after !== undefined && { after }) })
    all.push(...page.items)
    after = page.next
  } while (after !== undefined)
  return all
}
