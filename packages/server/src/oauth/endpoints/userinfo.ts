import type { Client } from '../../domain/client.ts'
import type { Call } from '../call.ts'
import { claimsOf, namedClaimsOf } from '../claims.ts'
import { encryptTo } from '../encryption.ts'
import { Refusal, refuse } from '../refusal.ts'
import { type Rule, rule } from '../rule.ts'
import { subjectFor } from '../subject.ts'
import { readAccessToken, userInfoAudience } from '../token/access-token.ts'

const noToken = rule({
  id: 'userinfo.no_token',
  clause: 'RFC 6750 §3.1',
  error: 'invalid_request',
  description: 'Send the access token in the Authorization header with the Bearer scheme',
})
const twoTokens = rule({
  id: 'userinfo.two_tokens',
  clause: 'RFC 6750 §2',
  error: 'invalid_request',
  description: 'Send the access token in one way only',
})
const invalidToken = rule({
  id: 'userinfo.invalid_token',
  clause: 'RFC 6750 §3.1',
  error: 'invalid_token',
  description: 'The access token is invalid, expired or revoked',
})
const notForUserInfo = rule({
  id: 'userinfo.other_audience',
  clause: 'RFC 9068 §4',
  error: 'invalid_token',
  description: 'The access token is not for the UserInfo endpoint',
})
const insufficientScope = rule({
  id: 'userinfo.insufficient_scope',
  clause: 'OIDC Core §5.3',
  error: 'insufficient_scope',
  description: 'The access token lacks the scope openid',
})

/** The rules of the UserInfo endpoint, in the order in which they are checked. */
export const userInfoRules: readonly Rule[] = [
  twoTokens,
  noToken,
  invalidToken,
  notForUserInfo,
  insufficientScope,
]

export interface UserInfoRequest {
  /** The tokens of the request, one for each way in which it carried one (RFC 6750 §2). */
  readonly tokens: readonly string[]
}

type Claims = Readonly<Record<string, unknown>>

export type UserInfoOutcome =
  | { readonly kind: 'answered'; readonly claims: Claims }
  /** Signed, encrypted or both, as the client registered (OpenID Connect Core §5.3.2). */
  | { readonly kind: 'jwt'; readonly jwt: string }
  | { readonly kind: 'refused'; readonly refusal: Refusal; readonly anonymous: boolean }

/** Answers the claims of the token's user (OpenID Connect Core §5.3). Only a bug or an outage throws. */
export async function userInfo(request: UserInfoRequest, call: Call): Promise<UserInfoOutcome> {
  try {
    const { claims, client } = await claimsFor(request, call)
    return await answerTo(client, claims, call)
  } catch (error) {
    // RFC 6750 §3.1: a request without a token learns how to authenticate, and no error code.
    if (error instanceof Refusal)
      return { kind: 'refused', refusal: error, anonymous: error.rule === noToken }
    throw error
  }
}

async function claimsFor(
  { tokens }: UserInfoRequest,
  call: Call,
): Promise<{ readonly claims: Claims; readonly client: Client }> {
  const [token, ...others] = tokens
  if (others.length > 0) throw refuse(twoTokens)
  if (token === undefined) throw refuse(noToken)
  const claims = await readAccessToken(token, call)
  if (claims === undefined) throw refuse(invalidToken)
  if (!claims.audience.includes(userInfoAudience(call.issuer))) throw refuse(notForUserInfo)
  if (!claims.scope.includes('openid')) throw refuse(insufficientScope)
  const user = claims.userId === undefined ? undefined : await call.store.users.find(claims.userId)
  if (user === undefined || user.blocked) throw refuse(invalidToken, 'the user is gone or blocked')
  const client = await call.store.clients.find(claims.clientId)
  if (client === undefined) throw refuse(invalidToken, 'the client is gone')
  const answered = {
    ...claimsOf(user, claims.scope),
    ...namedClaimsOf(user, claims.userInfoClaims ?? []),
    sub: subjectFor(user, client, call),
  }
  return { claims: answered, client }
}

// RFC 8725 §3.11: OpenID Connect Core §5.3.2 gives it no type, so that it would pass for any other JWT.
const signedType = 'userinfo+jwt'

// OpenID Connect Core §5.3.2: signed first, then encrypted.
async function answerTo(client: Client, claims: Claims, call: Call): Promise<UserInfoOutcome> {
  const { signingAlgorithm, encryption } = client.userInfo ?? {}
  const signed =
    signingAlgorithm &&
    (await call.keys.sign(signingAlgorithm, signedType, { ...claims, iss: call.issuer, aud: client.id }))
  if (encryption === undefined) return signed ? { kind: 'jwt', jwt: signed } : { kind: 'answered', claims }
  const content = signed
    ? ({ kind: 'jwt', text: signed } as const)
    : ({ kind: 'claims', text: JSON.stringify(claims) } as const)
  return { kind: 'jwt', jwt: await encryptTo(client, encryption, content, call) }
}
