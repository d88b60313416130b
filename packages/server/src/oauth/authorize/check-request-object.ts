import { refuse } from '../refusal.ts'
import { rule } from '../rule.ts'
import { defineCheck } from './check.ts'

const requestNotSupported = rule({
  id: 'authorize.request_not_supported',
  clause: 'OIDC Core §6.1',
  error: 'request_not_supported',
  description: 'request objects are not supported',
})
const requestUriNotSupported = rule({
  id: 'authorize.request_uri_not_supported',
  clause: 'OIDC Core §6.2',
  error: 'request_uri_not_supported',
  description: 'request_uri is not supported',
})

/** A request object changes what all other parameters mean, so that ignoring one would be wrong. */
export const checkRequestObject = defineCheck<undefined>({
  rules: [requestNotSupported, requestUriNotSupported],
  check({ request, request_uri }) {
    if (request !== undefined) throw refuse(requestNotSupported)
    if (request_uri !== undefined) throw refuse(requestUriNotSupported)
    return undefined
  },
})
