import { required } from '../params.ts'
import { issuanceByPassword, passwordParams, passwordRules } from '../password-owner.ts'
import { defineGrant } from './grant.ts'

/** Auth0's password grant that names the connection in `realm`; allowed to a client apart from the plain one. */
export const passwordRealmGrant = defineGrant({
  grantType: 'http://auth0.com/oauth/grant-type/password-realm',
  clientAuth: 'any',
  params: { ...passwordParams, realm: required(128) },
  rules: passwordRules,
  decide: (params, client, call) => issuanceByPassword(params, params.realm, client, call),
})
