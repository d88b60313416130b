import type { Client } from '../../domain/client.ts'
import { randomToken } from '../../domain/ports.ts'
import { hashed } from '../../domain/secrets.ts'
import type { Login } from '../../domain/session.ts'
import type { AuthorizationRequest } from '../../domain/transaction.ts'
import { reachedAcr } from '../acr.ts'
import type { Call } from '../call.ts'
import { scopeOfClaim } from '../claims.ts'
import { noteAccess } from '../given-access.ts'
import { newGrantId } from '../grant-id.ts'
import { sessionState } from '../logout/session-state.ts'
import { noteUse } from '../registration/first-use.ts'
import type { ResponseParameters } from '../response-modes/response-mode.ts'
import { intersect } from '../scope.ts'
import { apiOf } from '../target.ts'
import type { Issuance } from '../token/issuance.ts'
import { issueFrontChannel } from '../token/issue.ts'
import { withinPolicy } from '../token/policy.ts'
import {
  type AuthorizationCode,
  authorizationCode,
  codeLifetimeSeconds,
  codeMemorySeconds,
} from './authorization-code.ts'
import { hasPart } from './response-type.ts'

/** What the owner decided: as whom, and which scopes. */
export interface Approval {
  readonly login: Login
  readonly scope: readonly string[]
}

/** Makes what the response type asks for, all of it under one grant (RFC 6749 §4.1.2, §4.2.2; OpenID Connect Core §3.3.2.5). */
export async function issueResponse(
  request: AuthorizationRequest,
  approval: Approval,
  client: Client,
  call: Call,
): Promise<ResponseParameters> {
  const issuance = await withinPolicy(await issuanceOf(request, approval, call), client, call)
  const givesAccess = hasPart(request.responseType, 'code') || hasPart(request.responseType, 'token')
  await Promise.all([
    // OpenID Connect Back-Channel Logout §2: whoever gets tokens in the session is told when it ends, so this comes first;
    // and so does what the owner can take back.
    call.store.sessions.join(approval.login.session.id, client.id),
    givesAccess && noteAccess(issuance, client, call),
    noteUse(client, call),
  ])
  const code = hasPart(request.responseType, 'code')
    ? await issueCode(request, issuance, approval, call)
    : undefined
  const parts = {
    token: hasPart(request.responseType, 'token'),
    idToken: hasPart(request.responseType, 'id_token'),
  }
  const tokens = await issueFrontChannel(issuance, { ...parts, code, state: request.state }, client, call)
  return [
    ...(code === undefined ? [] : [['code', code] as const]),
    ...tokens,
    ...stateOf(request, approval, call),
  ]
}

// OpenID Connect Session Management §2: only an OpenID request has a session to watch.
function stateOf(request: AuthorizationRequest, { login }: Approval, call: Call): ResponseParameters {
  if (!request.scope.includes('openid')) return []
  return [
    ['session_state', sessionState(request.clientId, request.redirectUri.value, login.session.id, call)],
  ]
}

async function issuanceOf(
  request: AuthorizationRequest,
  { login, scope }: Approval,
  call: Call,
): Promise<Issuance> {
  const { session, user } = login
  const api = await apiOf(request.audience, call)
  const acr = reachedAcr(
    // OpenID Connect Core §5.5.1.1: an essential context must be the one that the ID token names.
    [...(request.claims?.acr?.values ?? []), ...request.acrValues],
    session.methods,
    call.tenant,
  )
  const allowed = (names: readonly string[] = []) =>
    names.filter((name) => scope.includes(scopeOfClaim(name) ?? ''))
  return {
    subject: {
      kind: 'user',
      user,
      authenticatedAt: session.authenticatedAt,
      sessionId: session.id,
      idToken: {
        sid: session.id,
        methods: session.methods,
        ...(request.nonce !== undefined && { nonce: request.nonce }),
        ...(acr !== undefined && { acr }),
        ...(request.claims !== undefined && { claims: allowed(request.claims.idToken) }),
      },
    },
    grantId: newGrantId(call),
    scope: intersect(request.scope, scope),
    ...(request.claims !== undefined && { userInfoClaims: allowed(request.claims.userInfo) }),
    ...(api !== undefined && { api }),
    refreshToken: { kind: 'none' },
  }
}

async function issueCode(
  request: AuthorizationRequest,
  issuance: Issuance,
  { login: { session, user } }: Approval,
  call: Call,
): Promise<string> {
  const code = randomToken(call.ports.random)
  const idToken = issuance.subject.kind === 'user' ? issuance.subject.idToken : {}
  const body: AuthorizationCode = {
    clientId: request.clientId,
    redirectUri: request.redirectUri,
    grantId: issuance.grantId,
    userId: user.id,
    sessionId: session.id,
    authenticatedAt: session.authenticatedAt,
    methods: session.methods,
    scope: issuance.scope,
    expiresAt: call.now + codeLifetimeSeconds,
    ...(request.pkce !== undefined && { pkce: request.pkce }),
    ...(request.audience !== undefined && { audience: request.audience }),
    ...(request.nonce !== undefined && { nonce: request.nonce }),
    ...(idToken.acr !== undefined && { acr: idToken.acr }),
    ...(idToken.claims !== undefined && { idTokenClaims: idToken.claims }),
    ...(issuance.userInfoClaims !== undefined && { userInfoClaims: issuance.userInfoClaims }),
  }
  await call.store.artifacts.put(
    authorizationCode,
    hashed(code),
    { body, expiresAt: call.now + codeMemorySeconds },
    call.now,
  )
  return code
}
