import { renewSession, type Started, startSession } from '../accounts/sessions.ts'
import type { Login } from '../domain/session.ts'
import type { User } from '../domain/user.ts'
import type { Call } from '../oauth/call.ts'
import { endLogin } from './back-channel.ts'
import type { ServerContext } from './server-context.ts'

/**
 * Begins the session of somebody who has just logged in with a browser. The same user's session goes on under a new secret;
 * another user's ends, and its applications are told.
 */
export async function beginLogin(
  user: User,
  methods: readonly string[],
  before: Login | undefined,
  context: ServerContext,
  call: Call,
): Promise<Started> {
  if (before?.user.id === user.id) {
    const renewed = await renewSession({ ...before, user }, methods, call)
    if (renewed !== undefined) return renewed
  } else if (before !== undefined) {
    await endLogin(before, context, call)
  }
  return startSession(user, methods, call)
}
