import { newGrantId } from '../grant-id.ts'
import { noClientGrant, ownScope } from '../own-scope.ts'
import { many, optional } from '../params.ts'
import { refuse } from '../refusal.ts'
import { rule } from '../rule.ts'
import { parseScope, scopeRules } from '../scope.ts'
import { requestedApi, targetRules } from '../target.ts'
import { defineGrant } from './grant.ts'

const noAudience = rule({
  id: 'client_credentials.no_audience',
  clause: 'RFC 6749 §4.4.2',
  error: 'invalid_request',
  description: 'Missing required parameter: audience',
})
/** A client acts for itself (RFC 6749 §4.4), within the client grant that an administrator made. */
export const clientCredentialsGrant = defineGrant({
  grantType: 'client_credentials',
  clientAuth: 'confidential',
  params: { scope: optional(), audience: optional(), resource: many() },
  rules: [...scopeRules, ...targetRules, noAudience, noClientGrant],
  async decide(params, client, call) {
    const requested = parseScope(params.scope)
    const api = await requestedApi(params, call)
    if (api === undefined) throw refuse(noAudience)
    return {
      subject: { kind: 'client' },
      grantId: newGrantId(call),
      scope: await ownScope(requested, client, api, call),
      api,
      grantLabel: 'client-credentials',
      refreshToken: { kind: 'none' },
    }
  },
})
