import type { SessionId } from '../domain/ids.ts'
import { randomToken } from '../domain/ports.ts'
import { hashed } from '../domain/secrets.ts'
import type { Login, Session } from '../domain/session.ts'
import type { TenantCall } from '../domain/tenant-call.ts'
import type { User } from '../domain/user.ts'

/** Begins a session under a new secret, which no one who waited for the login can know. Answers the cookie's value. */
export async function startSession(
  user: User,
  methods: readonly string[],
  call: TenantCall,
): Promise<{ readonly login: Login; readonly secret: string }> {
  const secret = randomToken(call.ports.random)
  const { sessionLifetimeSeconds } = call.tenant.settings
  const session: Session = {
    id: randomToken(call.ports.random, 16) as SessionId,
    hash: hashed(secret),
    userId: user.id,
    authenticatedAt: call.now,
    methods,
    expiresAt: call.now + sessionLifetimeSeconds,
    idleExpiresAt: idleEnd(call.now + sessionLifetimeSeconds, call),
  }
  await call.store.sessions.create(session)
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

/** Ends the session of this cookie, if there is one. */
export async function endSession(login: Login | undefined, call: TenantCall): Promise<void> {
  if (login !== undefined) await call.store.sessions.delete(login.session.id)
}
