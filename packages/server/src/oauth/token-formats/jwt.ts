import { compactVerify, decodeProtectedHeader } from 'jose'
import type { ClientId, TokenId, UserId } from '../../domain/ids.ts'
import type { TokenDialect } from '../../domain/resource-server.ts'
import type { Call } from '../call.ts'
import { grantOf } from '../token-id.ts'
import { type AccessTokenClaims, type Actor, defineTokenFormat } from './token-format.ts'

/** A signed JWT in the dialect of its API: Auth0's, or RFC 9068's. */
export const jwt = defineTokenFormat({
  name: 'jwt',
  async mint(claims, api, call) {
    const dialect = api?.tokenDialect ?? 'access_token'
    const typ = isRfc9068(dialect) ? 'at+jwt' : 'JWT'
    return call.keys.sign(api?.signingAlgorithm ?? 'RS256', typ, {
      ...claims.extra,
      ...payload(claims, dialect),
    })
  },
  async read(token, call) {
    const verified = await verify(token, call)
    return verified === undefined ? undefined : fromPayload(verified)
  },
})

interface Payload {
  readonly iss: string
  readonly sub: string
  readonly aud: string | readonly string[]
  readonly iat: number
  readonly exp: number
  readonly scope?: string
  readonly azp?: string
  readonly client_id?: string
  readonly jti: string
  readonly permissions?: readonly string[]
  readonly gty?: string | readonly string[]
  readonly auth_time?: number
  readonly userinfo_claims?: readonly string[]
  readonly act?: Actor
}

function payload(claims: AccessTokenClaims, dialect: TokenDialect): Payload {
  const [audience = '', ...others] = claims.audience
  const common = {
    iss: claims.issuer,
    sub: claims.subject,
    aud: others.length === 0 ? audience : claims.audience,
    iat: claims.issuedAt,
    exp: claims.expiresAt,
    ...(claims.scope.length > 0 && { scope: claims.scope.join(' ') }),
    jti: claims.tokenId,
    ...(dialect.endsWith('_authz') && { permissions: claims.permissions ?? [] }),
    ...(claims.userInfoClaims !== undefined && { userinfo_claims: claims.userInfoClaims }),
    ...(claims.actor !== undefined && { act: claims.actor }),
  }
  // RFC 9068 §2.2; Auth0's dialect names the client `azp` and says how a token without a user came to be.
  if (isRfc9068(dialect)) {
    return {
      ...common,
      client_id: claims.clientId,
      ...(claims.authenticatedAt !== undefined && { auth_time: claims.authenticatedAt }),
    }
  }
  return {
    ...common,
    azp: claims.clientId,
    ...(claims.grantLabel !== undefined && { gty: claims.grantLabel }),
  }
}

function isRfc9068(dialect: TokenDialect): boolean {
  return dialect.startsWith('rfc9068_profile')
}

async function verify(token: string, call: Call): Promise<Payload | undefined> {
  // What another format made is told apart without the price of an exception.
  if (!token.includes('.')) return undefined
  try {
    const { alg = '', kid = '', typ } = decodeProtectedHeader(token)
    // RFC 8725 §3.11: an ID token or a logout token is never an access token. Both of our dialects carry a jti with a grant.
    if (typ !== 'JWT' && typ !== 'at+jwt') return undefined
    const key = await call.keys.publicKey(String(kid), String(alg))
    if (key === undefined) return undefined
    const verified = await compactVerify(token, key, { algorithms: [String(alg)] })
    const claims: Payload = JSON.parse(new TextDecoder().decode(verified.payload))
    const living = claims.iss === call.issuer && claims.exp > call.now && typeof claims.jti === 'string'
    return living ? claims : undefined
  } catch (error) {
    if (error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_J')) return undefined
    if (error instanceof TypeError) return undefined
    throw error
  }
}

function fromPayload(claims: Payload): AccessTokenClaims {
  const clientId = (claims.client_id ?? claims.azp ?? '') as ClientId
  return {
    issuer: claims.iss,
    subject: claims.sub,
    ...(claims.sub !== `${clientId}@clients` && { userId: claims.sub as UserId }),
    clientId,
    grantId: grantOf(claims.jti as TokenId),
    tokenId: claims.jti as TokenId,
    audience: typeof claims.aud === 'string' ? [claims.aud] : claims.aud,
    scope: claims.scope?.split(' ') ?? [],
    ...(claims.permissions !== undefined && { permissions: claims.permissions }),
    ...(claims.userinfo_claims !== undefined && { userInfoClaims: claims.userinfo_claims }),
    ...(claims.act !== undefined && { actor: claims.act }),
    issuedAt: claims.iat,
    expiresAt: claims.exp,
  }
}
