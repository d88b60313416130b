import { refuse } from '../refusal.ts'
import { rule } from '../rule.ts'
import { defineCheck } from './check.ts'
import { grantsFor, parseResponseType, type ResponseType } from './response-type.ts'

const missing = rule({
  id: 'authorize.response_type_missing',
  clause: 'RFC 6749 §3.1.1',
  error: 'invalid_request',
  description: 'Missing required parameter: response_type',
})
const unsupported = rule({
  id: 'authorize.response_type_unsupported',
  clause: 'RFC 6749 §4.1.2.1',
  error: 'unsupported_response_type',
  description: 'Unsupported response type',
})
const codeNotAllowed = rule({
  id: 'authorize.grant_not_allowed',
  clause: 'RFC 6749 §4.1.2.1',
  error: 'unauthorized_client',
  // Auth0's wording, less the quotation of the request.
  description: 'Grant type authorization_code not allowed for the client.',
})
const implicitNotAllowed = rule({
  id: 'authorize.implicit_not_allowed',
  clause: 'RFC 9700 §2.1.2',
  error: 'unauthorized_client',
  description: 'Grant type implicit not allowed for the client.',
})

export const checkResponseType = defineCheck<ResponseType>({
  rules: [missing, unsupported, codeNotAllowed, implicitNotAllowed],
  check({ response_type }, client, call) {
    if (response_type === undefined) throw refuse(missing)
    const type = parseResponseType(response_type)
    if (type === undefined) throw refuse(unsupported)
    for (const grant of grantsFor(type)) {
      if (client.grantTypes.includes(grant)) continue
      throw refuse(grant === 'implicit' ? implicitNotAllowed : codeNotAllowed)
    }
    if (grantsFor(type).includes('implicit')) {
      // RFC 9700 §2.1.2: tokens in the front channel leak; the tenant's owner should know who still does it.
      call.ports.logger.warn('authorize.implicit_used', { client_id: client.id })
    }
    return type
  },
})
