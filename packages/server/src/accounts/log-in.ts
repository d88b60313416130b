import type { ClientId, ConnectionId } from '../domain/ids.ts'
import type { PasswordHash } from '../domain/secrets.ts'
import type { TenantCall } from '../domain/tenant-call.ts'
import { type Connection, serves, type User } from '../domain/user.ts'
import { type Attempt, type AttemptLimits, admit, noteSuccess, noteUnchecked } from './attempts.ts'
import { hashPassword, isOutdated, verifyPassword } from './password.ts'
import { tellOwner } from './unblock.ts'
import type { WorkLine } from './work-line.ts'

/** What stands between the network and the passwords; made once, at the start of the server. */
export interface LoginGuard {
  readonly limits: AttemptLimits
  /** Where passwords are hashed and compared: an address that asks for many must not keep the other threads from their work. */
  readonly hashing: WorkLine
}

export interface PasswordLogin extends Attempt {
  readonly password: string
  /** The application that the person logs in for; only connections that serve it count. Absent for the person's own account. */
  readonly clientId?: ClientId
  /** The only connection that counts; all of the application where it is absent. */
  readonly connectionId?: ConnectionId
}

export type LogInResult =
  | { readonly kind: 'authenticated'; readonly user: User }
  | { readonly kind: 'wrong_credentials' }
  | { readonly kind: 'too_many_attempts' }
  | { readonly kind: 'blocked' }
  /** Nobody looked at the password; it can be tried again in a moment. */
  | { readonly kind: 'too_busy' }

// A hash of nothing anybody knows: an unknown user must take as long as a wrong password.
const decoy =
  '$argon2id$v=19$m=19456,t=2,p=1$B5DTf3TRcml+PFZh/Qg04A$0rpGjvsywX6BIgc5QuISvJTynG5EPq2iojsjAwCBjs4' as PasswordHash

/** Checks an identifier and password. What the person may learn is in the result; nothing tells whether the user exists. */
export async function logIn(login: PasswordLogin, guard: LoginGuard, call: TenantCall): Promise<LogInResult> {
  const admission = await admit(login, guard.limits, call)
  if (admission.kind === 'locked') return { kind: 'too_many_attempts' }
  const user = await findUser(login, call)
  const checked = await guard.hashing.run(() => hasPassword(user, login.password, call))
  if (checked.kind === 'too_busy') {
    await noteUnchecked(login, call)
    return checked
  }
  if (!checked.value || user === undefined) {
    if (admission.isLast && user?.email !== undefined) tellOwner(login, user.email, guard.limits, call)
    return { kind: 'wrong_credentials' }
  }
  await noteSuccess(login, call)
  // Only the owner learns that the account is blocked.
  return user.blocked ? { kind: 'blocked' } : { kind: 'authenticated', user }
}

async function findUser(login: PasswordLogin, call: TenantCall): Promise<User | undefined> {
  for (const connection of await connectionsFor(login, call)) {
    const user = await call.store.users.findByIdentifier(connection.id, login.identifier)
    if (user !== undefined) return user
  }
  return undefined
}

async function connectionsFor(
  { clientId, connectionId }: PasswordLogin,
  call: TenantCall,
): Promise<readonly Connection[]> {
  const { items } = await call.store.connections.list({ limit: 1000 })
  return items.filter(
    (connection) =>
      (clientId === undefined || serves(connection, clientId)) &&
      (connectionId === undefined || connection.id === connectionId),
  )
}

async function hasPassword(user: User | undefined, password: string, call: TenantCall): Promise<boolean> {
  const credential = user && (await call.store.passwords.find(user.id))
  const matches = await verifyPassword(credential?.hash ?? decoy, password)
  if (!matches || credential === undefined) return false
  if (isOutdated(credential.hash)) {
    const hash = await hashPassword(password)
    await call.store.passwords.save({ userId: credential.userId, hash, updatedAt: call.now })
  }
  return true
}
