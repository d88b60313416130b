import { refuse } from '../refusal.ts'
import { rule } from '../rule.ts'
import { defineCheck } from './check.ts'

const malformed = rule({
  id: 'authorize.max_age_malformed',
  clause: 'OIDC Core §3.1.2.1',
  error: 'invalid_request',
  description: 'max_age must be a whole number of seconds',
})

/** In seconds; 0 is not absent, but asks for a new login. */
export const checkMaxAge = defineCheck<number | undefined>({
  rules: [malformed],
  check({ max_age }, client) {
    if (max_age === undefined) return client.defaultMaxAgeSeconds
    if (!/^\d{1,10}$/.test(max_age)) throw refuse(malformed)
    return Number(max_age)
  },
})
