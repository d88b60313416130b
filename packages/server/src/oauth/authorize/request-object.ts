// Opens request objects (OpenID Connect Core §6, RFC 9101): from a JWT to the parameters that the client signed.
import type { Client } from '../../domain/client.ts'
import type { Call } from '../call.ts'
import { clientSigningAlgorithms } from '../client-auth/private-key-jwt.ts'
import { verifyByClient } from '../client-keys.ts'
import { algorithmOf, namesAudience, readUnverified, type UnverifiedJwt } from '../jws.ts'
import type { RawParameter, RawParameters } from '../params.ts'
import { refuse } from '../refusal.ts'
import { rule } from '../rule.ts'

const malformed = rule({
  id: 'request_object.malformed',
  clause: 'RFC 9101 §6.1',
  error: 'invalid_request_object',
  description: 'The request object must be a JWT of type oauth-authz-req+jwt or JWT',
})
const wrongAlgorithm = rule({
  id: 'request_object.algorithm',
  clause: 'RFC 9101 §6.2',
  error: 'invalid_request_object',
  description: 'The request object is signed with an algorithm that is not allowed for this client',
})
const unknownKey = rule({
  id: 'request_object.key_unknown',
  clause: 'RFC 9101 §6.2',
  error: 'invalid_request_object',
  description: 'The request object is signed with a key that the client did not register',
})
const wrongSignature = rule({
  id: 'request_object.signature',
  clause: 'RFC 9101 §6.2',
  error: 'invalid_request_object',
  description: 'The signature of the request object is wrong',
})
const wrongIssuer = rule({
  id: 'request_object.issuer',
  clause: 'RFC 9101 §4',
  error: 'invalid_request_object',
  description: 'The iss of the request object must be the client_id',
})
const wrongAudience = rule({
  id: 'request_object.audience',
  clause: 'RFC 9101 §4',
  error: 'invalid_request_object',
  description: 'The aud of the request object must be the issuer of this server',
})
const expired = rule({
  id: 'request_object.expired',
  clause: 'RFC 7519 §4.1.4',
  error: 'invalid_request_object',
  description: 'The request object has expired',
})
const notYet = rule({
  id: 'request_object.not_yet_valid',
  clause: 'RFC 7519 §4.1.5',
  error: 'invalid_request_object',
  description: 'The request object is not valid yet',
})
const nested = rule({
  id: 'request_object.nested',
  clause: 'RFC 9101 §4',
  error: 'invalid_request_object',
  description: 'A request object must not hold request or request_uri',
})
const otherClient = rule({
  id: 'request_object.client_id',
  clause: 'RFC 9101 §5',
  error: 'invalid_request_object',
  description: 'The client_id of the request object must be the one outside',
})

/** The rules of a request object, in the order in which they are checked. */
export const requestObjectRules = [
  malformed,
  wrongAlgorithm,
  unknownKey,
  wrongSignature,
  wrongIssuer,
  wrongAudience,
  expired,
  notYet,
  nested,
  otherClient,
] as const

/** Algorithms for clients that registered none; `none` itself works for those alone that registered it. */
export const requestObjectAlgorithms = clientSigningAlgorithms

// RFC 8725 §3.11: a JWT that says it is something else is something else.
const types: readonly (string | undefined)[] = [undefined, 'jwt', 'oauth-authz-req+jwt']
const skewSeconds = 10

/** Who signed, and whether the object is all there is of the request (RFC 9101 §5), not a part of it (OpenID Connect Core §6.1). */
export interface Signer {
  readonly client: Client
  readonly isWhole: boolean
}

/** The parameters in a request object, `client_id` among them. Throws `invalid_request_object` (RFC 9101 §6). */
export async function openRequestObject(jwt: string, signer: Signer, call: Call): Promise<RawParameters> {
  const { client } = signer
  const object = readUnverified(jwt)
  const type = object?.typ?.toLowerCase().replace(/^application\//, '')
  if (object === undefined || !types.includes(type)) throw refuse(malformed)
  const isSigned = await checkSignature(jwt, object, client, call)
  if (isSigned) checkParties(object, signer, call)
  checkTime(object.claims, call)
  const { client_id, request, request_uri } = object.claims
  if (request !== undefined || request_uri !== undefined) throw refuse(nested)
  if (client_id !== undefined && client_id !== client.id) throw refuse(otherClient)
  const inside = Object.entries(object.claims).flatMap(([name, value]) => parametersOf(name, value))
  return [{ name: 'client_id', value: client.id }, ...inside]
}

// Answers whether there is a signature.
async function checkSignature(
  jwt: string,
  object: UnverifiedJwt,
  client: Client,
  call: Call,
): Promise<boolean> {
  const registered = client.requestObject?.signingAlgorithm
  if (object.alg === 'none') {
    // OpenID Connect Core §6.1: an unsigned object proves no more than a query; the client must have chosen that.
    if (registered !== 'none' || client.requestObject?.required === true || !jwt.endsWith('.'))
      throw refuse(wrongAlgorithm)
    return false
  }
  const isKnown = requestObjectAlgorithms.some((alg) => alg === object.alg)
  if (!isKnown || algorithmOf(registered ?? object.alg) !== object.alg) throw refuse(wrongAlgorithm)
  const verification = await verifyByClient(jwt, object, client, call)
  if (verification === 'no_key') throw refuse(unknownKey)
  if (verification === 'wrong_signature') throw refuse(wrongSignature)
  return true
}

// RFC 9101 §4 and OpenID Connect Core §6.1 say SHOULD. What is wrong is refused; what is absent only where the object is all there is.
function checkParties({ claims }: UnverifiedJwt, { client, isWhole }: Signer, call: Call): void {
  const { iss, aud } = claims
  if ((isWhole || iss !== undefined) && iss !== client.id) throw refuse(wrongIssuer)
  if ((isWhole || aud !== undefined) && !namesAudience(aud, [call.issuer])) throw refuse(wrongAudience)
}

function checkTime({ exp, nbf }: UnverifiedJwt['claims'], { now }: Call): void {
  if (exp !== undefined && !(typeof exp === 'number' && exp > now)) throw refuse(expired)
  if (nbf !== undefined && !(typeof nbf === 'number' && nbf <= now + skewSeconds)) throw refuse(notYet)
}

/** What a JWT says about itself is no parameter of the request. */
const jwtClaims = ['iss', 'sub', 'aud', 'exp', 'nbf', 'iat', 'jti', 'client_id']

// RFC 9101 §4: text is text, a number is a number; OpenID Connect Core §6.1: `claims` is an object.
function parametersOf(name: string, value: unknown): readonly RawParameter[] {
  if (jwtClaims.includes(name) || value === null) return []
  if (name === 'resource' && Array.isArray(value)) return value.map((item) => ({ name, value: textOf(item) }))
  return [{ name, value: textOf(value) }]
}

/** `undefined` where no parameter can have such a value: it is refused as soon as somebody reads it. */
function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  return typeof value === 'object' ? JSON.stringify(value) : undefined
}
