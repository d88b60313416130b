import { artifactKind } from '../../domain/artifact.ts'
import type { Client, TrustedIssuer } from '../../domain/client.ts'
import type { UserId } from '../../domain/ids.ts'
import { hashed } from '../../domain/secrets.ts'
import { StoreConflict } from '../../domain/store.ts'
import type { User } from '../../domain/user.ts'
import type { Call } from '../call.ts'
import { audiencesAt, namesOnly, tokenPath } from '../client-auth/audience.ts'
import { verifyByClient } from '../client-keys.ts'
import { newGrantId } from '../grant-id.ts'
import { readUnverified, type UnverifiedJwt } from '../jws.ts'
import { many, optional, required } from '../params.ts'
import { refuse } from '../refusal.ts'
import { representedRules, representedTarget } from '../represented.ts'
import { rule } from '../rule.ts'
import { defineGrant } from './grant.ts'

// One sentence for all, so that nobody learns which issuers and users there are. The rule is in the log.
const description = 'Assertion is invalid or has expired'
const malformed = rule({
  id: 'jwt_bearer.malformed',
  clause: 'RFC 7523 §3',
  error: 'invalid_grant',
  description,
})
const untrustedIssuer = rule({
  id: 'jwt_bearer.issuer_untrusted',
  clause: 'RFC 7523 §3',
  error: 'invalid_grant',
  description,
})
const wrongAlgorithm = rule({
  id: 'jwt_bearer.algorithm',
  clause: 'RFC 8725 §3.1',
  error: 'invalid_grant',
  description,
})
const wrongSignature = rule({
  id: 'jwt_bearer.signature',
  clause: 'RFC 7523 §3',
  error: 'invalid_grant',
  description,
})
const wrongAudience = rule({
  id: 'jwt_bearer.audience',
  clause: 'RFC 7523 §3',
  error: 'invalid_grant',
  description,
})
const expired = rule({
  id: 'jwt_bearer.expired',
  clause: 'RFC 7523 §3',
  error: 'invalid_grant',
  description,
})
const tooLong = rule({
  id: 'jwt_bearer.too_long',
  clause: 'RFC 7523 §3',
  error: 'invalid_grant',
  description,
})
const notYet = rule({
  id: 'jwt_bearer.not_yet_valid',
  clause: 'RFC 7523 §3',
  error: 'invalid_grant',
  description,
})
const noId = rule({
  id: 'jwt_bearer.jti_missing',
  clause: 'RFC 7523 §3',
  error: 'invalid_grant',
  description,
})
const wrongSubject = rule({
  id: 'jwt_bearer.subject',
  clause: 'RFC 7523 §3',
  error: 'invalid_grant',
  description,
})
const replayed = rule({
  id: 'jwt_bearer.replayed',
  clause: 'RFC 7523 §3',
  error: 'invalid_grant',
  description,
})

/** How far ahead `exp` may be: so long each `jti` is remembered. */
const maxLifetimeSeconds = 3600
/** How far the issuer's clock may be ahead. */
const skewSeconds = 10

const usedAssertion = artifactKind<Record<string, never>>('assertion')

/** An assertion about a user, by an issuer that the client's administrator trusts, for a token (RFC 7523 §2.1). */
export const jwtBearerGrant = defineGrant({
  grantType: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
  clientAuth: 'confidential',
  params: { assertion: required(16_384), scope: optional(), audience: optional(), resource: many() },
  rules: [
    malformed,
    untrustedIssuer,
    wrongAlgorithm,
    wrongSignature,
    wrongAudience,
    expired,
    tooLong,
    notYet,
    noId,
    wrongSubject,
    ...representedRules,
    replayed,
  ],
  async decide(params, client, call) {
    const jwt = readUnverified(params.assertion)
    if (jwt === undefined) throw refuse(malformed)
    const issuer = await provenIssuer(params.assertion, jwt, client, call)
    const { expiresAt, id } = checkClaims(jwt, call)
    const user = await userOf(jwt, issuer, call)
    const { api, scope } = await representedTarget(params, client, call)
    await useUp(`${issuer.issuer}\n${id}`, expiresAt, call)
    return {
      subject: { kind: 'represented', user },
      grantId: newGrantId(call),
      scope,
      api,
      grantLabel: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
      // RFC 7521 §4.1: the assertion can be asked for again, so that nothing needs to outlive it.
      refreshToken: { kind: 'none' },
    }
  },
})

async function provenIssuer(
  assertion: string,
  jwt: UnverifiedJwt,
  client: Client,
  call: Call,
): Promise<TrustedIssuer> {
  const issuer = client.trustedIssuers?.find((trusted) => trusted.issuer === jwt.claims.iss)
  if (issuer === undefined) throw refuse(untrustedIssuer)
  if (!issuer.algorithms.includes(jwt.alg)) throw refuse(wrongAlgorithm)
  const { jwks, jwksUri } = issuer
  const holder = {
    id: client.id,
    ...(jwks !== undefined && { jwks }),
    ...(jwksUri !== undefined && { jwksUri }),
  }
  const verification = await verifyByClient(assertion, jwt, holder, call)
  if (verification !== 'verified') throw refuse(wrongSignature, verification)
  return issuer
}

function checkClaims({ claims }: UnverifiedJwt, call: Call) {
  // RFC 7523 §3: an assertion that names others beside us could be carried on by them, and by us to them.
  if (!namesOnly(claims.aud, audiencesAt(tokenPath, call))) throw refuse(wrongAudience)
  const { exp, nbf, iat, jti } = claims
  if (typeof exp !== 'number' || exp + skewSeconds <= call.now) throw refuse(expired)
  if (exp > call.now + maxLifetimeSeconds) throw refuse(tooLong)
  for (const time of [nbf, iat])
    if (time !== undefined && !(typeof time === 'number' && time <= call.now + skewSeconds))
      throw refuse(notYet)
  if (typeof jti !== 'string' || jti === '') throw refuse(noId)
  return { expiresAt: Math.ceil(exp) + skewSeconds, id: jti }
}

async function userOf({ claims: { sub } }: UnverifiedJwt, issuer: TrustedIssuer, call: Call): Promise<User> {
  const isAllowed = typeof sub === 'string' && (issuer.subjects === 'all' || issuer.subjects.includes(sub))
  const user = isAllowed ? await call.store.users.find(sub as UserId) : undefined
  if (user === undefined || user.blocked) throw refuse(wrongSubject)
  return user
}

// RFC 7523 §3: of requests that bring one assertion together, one puts its name down first.
async function useUp(name: string, expiresAt: number, call: Call): Promise<void> {
  try {
    await call.store.artifacts.put(usedAssertion, hashed(name), { body: {}, expiresAt }, call.now)
  } catch (error) {
    if (error instanceof StoreConflict) throw refuse(replayed)
    throw error
  }
}
