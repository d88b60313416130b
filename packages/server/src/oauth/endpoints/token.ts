import type { Call } from '../call.ts'
import { tokenPath } from '../client-auth/audience.ts'
import { isConfidential } from '../client-auth/keeps.ts'
import { noteAccess } from '../given-access.ts'
import type { Grant } from '../grants/grant.ts'
import { readParams, required } from '../params.ts'
import { refuse } from '../refusal.ts'
import { rule } from '../rule.ts'
import { issue } from '../token/issue.ts'
import { withinPolicy } from '../token/policy.ts'
import { defineEndpoint } from './endpoint.ts'

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

/** The token endpoint (RFC 6749 §3.2): what every grant shares, so that none can forget it. */
export const tokenEndpoint = defineEndpoint({
  path: tokenPath,
  params: { grant_type: required() },
  rules: [grantNotAllowed, publicClient],
  metadata: (url) => ({ token_endpoint: url }),
  precheck: {
    rules: [unsupportedGrantType],
    check({ grant_type }, call) {
      findGrant(grant_type, call)
    },
  },
  async handle({ params, parameters, client }, call) {
    const grant = findGrant(params.grant_type, call)
    if (!client.grantTypes.includes(grant.grantType)) throw refuse(grantNotAllowed, grant.grantType)
    if (grant.clientAuth === 'confidential' && !isConfidential(client, call)) throw refuse(publicClient)
    const decided = await grant.decide(readParams(parameters, grant.params), client, call)
    const issuance = await withinPolicy(decided, client, call)
    if (issuance.isNoted !== true) await noteAccess(issuance, client, call)
    return { kind: 'json', body: await issue(issuance, client, call) }
  },
})

// RFC 6749 §5.2: what this server does not speak is no secret, so it is said to everybody.
function findGrant(grantType: string, call: Call): Grant {
  const grant = call.registry.grants.get(grantType)
  if (grant === undefined) throw refuse(unsupportedGrantType)
  return grant
}
