// The pipeline that every grant shares: authenticate the client, allow the grant, read its parameters, decide, mint.
import { type Client, isConfidential } from '../../domain/client.ts'
import type { Call } from '../call.ts'
import { authenticateClient } from '../client-auth/authenticate.ts'
import type { ClientAuthRequest } from '../client-auth/client-auth-method.ts'
import type { Grant } from '../grants/grant.ts'
import { readParams, required } from '../params.ts'
import { Refusal, refuse } from '../refusal.ts'
import type { Registry } from '../registry.ts'
import { rule } from '../rule.ts'
import type { TokenResponse } from './issuance.ts'
import { issue } from './issue.ts'

const unsupportedGrantType = rule({
  id: 'token.grant_type_unsupported',
  clause: 'RFC 6749 §5.2',
  error: 'unsupported_grant_type',
  description: 'Unsupported grant type',
})
const grantNotAllowed = rule({
  id: 'token.grant_type_not_allowed',
  clause: 'RFC 6749 §5.2',
  error: 'unauthorized_client',
  description: 'Grant type not allowed for the client.',
})
const publicClient = rule({
  id: 'token.public_client',
  clause: 'RFC 6749 §4.4',
  error: 'unauthorized_client',
  description: 'This grant is for clients that authenticate',
})

/** The pipeline's own rules, in the order in which they are checked; those of client authentication stand between. */
export const tokenEndpointRules = {
  beforeClient: [unsupportedGrantType],
  afterClient: [grantNotAllowed, publicClient],
} as const

export type TokenOutcome =
  | { readonly kind: 'issued'; readonly response: TokenResponse; readonly client: Client }
  | { readonly kind: 'refused'; readonly refusal: Refusal }

/** Answers a token request (RFC 6749 §3.2). Only a bug or an outage throws. */
export async function tokenEndpoint(request: ClientAuthRequest, call: Call): Promise<TokenOutcome> {
  try {
    const grant = requestedGrant(request, call.registry)
    const client = await authenticateClient(request, call)
    if (!client.grantTypes.includes(grant.grantType)) throw refuse(grantNotAllowed, grant.grantType)
    if (grant.clientAuth === 'confidential' && !isConfidential(client)) throw refuse(publicClient)
    const issuance = await grant.decide(readParams(request.parameters, grant.params), client, call)
    return { kind: 'issued', response: await issue(issuance, client, call), client }
  } catch (error) {
    if (error instanceof Refusal) return { kind: 'refused', refusal: error }
    throw error
  }
}

function requestedGrant(request: ClientAuthRequest, registry: Registry): Grant {
  const { grant_type } = readParams(request.parameters, { grant_type: required() })
  const grant = registry.grants.get(grant_type)
  if (grant === undefined) throw refuse(unsupportedGrantType)
  return grant
}
