import { decisionRules } from './authorize/authorize.ts'
import { authorizeCheckRules } from './authorize/checks.ts'
import { identifyRules } from './authorize/identify.ts'
import { nextStepRules } from './authorize/next-step.ts'
import { clientAuthRules } from './client-auth/authenticate.ts'
import { userInfoRules } from './endpoints/userinfo.ts'
import { parameterRules } from './params.ts'
import type { Registry } from './registry.ts'
import type { Rule } from './rule.ts'
import { knownTargetRules } from './target.ts'
import { tokenEndpointRules } from './token/endpoint.ts'

/** The rules of each endpoint and stage, in the order in which they are checked. */
export function endpointRules(registry: Registry): Readonly<Record<string, readonly Rule[]>> {
  const grants = [...registry.grants.values()].map(
    (grant) => [`token ${grant.grantType}`, grant.rules] as const,
  )
  return {
    'authorize identify': identifyRules,
    'authorize check': authorizeCheckRules,
    'authorize next step': [...knownTargetRules, ...nextStepRules],
    'authorize decision': decisionRules,
    token: [
      ...parameterRules,
      ...tokenEndpointRules.beforeClient,
      ...clientAuthRules(registry),
      ...tokenEndpointRules.afterClient,
    ],
    ...Object.fromEntries(grants),
    userinfo: userInfoRules,
  }
}
