import { randomToken } from '../../domain/ports.ts'
import { hashed } from '../../domain/secrets.ts'
import type { Login } from '../../domain/session.ts'
import type { AuthorizationRequest } from '../../domain/transaction.ts'
import type { Call } from '../call.ts'
import { newGrantId } from '../grant-id.ts'
import type { ResponseParameters } from '../response-modes/response-mode.ts'
import {
  type AuthorizationCode,
  authorizationCode,
  codeLifetimeSeconds,
  codeMemorySeconds,
} from './authorization-code.ts'

/** Makes the code and answers the response parameters that are its own (RFC 6749 §4.1.2). */
export async function issueCode(
  request: AuthorizationRequest,
  scope: readonly string[],
  { session, user }: Login,
  call: Call,
): Promise<ResponseParameters> {
  const code = randomToken(call.ports.random)
  const body: AuthorizationCode = {
    clientId: request.clientId,
    redirectUri: request.redirectUri,
    grantId: newGrantId(call.ports.random),
    userId: user.id,
    sessionId: session.id,
    authenticatedAt: session.authenticatedAt,
    scope,
    expiresAt: call.now + codeLifetimeSeconds,
    ...(request.pkce !== undefined && { pkce: request.pkce }),
    ...(request.audience !== undefined && { audience: request.audience }),
    ...(request.nonce !== undefined && { nonce: request.nonce }),
  }
  await call.store.artifacts.put(
    authorizationCode,
    hashed(code),
    { body, expiresAt: call.now + codeMemorySeconds },
    call.now,
  )
  return [['code', code]]
}
