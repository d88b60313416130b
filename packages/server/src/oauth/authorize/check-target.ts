import { parseScope, scopeRules } from '../scope.ts'
import { grantableScope, requestedApi, userTargetRules } from '../target.ts'
import { defineCheck } from './check.ts'
import { hasPart } from './response-type.ts'

/** Which API the token is for (Auth0's `audience`, RFC 8707's `resource`), and what may be granted there at most. */
export const checkTarget = defineCheck<{ readonly audience?: string; readonly scope: readonly string[] }>({
  rules: [...scopeRules, ...userTargetRules],
  async check(params, client, call) {
    const requested = parseScope(params.scope).filter(
      // OpenID Connect Core §11: ignored where no code is asked for that could bring a refresh token.
      (scope) => scope !== 'offline_access' || hasPart(params.response_type ?? '', 'code'),
    )
    const api = await requestedApi(params, call)
    const scope = await grantableScope(requested, client, api, call)
    return { scope, ...(api !== undefined && { audience: api.identifier }) }
  },
})
