import { artifactKind } from '../domain/artifact.ts'
import type { UserId } from '../domain/ids.ts'
import { randomHex, randomToken } from '../domain/ports.ts'
import { hashed } from '../domain/secrets.ts'
import type { Store } from '../domain/store.ts'
import type { TenantCall } from '../domain/tenant-call.ts'
import type { User } from '../domain/user.ts'
import { hashPassword, maxPasswordLength } from './password.ts'

const setupTicket = artifactKind<Record<string, never>>('setup')
const ticketLifetimeSeconds = 86_400

/** Shortest password of an administrator, in characters (NIST SP 800-63B §3.1.1.2 asks for 15 where it stands alone, 8 else). */
const minPasswordLength = 12

/** The one-time link with which the first administrator sets up the tenant; `undefined` when there is one already. */
export async function issueSetupLink(call: TenantCall): Promise<string | undefined> {
  if (call.tenant.settings.administrators.length > 0) return undefined
  const ticket = randomToken(call.ports.random)
  const artifact = { body: {}, expiresAt: call.now + ticketLifetimeSeconds }
  await call.store.artifacts.put(setupTicket, hashed(ticket), artifact, call.now)
  return `${call.issuer}setup?ticket=${ticket}`
}

/** Whether a set-up link can still be used. */
export async function isSetupTicket(ticket: string, call: TenantCall): Promise<boolean> {
  if (call.tenant.settings.administrators.length > 0) return false
  return (await call.store.artifacts.peek(setupTicket, hashed(ticket), call.now)) !== undefined
}

export interface Setup {
  readonly ticket: string
  readonly email: string
  readonly password: string
  readonly repeatedPassword: string
}

export type SetupResult = 'done' | 'invalid_email' | 'weak_password' | 'passwords_differ' | 'link_invalid'

/** Makes the first administrator. The link is used up only by what will succeed. */
export async function setUp(setup: Setup, tenants: Store['tenants'], call: TenantCall): Promise<SetupResult> {
  const email = setup.email.trim().toLowerCase()
  if (!/^[^\s@]{1,64}@[^\s@]{1,255}$/.test(email)) return 'invalid_email'
  if (setup.password !== setup.repeatedPassword) return 'passwords_differ'
  if (!isStrong(setup.password, email)) return 'weak_password'
  const connection = (await call.store.connections.list({ limit: 1 })).items[0]
  if (connection === undefined || !(await isSetupTicket(setup.ticket, call))) return 'link_invalid'
  const hash = await hashPassword(setup.password)
  const taken = await call.store.artifacts.take(setupTicket, hashed(setup.ticket), call.now)
  if (taken === undefined) return 'link_invalid'
  const user = await existingOrNew(email, connection.id, call)
  await call.store.passwords.save({ userId: user.id, hash, updatedAt: call.now })
  const { settings } = call.tenant
  const updated = await tenants.update({
    ...call.tenant,
    settings: { ...settings, administrators: [user.id] },
  })
  return updated.kind === 'updated' ? 'done' : 'link_invalid'
}

function isStrong(password: string, email: string): boolean {
  const characters = [...password].length
  const isRepetition = new Set(password).size < 5
  const isEmail = password.toLowerCase().includes(email)
  return characters >= minPasswordLength && password.length <= maxPasswordLength && !isRepetition && !isEmail
}

async function existingOrNew(
  email: string,
  connectionId: User['connectionId'],
  call: TenantCall,
): Promise<User> {
  const existing = await call.store.users.findByIdentifier(connectionId, email)
  if (existing !== undefined) return existing
  return call.store.users.create({
    id: `auth0|${randomHex(call.ports.random)}` as UserId,
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
  })
}
