import { refuse } from '../refusal.ts'
import { rule } from '../rule.ts'
import { defineCheck } from './check.ts'

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
const notAllowed = rule({
  id: 'authorize.grant_not_allowed',
  clause: 'RFC 6749 §4.1.2.1',
  error: 'unauthorized_client',
  // Auth0's wording, less the quotation of the request.
  description: 'Grant type authorization_code not allowed for the client.',
})

/** Response types in their canonical order of words (OAuth 2.0 Multiple Response Types §5). */
export const responseTypes: readonly string[] = ['code']

export const checkResponseType = defineCheck<string>({
  rules: [missing, unsupported, notAllowed],
  check({ response_type }, client) {
    if (response_type === undefined) throw refuse(missing)
    if (!responseTypes.includes(response_type)) throw refuse(unsupported)
    if (!client.grantTypes.includes('authorization_code')) throw refuse(notAllowed)
    return response_type
  },
})
