import { grantsFor, parseResponseType } from '../../authorize/response-type.ts'
import { refuse } from '../../refusal.ts'
import { rule } from '../../rule.ts'
import { defineRegistrationPolicy } from '../policy.ts'

const unsupportedGrant = rule({
  id: 'registration.grant_type_unsupported',
  clause: 'RFC 7591 §2',
  error: 'invalid_client_metadata',
  description: 'grant_types names a grant that a client cannot register for itself at this server',
})
const unsupportedResponseType = rule({
  id: 'registration.response_type_unsupported',
  clause: 'RFC 7591 §2',
  error: 'invalid_client_metadata',
  description: 'response_types names a response type that this server does not know',
})
const disagreement = rule({
  id: 'registration.grants_disagree',
  clause: 'RFC 7591 §2.1',
  error: 'invalid_client_metadata',
  description:
    'grant_types and response_types must agree: code needs authorization_code, tokens need implicit',
})

// Grants that ask the owner or need an administrator's client grant. Passwords and other people's assertions are no
// matter for somebody who just came by.
const registrable: readonly string[] = [
  'authorization_code',
  'implicit',
  'refresh_token',
  'client_credentials',
  'urn:ietf:params:oauth:grant-type:device_code',
]

/** What a client may ask for, and how (RFC 7591 §2.1). */
export const grantPolicy = defineRegistrationPolicy({
  name: 'grants',
  rules: [unsupportedGrant, unsupportedResponseType, disagreement],
  async review({ grant_types, response_types }, _context, call) {
    const isKnown = (grant: string) => grant === 'implicit' || call.registry.grants.has(grant)
    if (!grant_types.every((grant) => registrable.includes(grant) && isKnown(grant)))
      throw refuse(unsupportedGrant)
    const types = response_types.map((value) => {
      const type = parseResponseType(value)
      if (type === undefined) throw refuse(unsupportedResponseType)
      return type
    })
    const needed = types.flatMap(grantsFor)
    const hasNeeded = needed.every((grant) => grant_types.includes(grant))
    const isUsed = ['authorization_code', 'implicit'].every(
      (grant) => !grant_types.includes(grant) || needed.includes(grant),
    )
    if (!hasNeeded || !isUsed) throw refuse(disagreement)
    return {}
  },
})
