import { createHash } from 'node:crypto'
import type { SessionId } from '../../domain/ids.ts'
import { randomToken } from '../../domain/ports.ts'
import type { Call } from '../call.ts'

/** What a script of this server may know of a login: it changes with it, and tells nothing else (OIDC Session Management §3.2). */
export function browserState(sessionId: SessionId, call: Call): string {
  return call.ports.sealer.mac(sessionId, 'browser_state')
}

/** The `session_state` of an authorization response, salted so that two clients cannot compare theirs (OIDC Session Management §2). */
export function sessionState(
  clientId: string,
  redirectUri: string,
  sessionId: SessionId,
  call: Call,
): string {
  const origin = URL.parse(redirectUri)?.origin ?? ''
  const salt = randomToken(call.ports.random, 12)
  const input = `${clientId} ${origin} ${browserState(sessionId, call)} ${salt}`
  return `${createHash('sha256').update(input).digest('base64url')}.${salt}`
}
