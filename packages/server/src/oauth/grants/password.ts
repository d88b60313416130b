import { issuanceByPassword, passwordParams, passwordRules } from '../password-owner.ts'
import { refuse } from '../refusal.ts'
import { rule } from '../rule.ts'
import { defineGrant } from './grant.ts'

const noDirectory = rule({
  id: 'password.no_default_directory',
  clause: 'RFC 6749 §5.2',
  // Auth0 answers 500 server_error; by the RFC the server does not support the grant until it knows whose passwords count.
  error: 'unsupported_grant_type',
  description: 'Authorization server not configured with default connection.',
})

/** The owner's password in exchange for tokens (RFC 6749 §4.3), for the tenant's `default_directory`. RFC 9700 §2.4 advises against it. */
export const passwordGrant = defineGrant({
  grantType: 'password',
  clientAuth: 'any',
  params: passwordParams,
  rules: [noDirectory, ...passwordRules],
  async decide(params, client, call) {
    const { defaultDirectory } = call.tenant.settings
    if (defaultDirectory === undefined) throw refuse(noDirectory)
    return issuanceByPassword(params, defaultDirectory, client, call)
  },
})
