import type { RequestedClaims } from '../../domain/transaction.ts'
import { scopeOfClaim } from '../claims.ts'
import { refuse } from '../refusal.ts'
import { rule } from '../rule.ts'
import { defineCheck } from './check.ts'

const malformed = rule({
  id: 'authorize.claims_malformed',
  clause: 'OIDC Core §5.5',
  error: 'invalid_request',
  description:
    'claims must be a JSON object with the members userinfo and id_token, each an object of claims',
})

type Members = Readonly<Record<string, unknown>>

/** Claims that are asked for one by one. Unknown ones are ignored, since every claim is voluntary (OpenID Connect Core §5.5.1). */
export const checkClaims = defineCheck<RequestedClaims | undefined>({
  rules: [malformed],
  check({ claims }) {
    if (claims === undefined) return undefined
    const { userinfo, id_token } = membersOf(parsed(claims))
    const forUserInfo = membersOf(userinfo ?? {})
    const forIdToken = membersOf(id_token ?? {})
    const subjects = wanted(forIdToken.sub ?? forUserInfo.sub)
    const acr = forIdToken.acr
    return {
      userInfo: Object.keys(forUserInfo).filter((name) => scopeOfClaim(name) !== undefined),
      idToken: Object.keys(forIdToken).filter((name) => scopeOfClaim(name) !== undefined),
      ...(subjects.length > 0 && { subjects }),
      ...(acr !== undefined && { acr: { values: wanted(acr), essential: isEssential(acr) } }),
    }
  },
})

function parsed(claims: string): unknown {
  try {
    return JSON.parse(claims)
  } catch {
    throw refuse(malformed)
  }
}

function membersOf(value: unknown): Members {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw refuse(malformed)
  return Object.fromEntries(Object.entries(value))
}

/** The values that a claim is wanted with (`value`, `values`); none when any will do. */
function wanted(claim: unknown): readonly string[] {
  if (claim === undefined || claim === null) return []
  const { value, values } = membersOf(claim)
  const all = [...(value === undefined ? [] : [value]), ...(Array.isArray(values) ? values : [])]
  return all.filter((item) => typeof item === 'string')
}

function isEssential(claim: unknown): boolean {
  return claim !== null && membersOf(claim).essential === true
}
