import type { Client } from '../../domain/client.ts'
import type { SessionId, UserId } from '../../domain/ids.ts'
import { randomToken } from '../../domain/ports.ts'
import type { Call } from '../call.ts'
import { sessionIdFor, subjectFor } from '../subject.ts'

const lifetimeSeconds = 120

/** Tells a client that its user's session ended (OpenID Connect Back-Channel Logout §2.4). Each one has a `jti` of its own. */
export function mintLogoutToken(
  client: Client,
  userId: UserId,
  sessionId: SessionId,
  call: Call,
): Promise<string> {
  return call.keys.sign(client.idToken.signingAlgorithm, 'logout+jwt', {
    iss: call.issuer,
    sub: subjectFor({ id: userId }, client, call),
    aud: client.id,
    iat: call.now,
    exp: call.now + lifetimeSeconds,
    jti: randomToken(call.ports.random, 16),
    sid: sessionIdFor(sessionId, client, call),
    events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
  })
}
