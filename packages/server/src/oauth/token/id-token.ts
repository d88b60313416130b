import type { Client } from '../../domain/client.ts'
import type { Call } from '../call.ts'
import { claimsOf } from '../claims.ts'
import type { Issuance } from './issuance.ts'

/** The ID token of an issuance (OpenID Connect Core §2), or `undefined` where `openid` was not granted. */
export async function mintIdToken(
  issuance: Issuance,
  client: Client,
  call: Call,
): Promise<string | undefined> {
  if (issuance.subject.kind !== 'user' || !issuance.scope.includes('openid')) return undefined
  const { user, authenticatedAt, idToken } = issuance.subject
  return call.keys.sign(client.idToken.signingAlgorithm, 'JWT', {
    ...claimsOf(user, issuance.scope),
    iss: call.issuer,
    sub: user.id,
    aud: client.id,
    iat: call.now,
    exp: call.now + client.idToken.lifetimeSeconds,
    auth_time: authenticatedAt,
    ...(idToken.sid !== undefined && { sid: idToken.sid }),
    ...(idToken.nonce !== undefined && { nonce: idToken.nonce }),
  })
}
