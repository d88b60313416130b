import { decisionRules } from './authorize/authorize.ts'
import { authorizeCheckRules } from './authorize/checks.ts'
import { identifyRules } from './authorize/identify.ts'
import { nextStepRules } from './authorize/next-step.ts'
import { unwrapRules } from './authorize/unwrap.ts'
import { clientAuthRules } from './client-auth/authenticate.ts'
import { encryptionRules } from './encryption.ts'
import { tokenInfoRules } from './endpoints/token-info.ts'
import { userInfoRules } from './endpoints/userinfo.ts'
import { endSessionRules } from './logout/end-session.ts'
import { returnToRules } from './logout/return-to.ts'
import { parameterRules } from './params.ts'
import { configurationRules, registrationRules } from './registration/register.ts'
import type { Registry } from './registry.ts'
import type { Rule } from './rule.ts'
import { knownTargetRules } from './target.ts'
import { policyRules } from './token/policy.ts'

/** The rules of each endpoint and stage, in the order in which they are checked. */
export function endpointRules(registry: Registry): Readonly<Record<string, readonly Rule[]>> {
  const prechecks = [...registry.endpoints.values()].flatMap(({ path, precheck }) =>
    precheck === undefined ? [] : [[`${path} before authentication`, precheck.rules] as const],
  )
  const endpoints = [...registry.endpoints.values()].map(
    (endpoint) => [endpoint.path, endpoint.rules] as const,
  )
  const grants = [...registry.grants.values()].map(
    (grant) => [`grant ${grant.grantType}`, grant.rules] as const,
  )
  return {
    'authorize unwrap': unwrapRules,
    'authorize identify': identifyRules,
    'authorize check': authorizeCheckRules,
    'authorize next step': [...knownTargetRules, ...nextStepRules],
    'authorize decision': decisionRules,
    'every endpoint': parameterRules,
    ...Object.fromEntries(prechecks),
    'client authentication': clientAuthRules(registry),
    ...Object.fromEntries(endpoints),
    ...Object.fromEntries(grants),
    'token policy': policyRules,
    userinfo: userInfoRules,
    tokeninfo: tokenInfoRules,
    encryption: encryptionRules,
    'oidc/register': [...registrationRules, ...reviewRules(registry)],
    'oidc/register/{client_id}': configurationRules,
    'oidc/logout': endSessionRules,
    'v2/logout': returnToRules,
  }
}

function reviewRules({ registrationPolicies }: Registry): readonly Rule[] {
  return [...registrationPolicies.values()].reverse().flatMap(({ rules }) => rules)
}
