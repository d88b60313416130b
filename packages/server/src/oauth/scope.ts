import { refuse } from './refusal.ts'
import { rule } from './rule.ts'

const malformedScope = rule({
  id: 'scope.malformed',
  clause: 'RFC 6749 §3.3',
  error: 'invalid_scope',
  description: 'scope must be space-separated tokens of printable ASCII without quotes and backslashes',
})
export const scopeRules = [malformedScope] as const

// RFC 6749 §3.3: scope-token = 1*( %x21 / %x23-5B / %x5D-7E ).
const scopeToken = /^[\x21\x23-\x5b\x5d-\x7e]+$/

/** Scopes of OpenID Connect Core §5.4 and §11; known without any API. */
export const openidScopes: readonly string[] = [
  'openid',
  'profile',
  'email',
  'address',
  'phone',
  'offline_access',
]

/** Splits a scope parameter, dropping duplicates. Throws `invalid_scope` (RFC 6749 §3.3). */
export function parseScope(value: string | undefined): readonly string[] {
  const tokens = new Set((value ?? '').split(' ').filter((token) => token !== ''))
  for (const token of tokens) if (!scopeToken.test(token)) throw refuse(malformedScope)
  return [...tokens]
}

/** The scopes of `left` that `right` holds too, in the order of `left`. */
export function intersect(left: readonly string[], right: readonly string[]): readonly string[] {
  return left.filter((token) => right.includes(token))
}
