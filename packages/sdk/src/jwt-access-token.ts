import type { CryptoKey, JWTVerifyGetKey } from 'jose'
import { decodeProtectedHeader, errors, jwtVerify } from 'jose'
import type { Claims } from './access-token.ts'
import { refuse } from './refusal.ts'
import type { Settings } from './settings.ts'

type Profile = 'rfc9068' | 'plain'

// RFC 9068 §2.2, besides `iss` and `aud`, which are always required.
const STRICT_CLAIMS = ['exp', 'sub', 'client_id', 'iat', 'jti']

// What only ID tokens (OpenID Connect Core §2, §3.3.2.11), logout tokens and security events (RFC 8417) carry.
const FOREIGN_CLAIMS = ['nonce', 'at_hash', 'c_hash', 's_hash', 'events']
// What only access tokens carry; Auth0's always have azp.
const ACCESS_CLAIMS = ['azp', 'client_id', 'scope', 'permissions']

/** Whether a token is a signed JWT. What is not, is opaque to us, encrypted JWTs included. */
export function isSignedJwt(token: string): boolean {
  if (token.split('.').length !== 3) return false
  try {
    return typeof decodeProtectedHeader(token).alg === 'string'
  } catch {
    return false
  }
}

/** The claims of a JWT access token: signature, issuer, audience, lifetime (RFC 9068 §4), and that it is an access token
 * and no other kind of JWT (RFC 8725 §3.12). Throws invalid_token, or unavailable without keys. */
export async function verifyJwt(
  token: string,
  settings: Settings,
  keys: JWTVerifyGetKey<CryptoKey>,
): Promise<Claims> {
  const profile = profileOf(decodeProtectedHeader(token).typ, settings.strict)
  const claims = await verifySignatureAndClaims(token, settings, keys)
  // RFC 7519 §4.1.6: a token from the future was made by a broken clock, or to outlive its lifetime.
  if (typeof claims.iat === 'number' && claims.iat > settings.now() + settings.clockToleranceSeconds) {
    throw invalid('iat is in the future')
  }
  if (profile === 'plain') checkIsAccessToken(claims)
  return claims
}

/** RFC 9068 §2.1, or Auth0's `JWT`, or none. Any other type is a JWT for another purpose. */
function profileOf(typ: unknown, strict: boolean): Profile {
  const type = typeof typ === 'string' ? typ.toLowerCase().replace(/^application\//, '') : typ
  if (type === 'at+jwt') return 'rfc9068'
  if (!strict && (type === 'jwt' || type === undefined)) return 'plain'
  throw invalid('typ is not that of an access token')
}

async function verifySignatureAndClaims(
  token: string,
  settings: Settings,
  keys: JWTVerifyGetKey<CryptoKey>,
): Promise<Claims> {
  try {
    const { payload } = await jwtVerify(token, keys, {
      algorithms: [...settings.algorithms],
      issuer: settings.issuer,
      audience: [...settings.audiences],
      requiredClaims: settings.strict ? STRICT_CLAIMS : ['exp'],
      clockTolerance: settings.clockToleranceSeconds,
      currentDate: new Date(settings.now() * 1000),
    })
    return payload
  } catch (error) {
    if (!(error instanceof errors.JOSEError)) throw error
    const description = error instanceof errors.JWTExpired ? 'The access token expired' : INVALID
    throw refuse.invalidToken(description, `${error.code}: ${error.message}`, { cause: error })
  }
}

/** A JWT without the type of RFC 9068 must look like an access token and not like an ID token or a logout token. */
function checkIsAccessToken(claims: Claims): void {
  const foreign = FOREIGN_CLAIMS.find((claim) => claims[claim] !== undefined)
  if (foreign) throw invalid(`claim ${foreign} belongs to another kind of token`)
  if (ACCESS_CLAIMS.every((claim) => claims[claim] === undefined))
    throw invalid('no claim of an access token')
  // OpenID Connect Core §2: the audience of an ID token is its client.
  const audiences = [claims.aud].flat()
  if ([claims.azp, claims.client_id].some((client) => client !== undefined && audiences.includes(client))) {
    throw invalid('the audience is the client')
  }
}

const INVALID = 'The access token is invalid'

function invalid(detail: string): Error {
  return refuse.invalidToken(INVALID, detail)
}
