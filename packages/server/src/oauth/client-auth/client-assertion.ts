// What private_key_jwt and client_secret_jwt share (RFC 7523 §3): everything but whose key it is.
import { artifactKind } from '../../domain/artifact.ts'
import type { Client } from '../../domain/client.ts'
import { hashed } from '../../domain/secrets.ts'
import { StoreConflict } from '../../domain/store.ts'
import type { Call } from '../call.ts'
import { algorithmOf, readUnverified, type UnverifiedJwt } from '../jws.ts'
import { optional, readParams } from '../params.ts'
import { refuse } from '../refusal.ts'
import { rule } from '../rule.ts'
import { namesOnly } from './audience.ts'
import type { ClientAuthRequest, ClientCredentials } from './client-auth-method.ts'

const unsupportedType = rule({
  id: 'client_assertion.type_unsupported',
  clause: 'RFC 7523 §2.2',
  error: 'invalid_client',
  description: 'client_assertion_type must be urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
})
const malformed = rule({
  id: 'client_assertion.malformed',
  clause: 'RFC 7523 §3',
  error: 'invalid_client',
  description: 'client_assertion must be a signed JWT whose iss and sub are the client_id',
})
const wrongAlgorithm = rule({
  id: 'client_assertion.algorithm',
  clause: 'RFC 8725 §3.1',
  error: 'invalid_client',
  description: 'client_assertion is signed with an algorithm that is not allowed for this client',
})
const unknownKey = rule({
  id: 'client_assertion.key_unknown',
  clause: 'RFC 7523 §3',
  error: 'invalid_client',
  description: 'client_assertion is signed with a key that the client did not register',
})
/** Under a client secret: a wrong guess. */
export const wrongSignature = rule({
  id: 'client_assertion.signature',
  clause: 'RFC 7523 §3',
  error: 'invalid_client',
  description: 'The signature of client_assertion is wrong',
})
const wrongAudience = rule({
  id: 'client_assertion.audience',
  clause: 'RFC 7523 §3',
  error: 'invalid_client',
  description:
    'The aud of client_assertion must be, alone, the issuer, its token endpoint, or the endpoint that is called',
})
const noExpiry = rule({
  id: 'client_assertion.expiry_missing',
  clause: 'RFC 7523 §3',
  error: 'invalid_client',
  description: 'client_assertion needs exp, a number of seconds',
})
const expired = rule({
  id: 'client_assertion.expired',
  clause: 'RFC 7523 §3',
  error: 'invalid_client',
  description: 'client_assertion has expired',
})
const tooLong = rule({
  id: 'client_assertion.too_long',
  clause: 'RFC 7523 §3',
  error: 'invalid_client',
  description: 'client_assertion must expire within ten minutes',
})
const notYet = rule({
  id: 'client_assertion.not_yet_valid',
  clause: 'RFC 7523 §3',
  error: 'invalid_client',
  description: 'client_assertion is from the future: nbf and iat must be numbers that have passed',
})
const noId = rule({
  id: 'client_assertion.jti_missing',
  clause: 'OIDC Core §9',
  error: 'invalid_client',
  description: 'client_assertion needs a jti',
})
const replayed = rule({
  id: 'client_assertion.replayed',
  clause: 'RFC 7523 §3',
  error: 'invalid_client',
  description: 'client_assertion was used before: its jti must be new',
})

/** The rules of a client assertion, in the order in which they are checked: before its client is looked for, and after. */
export const assertionDetectionRules = [unsupportedType, malformed] as const
export const clientAssertionRules = [
  wrongAlgorithm,
  unknownKey,
  wrongSignature,
  wrongAudience,
  noExpiry,
  expired,
  tooLong,
  notYet,
  noId,
  replayed,
] as const

const jwtBearer = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
const maxLength = 16_384
/** How far ahead `exp` may be: so long each `jti` is remembered. */
const maxLifetimeSeconds = 600
/** How far the client's clock may be ahead. */
const skewSeconds = 10

/** Detects an assertion whose algorithm `handles` takes. Throws `invalid_client` when there is one that cannot be read. */
export function detectAssertion(
  { parameters, audiences }: ClientAuthRequest,
  handles: (alg: string) => boolean,
): ClientCredentials | undefined {
  const { client_assertion: proof, client_assertion_type: type } = readParams(parameters, {
    client_assertion: optional(maxLength),
    client_assertion_type: optional(),
  })
  if (proof === undefined) return undefined
  if (type !== jwtBearer) throw refuse(unsupportedType)
  const { alg, claims } = readUnverified(proof) ?? {}
  // RFC 7523 §3: the client issues the assertion about itself.
  if (alg === undefined || typeof claims?.sub !== 'string' || claims.iss !== claims.sub)
    throw refuse(malformed)
  return handles(alg) ? { clientId: claims.sub, proof, audiences } : undefined
}

/** One way to check an assertion's signature. */
export interface AssertionCheck {
  /** Algorithms for clients that registered none. */
  readonly algorithms: readonly string[]
  verifySignature(
    jwt: string,
    header: UnverifiedJwt,
    client: Client,
    call: Call,
  ): Promise<'verified' | 'no_key' | 'wrong_signature'>
}

/** Checks an assertion and uses it up. Throws `invalid_client` (RFC 7521 §4.2.1). */
export async function verifyAssertion(
  { proof = '', audiences = [] }: ClientCredentials,
  client: Client,
  check: AssertionCheck,
  call: Call,
): Promise<boolean> {
  const jwt = readUnverified(proof)
  if (jwt === undefined) throw refuse(malformed)
  const registered = client.tokenEndpointAuthSigningAlgorithm
  const isAllowed = check.algorithms.includes(jwt.alg) && algorithmOf(registered ?? jwt.alg) === jwt.alg
  if (!isAllowed) throw refuse(wrongAlgorithm)
  const verification = await check.verifySignature(proof, jwt, client, call)
  if (verification === 'no_key') throw refuse(unknownKey)
  if (verification === 'wrong_signature') throw refuse(wrongSignature)
  // RFC 7523 §3
  if (!namesOnly(jwt.claims.aud, audiences)) throw refuse(wrongAudience)
  const expiresAt = checkTime(jwt.claims, call)
  await useUp(jwt.claims.jti, client, expiresAt, call)
  return true
}

function checkTime({ exp, nbf, iat }: UnverifiedJwt['claims'], { now }: Call): number {
  if (typeof exp !== 'number') throw refuse(noExpiry)
  if (exp <= now) throw refuse(expired)
  if (exp > now + maxLifetimeSeconds + skewSeconds) throw refuse(tooLong)
  for (const time of [nbf, iat]) {
    if (time === undefined) continue
    if (typeof time !== 'number' || time > now + skewSeconds) throw refuse(notYet)
  }
  return exp
}

const usedAssertion = artifactKind<true>('client_assertion')

async function useUp(jti: unknown, client: Client, expiresAt: number, call: Call): Promise<void> {
  if (typeof jti !== 'string' || jti === '') throw refuse(noId)
  const used = { body: true as const, expiresAt: Math.ceil(expiresAt) + 1 }
  try {
    await call.store.artifacts.put(usedAssertion, hashed(`${client.id}\n${jti}`), used, call.now)
  } catch (error) {
    if (error instanceof StoreConflict) throw refuse(replayed)
    throw error
  }
}
