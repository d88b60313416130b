import type { SessionId } from '../domain/ids.ts'
import { randomToken } from '../domain/ports.ts'
import { hashed } from '../domain/secrets.ts'
import type { Login, Session } from '../domain/session.ts'
import type { TenantCall } from '../domain/tenant-call.ts'
import type { User } from '../domain/user.ts'

/** A session that began, and the value of its cookie. */
export interface Started {
  readonly login: Login
  readonly secret: string
}

/** Begins a session under a new secret, which no one who waited for the login can know. */
export async function startSession(
  user: User,
  methods: readonly string[],
  call: TenantCall,
): Promise<Started> {
  const started = newSession(user, methods, randomToken(call.ports.random, 16) as SessionId, call)
  await call.store.sessions.create(started.login.session)
  return started
}

/**
 * Renews a session whose user logged in again: its secret and times are new, its id is not, so that the applications which
 * know it by their `sid` are still told of its end. `undefined` when the session ended meanwhile.
 */
export async function renewSession(
  { session, user }: Login,
  methods: readonly string[],
  call: TenantCall,
): Promise<Started | undefined> {
  const renewed = newSession(user, methods, session.id, call)
  return (await call.store.sessions.renew(renewed.login.session)) ? renewed : undefined
}

function newSession(user: User, methods: readonly string[], id: SessionId, call: TenantCall): Started {
  const secret = randomToken(call.ports.random)
  const expiresAt = call.now + call.tenant.settings.sessionLifetimeSeconds
  const session: Session = {
    id,
    hash: hashed(secret),
    userId: user.id,
    authenticatedAt: call.now,
    methods,
    expiresAt,
    idleExpiresAt: idleEnd(expiresAt, call),
  }
  return { login: { session, user }, secret }
}

// The idle end moves with use; writing it at every request would cost a write each time.
const touchEverySeconds = 60

/** Who is logged in with this cookie; `undefined` when the session ended or its user is gone. Moves the idle end. */
export async function findLogin(secret: string | undefined, call: TenantCall): Promise<Login | undefined> {
  if (secret === undefined) return undefined
  const session = await call.store.sessions.find(hashed(secret), call.now)
  if (session === undefined) return undefined
  const user = await call.store.users.find(session.userId)
  if (user === undefined) return undefined
  await touch(session, call)
  return { session, user }
}

async function touch(session: Session, call: TenantCall): Promise<void> {
  const idleExpiresAt = idleEnd(session.expiresAt, call)
  if (idleExpiresAt - session.idleExpiresAt >= touchEverySeconds) {
    await call.store.sessions.touch(session.hash, idleExpiresAt)
  }
}

function idleEnd(absolute: number, call: TenantCall): number {
  return Math.min(absolute, call.now + call.tenant.settings.idleSessionLifetimeSeconds)
}

/** Ends a session. Of several who do so at once, exactly one is told that it was there. */
export function endSession({ session }: Login, call: TenantCall): Promise<boolean> {
  return call.store.sessions.delete(session.id)
}
