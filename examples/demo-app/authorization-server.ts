import { createRemoteJWKSet, customFetch, type JWTVerifyGetKey } from 'jose'

/** What this application has to know about its authorization server. */
export interface AuthorizationServer {
  readonly issuer: string
  readonly authorizationEndpoint: string
  readonly tokenEndpoint: string
  readonly userInfoEndpoint: string
  readonly jwksUri: string
  /** Where a session ends (OpenID Connect RP-Initiated Logout §2.1); absent where the server cannot. */
  readonly endSessionEndpoint?: string
  /** Signature algorithms of ID tokens; never `none` and never one with a shared key. */
  readonly idTokenAlgorithms: readonly string[]
  /** Whether every authorization response names its issuer (RFC 9207 §3). */
  readonly namesIssuer: boolean
  readonly keys: JWTVerifyGetKey
}

/** Reads the metadata of an issuer (OpenID Connect Discovery §4). Throws when it is not there or names another issuer. */
export async function discover(issuer: string, fetcher: typeof fetch): Promise<AuthorizationServer> {
  const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`
  const response = await fetcher(url, { redirect: 'error', signal: AbortSignal.timeout(10_000) })
  if (!response.ok) throw new Error(`${url} answered ${response.status}`)
  const metadata = (await response.json()) as Record<string, unknown>
  // OpenID Connect Discovery §4.3: the issuer in the document is the one that was asked for.
  if (metadata.issuer !== issuer) throw new Error(`${url} describes another issuer`)
  const jwksUri = text(metadata, 'jwks_uri')
  const endSession = metadata.end_session_endpoint
  const algorithms = metadata.id_token_signing_alg_values_supported
  return {
    issuer,
    authorizationEndpoint: text(metadata, 'authorization_endpoint'),
    tokenEndpoint: text(metadata, 'token_endpoint'),
    userInfoEndpoint: text(metadata, 'userinfo_endpoint'),
    jwksUri,
    ...(typeof endSession === 'string' && { endSessionEndpoint: endSession }),
    idTokenAlgorithms: (Array.isArray(algorithms) ? algorithms.map(String) : ['RS256']).filter(
      (name) => !/^(none$|HS)/.test(name),
    ),
    namesIssuer: metadata.authorization_response_iss_parameter_supported === true,
    keys: createRemoteJWKSet(new URL(jwksUri), { [customFetch]: fetcher }),
  }
}

function text(metadata: Readonly<Record<string, unknown>>, name: string): string {
  const value = metadata[name]
  if (typeof value !== 'string') throw new Error(`the metadata has no ${name}`)
  return value
}
