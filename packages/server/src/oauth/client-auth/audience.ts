/** Path of the token endpoint, below the issuer. */
export const tokenPath = 'oauth/token'

/**
 * By which names a JWT may mean this server at the endpoint of this path: the issuer (RFC 9126 §2), the token endpoint (RFC 7523
 * §3, OpenID Connect Core §9), and the endpoint itself.
 */
export function audiencesAt(path: string, { issuer }: { readonly issuer: string }): readonly string[] {
  return [issuer, ...new Set([tokenPath, path].map((known) => `${issuer}${known}`))]
}

/** Whether `aud` names one of the audiences and nobody else: several names could be meant for another server as well. */
export function namesOnly(aud: unknown, audiences: readonly string[]): boolean {
  const named: unknown = Array.isArray(aud) && aud.length === 1 ? aud[0] : aud
  return typeof named === 'string' && audiences.includes(named)
}
