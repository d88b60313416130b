import { refuse } from '../refusal.ts'
import { rule } from '../rule.ts'
import { defineCheck } from './check.ts'
import { hasPart } from './response-type.ts'

const nonceMissing = rule({
  id: 'authorize.nonce_missing',
  clause: 'OIDC Core §3.2.2.1',
  error: 'invalid_request',
  description: 'Missing required parameter: nonce',
})
const openidMissing = rule({
  id: 'authorize.openid_missing',
  clause: 'OIDC Core §3.2.2.1',
  error: 'invalid_request',
  description: 'An ID token was asked for without the scope openid',
})

/** What an ID token from the authorization endpoint demands; `code` alone may go without a nonce (OpenID Connect Core §3.1.2.1). */
export const checkOpenid = defineCheck<string | undefined>({
  rules: [openidMissing, nonceMissing],
  check({ response_type, scope, nonce }) {
    if (hasPart(response_type ?? '', 'id_token')) {
      if (!(scope ?? '').split(' ').includes('openid')) throw refuse(openidMissing)
      if (nonce === undefined) throw refuse(nonceMissing)
    }
    return nonce
  },
})
