// The only mint: every token that leaves this server was made here, whatever grant asked for it.
import type { Client } from '../../domain/client.ts'
import type { Call } from '../call.ts'
import type { ResponseParameters } from '../response-modes/response-mode.ts'
import { accessTokenClaims, mintAccessToken } from './access-token.ts'
import { mintIdToken } from './id-token.ts'
import type { Issuance, TokenResponse } from './issuance.ts'
import { beginRefreshTokenFamily } from './refresh-token.ts'

/** Turns a grant's decision into tokens (RFC 6749 §5.1). What the response holds is durable when it resolves. */
export async function issue(issuance: Issuance, client: Client, call: Call): Promise<TokenResponse> {
  const claims = accessTokenClaims(issuance, 'token_endpoint', client, call)
  const [access_token, id_token, refresh_token] = await Promise.all([
    mintAccessToken(claims, issuance, call),
    mintIdToken(issuance, {}, client, call),
    refreshTokenFor(issuance, client, call),
    issuance.redeem?.(),
  ])
  return {
    access_token,
    ...(id_token !== undefined && { id_token }),
    ...(refresh_token !== undefined && { refresh_token }),
    ...(issuance.scope.length > 0 && { scope: issuance.scope.join(' ') }),
    expires_in: claims.expiresAt - claims.issuedAt,
    ...(issuance.issuedTokenType !== undefined && { issued_token_type: issuance.issuedTokenType }),
    token_type: 'Bearer',
  }
}

/** Which tokens travel through the browser, and what stands beside them. */
export interface FrontChannelParts {
  readonly token: boolean
  readonly idToken: boolean
  readonly code: string | undefined
  readonly state: string | undefined
}

/** Makes the tokens of an authorization response (RFC 6749 §4.2.2, OpenID Connect Core §3.2.2.5 and §3.3.2.5). */
export async function issueFrontChannel(
  issuance: Issuance,
  parts: FrontChannelParts,
  client: Client,
  call: Call,
): Promise<ResponseParameters> {
  const parameters: [string, string][] = []
  let accessToken: string | undefined
  if (parts.token) {
    const claims = accessTokenClaims(issuance, 'authorization_endpoint', client, call)
    accessToken = await mintAccessToken(claims, issuance, call)
    parameters.push(['access_token', accessToken], ['token_type', 'Bearer'])
    parameters.push(['expires_in', String(claims.expiresAt - claims.issuedAt)])
    if (issuance.scope.length > 0) parameters.push(['scope', issuance.scope.join(' ')])
  }
  if (parts.idToken) {
    const { code, state } = parts
    const idToken = await mintIdToken(issuance, { accessToken, code, state }, client, call)
    if (idToken !== undefined) parameters.push(['id_token', idToken])
  }
  return parameters
}

async function refreshTokenFor(issuance: Issuance, client: Client, call: Call): Promise<string | undefined> {
  switch (issuance.refreshToken.kind) {
    case 'none':
      return undefined
    case 'given':
      return issuance.refreshToken.token
    case 'new':
      // OpenID Connect Core §11: only with offline_access.
      return issuance.scope.includes('offline_access')
        ? beginRefreshTokenFamily(issuance, client, call)
        : undefined
    default:
      return issuance.refreshToken satisfies never
  }
}
