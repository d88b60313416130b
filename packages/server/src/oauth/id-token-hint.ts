import { compactVerify, decodeProtectedHeader, errors } from 'jose'
import type { UserId } from '../domain/ids.ts'
import type { Call } from './call.ts'
import { referencedUser } from './user-reference.ts'

/** What an ID token of ours says about whom it was for; its end does not matter (OpenID Connect Core §3.1.2.1). */
export interface IdTokenHint {
  readonly subject: string
  /** Whom `subject` stands for; absent where nobody can tell any more. */
  readonly userId?: UserId
  readonly clientId: string
  readonly sessionId?: string
}

/** Reads an ID token that a client hands back; `undefined` unless this server signed it as an ID token. */
export async function readIdTokenHint(token: string, call: Call): Promise<IdTokenHint | undefined> {
  try {
    const { alg = '', kid = '', typ } = decodeProtectedHeader(token)
    // RFC 8725 §3.11: what says that it is something else is something else, such as at+jwt, logout+jwt or userinfo+jwt.
    const key = typ === idTokenType ? await call.keys.publicKey(kid, alg) : undefined
    if (key === undefined) return undefined
    const { payload } = await compactVerify(token, key, { algorithms: [alg] })
    return fromClaims(JSON.parse(new TextDecoder().decode(payload)), call)
  } catch (error) {
    if (error instanceof errors.JOSEError || error instanceof TypeError || error instanceof SyntaxError)
      return undefined
    throw error
  }
}

/** The `typ` of an ID token, which it shares with access tokens in Auth0's dialect. */
export const idTokenType = 'JWT'

// RFC 8725 §3.12: an ID token is known by what it has. No grant and no extension can give an access token an auth_time.
function fromClaims(claims: Readonly<Record<string, unknown>>, call: Call): IdTokenHint | undefined {
  const { iss, sub, aud, sid, jti, exp, iat, auth_time } = claims
  const isIdToken = [exp, iat, auth_time].every((time) => typeof time === 'number')
  if (iss !== call.issuer || typeof sub !== 'string' || typeof aud !== 'string' || !isIdToken)
    return undefined
  // The sub of a pairwise client names nobody; the jti of its ID tokens does, for us alone.
  const userId = typeof jti === 'string' ? referencedUser(jti, call) : (sub as UserId)
  return {
    subject: sub,
    clientId: aud,
    ...(userId !== undefined && { userId }),
    ...(typeof sid === 'string' && { sessionId: sid }),
  }
}
