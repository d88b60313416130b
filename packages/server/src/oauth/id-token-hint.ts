import { compactVerify, decodeProtectedHeader, errors } from 'jose'
import type { Call } from './call.ts'

/** What an ID token of ours says about whom it was for; its end does not matter (OpenID Connect Core §3.1.2.1). */
export interface IdTokenHint {
  readonly subject: string
  readonly clientId: string
  readonly sessionId?: string
}

/** Reads an ID token that a client hands back; `undefined` unless this server signed it as an ID token. */
export async function readIdTokenHint(token: string, call: Call): Promise<IdTokenHint | undefined> {
  try {
    const { alg = '', kid = '', typ } = decodeProtectedHeader(token)
    const key = typ === 'JWT' ? await call.keys.publicKey(kid, alg) : undefined
    if (key === undefined) return undefined
    const { payload } = await compactVerify(token, key, { algorithms: [alg] })
    const { iss, sub, aud, sid, jti, auth_time } = JSON.parse(new TextDecoder().decode(payload))
    // RFC 8725 §3.11: an access token has a jti, and a signed UserInfo answer no time of a login; neither is an ID token.
    const isIdToken = jti === undefined && typeof auth_time === 'number'
    if (iss !== call.issuer || typeof sub !== 'string' || typeof aud !== 'string' || !isIdToken)
      return undefined
    return { subject: sub, clientId: aud, ...(typeof sid === 'string' && { sessionId: sid }) }
  } catch (error) {
    if (error instanceof errors.JOSEError || error instanceof TypeError || error instanceof SyntaxError)
      return undefined
    throw error
  }
}
