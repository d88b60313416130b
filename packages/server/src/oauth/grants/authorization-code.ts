import type { Client } from '../../domain/client.ts'
import { type Hashed, hashed } from '../../domain/secrets.ts'
import { type AuthorizationCode, authorizationCode } from '../authorize/authorization-code.ts'
import type { Call } from '../call.ts'
import { revokeGrant } from '../grant-id.ts'
import { many, optional, required } from '../params.ts'
import { verifierRules, verifyPkce } from '../pkce.ts'
import { refuse } from '../refusal.ts'
import { rule } from '../rule.ts'
import { apiOf, knownTargetRules } from '../target.ts'
import { endedGrantRules, refuseEndedGrant } from '../token/ended-grant.ts'
import { livingUser, livingUserRules } from '../token/living-user.ts'
import { defineGrant } from './grant.ts'

const description = 'Invalid authorization code'
const unknownCode = rule({ id: 'code.unknown', clause: 'RFC 6749 §5.2', error: 'invalid_grant', description })
const otherClient = rule({
  id: 'code.other_client',
  clause: 'RFC 6749 §4.1.3',
  error: 'invalid_grant',
  description,
})
const wrongRedirectUri = rule({
  id: 'code.redirect_uri_differs',
  clause: 'RFC 6749 §4.1.3',
  error: 'invalid_grant',
  description: 'redirect_uri does not match the one of the authorization request',
})
const replayedCode = rule({
  id: 'code.replayed',
  clause: 'RFC 6749 §4.1.2',
  error: 'invalid_grant',
  description,
})
const expiredCode = rule({
  id: 'code.expired',
  clause: 'RFC 6749 §4.1.2',
  error: 'invalid_grant',
  description,
})

const otherResource = rule({
  id: 'code.other_resource',
  clause: 'RFC 8707 §2.2',
  error: 'invalid_target',
  description: 'The code was not issued for this resource',
})

/** Redeems an authorization code (RFC 6749 §4.1.3). Possession is proven first; the code is redeemed last. */
export const authorizationCodeGrant = defineGrant({
  grantType: 'authorization_code',
  clientAuth: 'any',
  params: { code: required(), redirect_uri: optional(), code_verifier: optional(), resource: many() },
  rules: [
    unknownCode,
    otherClient,
    wrongRedirectUri,
    ...verifierRules,
    otherResource,
    ...endedGrantRules,
    replayedCode,
    expiredCode,
    ...livingUserRules,
    ...knownTargetRules,
  ],
  async decide(params, client, call) {
    const hash = hashed(params.code)
    const code = await call.store.artifacts.peek(authorizationCode, hash, call.now)
    if (code === undefined) throw refuse(unknownCode)
    provePossession(code, params, client)
    await refuseEndedGrant(code, call)
    // A code that is over gives nothing, so that nothing is minted beside it; that it was tried is marked all the same.
    if (code.expiresAt <= call.now) {
      await redeem(code, hash, call)
      throw refuse(expiredCode)
    }
    return { ...(await issuanceOf(code, call)), redeem: () => redeem(code, hash, call) }
  },
})

async function redeem(code: AuthorizationCode, hash: Hashed, call: Call): Promise<void> {
  const redeemed = await call.store.artifacts.redeem(authorizationCode, hash, call.now)
  if (redeemed.kind === 'missing') throw refuse(unknownCode)
  if (redeemed.kind === 'first') return
  await revokeGrant(code.grantId, call)
  throw refuse(replayedCode, 'what the first use got is revoked')
}

interface Presented {
  readonly redirect_uri: string | undefined
  readonly code_verifier: string | undefined
  readonly resource: readonly string[]
}

function provePossession(code: AuthorizationCode, presented: Presented, client: Client): void {
  if (code.clientId !== client.id) throw refuse(otherClient)
  const expected = code.redirectUri.sent
    ? code.redirectUri.value
    : presented.redirect_uri && code.redirectUri.value
  if (presented.redirect_uri !== expected) throw refuse(wrongRedirectUri)
  verifyPkce(code.pkce, presented.code_verifier)
  if (presented.resource.some((resource) => resource !== code.audience)) throw refuse(otherResource)
}

async function issuanceOf(code: AuthorizationCode, call: Call) {
  const user = await livingUser(code.userId, call)
  const api = await apiOf(code.audience, call)
  return {
    subject: {
      kind: 'user' as const,
      user,
      authenticatedAt: code.authenticatedAt,
      sessionId: code.sessionId,
      idToken: {
        sid: code.sessionId,
        methods: code.methods,
        ...(code.nonce !== undefined && { nonce: code.nonce }),
        ...(code.acr !== undefined && { acr: code.acr }),
        ...(code.idTokenClaims !== undefined && { claims: code.idTokenClaims }),
      },
    },
    grantId: code.grantId,
    scope: code.scope,
    ...(code.userInfoClaims !== undefined && { userInfoClaims: code.userInfoClaims }),
    ...(api !== undefined && { api }),
    refreshToken: { kind: 'new' as const },
  }
}
