import { parseScope, scopeRules } from '../scope.ts'
import { grantableScope, requestedApi, userTargetRules } from '../target.ts'
import { defineCheck } from './check.ts'

/** Which API the token is for (Auth0's `audience`, RFC 8707's `resource`), and what may be granted there at most. */
export const checkTarget = defineCheck<{ readonly audience?: string; readonly scope: readonly string[] }>({
  rules: [...scopeRules, ...userTargetRules],
  async check(params, client, call) {
    const requested = parseScope(params.scope)
    const api = await requestedApi(params, call)
    const scope = await grantableScope(requested, client, api, call)
    return { scope, ...(api !== undefined && { audience: api.identifier }) }
  },
})
