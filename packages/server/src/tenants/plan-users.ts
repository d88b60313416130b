import { defaultConnection, type Located, type Mistake, type TenantFile, type UserEntry } from '@valetkey/api'
import type { UserId } from '../domain/ids.ts'
import type { PasswordHash } from '../domain/secrets.ts'
import type { TenantStore } from '../domain/store.ts'
import type { Connection, User } from '../domain/user.ts'
import type { DatabasePlan } from './plan-databases.ts'
import type { ResourceServerPlan } from './plan-resource-servers.ts'
import { permissionMistakes, type RolePlan } from './plan-roles.ts'
import { inBatches, type Plan, rowStep, type Step } from './step.ts'
import type { Target } from './target.ts'
import { userFromEntry } from './user-from-entry.ts'
import { roleMistakes, withRoles } from './user-roles.ts'

/** How many users are read and verified at once: argon2 uses a processor each. */
const batchSize = 8

/** What the entries of users refer to. */
interface Named {
  readonly databases: DatabasePlan
  readonly roles: RolePlan
  readonly apis: ResourceServerPlan
}

/** Users are found by `user_id`, or by e-mail address or name in their connection when the entry has none. */
export async function planUsers(file: TenantFile, target: Target, named: Named): Promise<Plan> {
  const plans = await inBatches(file.users, batchSize, async (located): Promise<Plan> => {
    const name = located.entry.connection ?? defaultConnection
    const connection = await named.databases.find(name)
    if (connection !== undefined) return planUser(located, connection, { ...named, file }, target)
    const isDeclared = file.declared.connections.has(name)
    const message = 'names no database of this file or tenant'
    return { steps: [], mistakes: isDeclared ? [] : [{ path: [...located.path, 'connection'], message }] }
  })
  return { steps: plans.flatMap(({ steps }) => steps), mistakes: plans.flatMap(({ mistakes }) => mistakes) }
}

async function planUser(
  { path, entry }: Located<UserEntry>,
  connection: Connection,
  { roles, apis, file }: Named & { readonly file: TenantFile },
  target: Target,
): Promise<Plan> {
  const store = target.store.forTenant(target.tenant)
  const stored = await findStored(entry, connection, store)
  const user = userFromEntry(entry, stored, connection, target.ports)
  const mistakes: Mistake[] = (await clashes(entry, user, store)).map((member) => ({
    path: [...path, member],
    message: 'belongs to another user',
  }))
  mistakes.push(
    ...(await roleMistakes(entry, path, file, roles)),
    ...(await permissionMistakes(entry.permissions, [...path, 'permissions'], file, apis)),
  )
  if (stored !== undefined && stored.connectionId !== connection.id)
    mistakes.push({ path: [...path, 'connection'], message: 'is not where this user is stored' })
  if (user.email === undefined && user.username === undefined)
    mistakes.push({ path, message: 'needs an email or a username' })
  if (entry.password !== undefined && entry.password_hash !== undefined)
    mistakes.push({ path: [...path, 'password_hash'], message: 'contradicts password: give one of them' })
  const row = rowStep(
    { noun: 'user', name: user.email ?? user.username ?? user.id },
    store.users,
    stored,
    user,
  )
  const step = await withPassword(row, entry, user.id, store, target)
  return { steps: [await withRoles(step, entry, user.id, roles, store)], mistakes }
}

async function findStored(
  entry: UserEntry,
  connection: Connection,
  store: TenantStore,
): Promise<User | undefined> {
  if (entry.user_id !== undefined)
    return store.users.find(`auth0|${entry.user_id.replace(/^auth0\|/, '')}` as UserId)
  const identifier = entry.email ?? entry.username
  return identifier === undefined ? undefined : store.users.findByIdentifier(connection.id, identifier)
}

/** The identifiers of the entry that another user of the connection has. */
async function clashes(
  entry: UserEntry,
  user: User,
  store: TenantStore,
): Promise<readonly ('email' | 'username')[]> {
  const found = await Promise.all(
    (['email', 'username'] as const).map(async (member) => {
      const identifier = entry[member]
      if (identifier === undefined) return []
      const holder = await store.users.findByIdentifier(user.connectionId, identifier)
      return holder === undefined || holder.id === user.id ? [] : [member]
    }),
  )
  return found.flat()
}

/** The row's step and, when the password is not the stored one, its replacement after it. */
async function withPassword(
  row: Step,
  entry: UserEntry,
  userId: UserId,
  store: TenantStore,
  { passwords, ports }: Target,
): Promise<Step> {
  const { password, password_hash: imported } = entry
  if (password === undefined && imported === undefined) return row
  const stored = await store.passwords.find(userId)
  // A hash from elsewhere is taken over once: the user may have chosen another password since.
  if (stored !== undefined && password === undefined) return row
  if (stored !== undefined && password !== undefined && (await passwords.verify(stored.hash, password)))
    return row
  const write = async () => {
    await row.write()
    const hash = password === undefined ? (imported as PasswordHash) : await passwords.hash(password)
    await store.passwords.save({ userId, hash, updatedAt: ports.clock.now() })
  }
  return { ...row, kind: row.kind === 'created' ? 'created' : 'updated', write }
}
