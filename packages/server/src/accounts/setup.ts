import { artifactKind } from '../domain/artifact.ts'
import type { UserId } from '../domain/ids.ts'
import { randomHex, randomToken } from '../domain/ports.ts'
import { type Hashed, hashed, type PasswordHash } from '../domain/secrets.ts'
import { type Store, StoreConflict } from '../domain/store.ts'
import type { Tenant } from '../domain/tenant.ts'
import type { TenantCall } from '../domain/tenant-call.ts'
import type { User } from '../domain/user.ts'
import { hashPassword } from './password.ts'
import { isWeak } from './weak-password.ts'
import type { WorkLine } from './work-line.ts'

interface Ticket {
  readonly ticket: Hashed
  readonly expiresAt: number
}

/** What the newest link is known by. All lie in one place, so that there is one link at a time. */
const setupTicket = artifactKind<Ticket>('setup')
const place = hashed('setup')
const ticketLifetimeSeconds = 86_400
/** How often something else may change the tenant while its first administrator is made. */
const attempts = 5

/** The one-time link with which the first administrator sets up the tenant; `undefined` when there is one already. It ends the link before it. */
export async function issueSetupLink(call: TenantCall): Promise<string | undefined> {
  if (await hasAdministrator(call.tenant, call)) return undefined
  const ticket = randomToken(call.ports.random)
  await call.store.artifacts.take(setupTicket, place, call.now)
  await putTicket({ ticket: hashed(ticket), expiresAt: call.now + ticketLifetimeSeconds }, call)
  return `${call.issuer}setup?ticket=${ticket}`
}

/** Whether a set-up link can still be used. */
export async function isSetupTicket(ticket: string, call: TenantCall): Promise<boolean> {
  if (await hasAdministrator(call.tenant, call)) return false
  const issued = await call.store.artifacts.peek(setupTicket, place, call.now)
  return issued?.ticket === hashed(ticket)
}

// One without a password is what a process left that died while it made the administrator.
async function hasAdministrator({ settings }: Tenant, call: TenantCall): Promise<boolean> {
  for (const id of settings.administrators)
    if ((await call.store.passwords.find(id)) !== undefined) return true
  return false
}

export interface Setup {
  readonly ticket: string
  readonly email: string
  readonly password: string
  readonly repeatedPassword: string
}

export type SetupResult =
  | 'done'
  | 'invalid_email'
  | 'weak_password'
  | 'passwords_differ'
  | 'link_invalid'
  | 'too_busy'

/**
 * Makes the first administrator. The link is used up only by what succeeds, and whoever comes second with it leaves
 * nothing behind: the link is taken first, then the tenant is claimed, then the user is written.
 */
export async function setUp(
  setup: Setup,
  hashing: WorkLine,
  tenants: Store['tenants'],
  call: TenantCall,
): Promise<SetupResult> {
  const email = setup.email.trim().toLowerCase()
  if (!/^[^\s@]{1,64}@[^\s@]{1,255}$/.test(email)) return 'invalid_email'
  if (setup.password !== setup.repeatedPassword) return 'passwords_differ'
  if (isWeak(setup.password, email)) return 'weak_password'
  if (!(await isSetupTicket(setup.ticket, call))) return 'link_invalid'
  const hash = await hashing.run(() => hashPassword(setup.password))
  if (hash.kind === 'too_busy') return hash.kind
  const taken = await call.store.artifacts.take(setupTicket, place, call.now)
  if (taken === undefined) return 'link_invalid'
  let result: SetupResult = 'link_invalid'
  try {
    if (taken.ticket === hashed(setup.ticket))
      result = await makeAdministrator(email, hash.value, tenants, call)
  } finally {
    // For whoever tries again; or it was a newer link, and not ours to use up.
    if (result !== 'done') await putTicket(taken, call).catch(ignoreConflict)
  }
  return result
}

async function makeAdministrator(
  email: string,
  hash: PasswordHash,
  tenants: Store['tenants'],
  call: TenantCall,
): Promise<'done' | 'link_invalid'> {
  const [connection] = (await call.store.connections.list({ limit: 1 })).items
  if (connection === undefined) return 'link_invalid'
  const existing = await call.store.users.findByIdentifier(connection.id, email)
  const userId = existing?.id ?? (`auth0|${randomHex(call.ports.random)}` as UserId)
  if (!(await claim(userId, tenants, call))) return 'link_invalid'
  if (existing === undefined) await call.store.users.create(newUser(userId, email, connection.id, call))
  await call.store.passwords.save({ userId, hash, updatedAt: call.now })
  return 'done'
}

/** Writes the administrator into the tenant, and again when something else changed the tenant at the same time. */
async function claim(userId: UserId, tenants: Store['tenants'], call: TenantCall): Promise<boolean> {
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const tenant = await tenants.find(call.tenant.id)
    if (tenant === undefined || (await hasAdministrator(tenant, call))) return false
    const settings = { ...tenant.settings, administrators: [userId] }
    if ((await tenants.update({ ...tenant, settings })).kind === 'updated') return true
  }
  return false
}

function newUser(id: UserId, email: string, connectionId: User['connectionId'], call: TenantCall): User {
  return {
    id,
    connectionId,
    email,
    emailVerified: false,
    phoneNumberVerified: false,
    claims: { name: email, nickname: email.split('@')[0] ?? email },
    blocked: false,
    userMetadata: {},
    appMetadata: {},
    createdAt: call.now,
    updatedAt: call.now,
    version: 1,
  }
}

function putTicket(body: Ticket, call: TenantCall): Promise<void> {
  return call.store.artifacts.put(setupTicket, place, { body, expiresAt: body.expiresAt }, call.now)
}

function ignoreConflict(error: unknown): void {
  // There is a newer link by now.
  if (!(error instanceof StoreConflict)) throw error
}
