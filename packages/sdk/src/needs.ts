import type { AccessToken } from './access-token.ts'
import { refuse } from './refusal.ts'

/** What a route asks of a token: all of these `scope` values (RFC 6749 §3.3), and all of these entries of the
 * `permissions` claim that Auth0's role-based access control adds. */
export type Needs = {
  readonly scopes?: readonly string[]
  readonly permissions?: readonly string[]
}

const SCOPE_TOKEN = /^[\x21\x23-\x5b\x5d-\x7e]+$/

/** Throws TypeError when a needed scope is not one scope-token (RFC 6749 §3.3): no token could ever hold it. */
export function checkNeeds(needs: Needs): void {
  for (const scope of needs.scopes ?? []) {
    if (!SCOPE_TOKEN.test(scope)) throw new TypeError(`"${scope}" is not one scope; pass several as a list`)
  }
}

/** Throws insufficient_scope when the token lacks a scope or a permission that the route needs (RFC 6750 §3.1). */
export function checkNeedsMet(needs: Needs, token: AccessToken): void {
  const scope = needs.scopes?.find((needed) => !token.scopes.includes(needed))
  if (scope !== undefined) throw refuse.insufficientScope(`scope ${scope} is missing`)
  const permission = needs.permissions?.find((needed) => !token.permissions.includes(needed))
  if (permission !== undefined) throw refuse.insufficientScope(`permission ${permission} is missing`)
}
