import type { Client } from '../../domain/client.ts'
import type { RefreshToken } from '../../domain/refresh-token.ts'
import { hashed } from '../../domain/secrets.ts'
import type { Call } from '../call.ts'
import { revokeGrant } from '../grant-id.ts'
import { many, optional, required } from '../params.ts'
import { refuse } from '../refusal.ts'
import { rule } from '../rule.ts'
import { endedGrantRules, refuseEndedGrant } from '../token/ended-grant.ts'
import { livingUser, livingUserRules } from '../token/living-user.ts'
import { refreshTarget, refreshTargetRules } from '../token/refresh-target.ts'
import {
  formatRefreshToken,
  idleEnd,
  parseRefreshToken,
  type RefreshTokenParts,
  renewedIdentity,
  successorOf,
} from '../token/refresh-token.ts'
import { defineGrant } from './grant.ts'

// Auth0's SDKs compare this sentence, and auth0-spa-js a part of it.
const description = 'Unknown or invalid refresh token.'
const unknownToken = rule({
  id: 'refresh.unknown',
  clause: 'RFC 6749 §5.2',
  error: 'invalid_grant',
  description,
})
const otherClient = rule({
  id: 'refresh.other_client',
  clause: 'RFC 6749 §6',
  error: 'invalid_grant',
  description,
})
const reusedToken = rule({
  id: 'refresh.reused',
  clause: 'RFC 9700 §4.14.2',
  error: 'invalid_grant',
  description,
})

/** Renews an access token (RFC 6749 §6), rotating the refresh token where the client says so (RFC 9700 §4.14.2). */
export const refreshTokenGrant = defineGrant({
  grantType: 'refresh_token',
  clientAuth: 'any',
  params: { refresh_token: required(), scope: optional(), audience: optional(), resource: many() },
  rules: [
    unknownToken,
    otherClient,
    ...endedGrantRules,
    ...livingUserRules,
    ...refreshTargetRules,
    reusedToken,
  ],
  async decide(params, client, call) {
    const parts = parseRefreshToken(params.refresh_token)
    if (parts === undefined) throw refuse(unknownToken, 'not of our shape')
    const family = await call.store.refreshTokens.find(hashed(parts.selector), call.now)
    if (family === undefined) throw refuse(unknownToken)
    if (family.clientId !== client.id) throw refuse(otherClient)
    await refuseEndedGrant(family, call)
    const user = await livingUser(family.userId, call)
    const target = await refreshTarget(family, params, client, call)
    const { idToken, ...identity } = renewedIdentity(family)
    const { rotating } = client.refreshToken
    const successor = rotating ? successorOf(parts, call) : undefined
    const redeem = () =>
      successor ? rotate(parts, successor, family, client, call) : useAgain(parts, family, client, call)
    // Beside the token that is in force something may be minted at once; of any other nothing good is to be expected.
    const isInForce = family.current === hashed(parts.secret)
    if (!isInForce) await redeem()
    return {
      subject: { kind: 'user', user, authenticatedAt: family.authenticatedAt, idToken },
      grantId: family.grantId,
      ...identity,
      ...target,
      refreshToken: successor ? { kind: 'given', token: formatRefreshToken(successor) } : { kind: 'none' },
      ...(isInForce && { redeem }),
    }
  },
})

async function rotate(
  presented: RefreshTokenParts,
  successor: RefreshTokenParts,
  family: RefreshToken,
  client: Client,
  call: Call,
): Promise<void> {
  const rotated = await call.store.refreshTokens.rotate({
    selector: family.selector,
    presented: hashed(presented.secret),
    successor: hashed(successor.secret),
    now: call.now,
    leewaySeconds: client.refreshToken.leewaySeconds,
    idleExpiresAt: idleEnd(client, call.now, family.expiresAt),
  })
  switch (rotated.kind) {
    case 'rotated':
    case 'repeated':
      return
    case 'reused':
      // RFC 9700 §4.14.2: either the thief or the owner holds a stale token; nobody can tell which, so all of it ends.
      await revokeGrant(family.grantId, call)
      throw refuse(reusedToken, 'the family is revoked')
    case 'missing':
      throw refuse(unknownToken)
    default:
      return rotated satisfies never
  }
}

async function useAgain(
  presented: RefreshTokenParts,
  family: RefreshToken,
  client: Client,
  call: Call,
): Promise<void> {
  const used = await call.store.refreshTokens.use(
    family.selector,
    hashed(presented.secret),
    call.now,
    idleEnd(client, call.now, family.expiresAt),
  )
  if (used === undefined) throw refuse(unknownToken)
}
