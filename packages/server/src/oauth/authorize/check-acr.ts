import { defineCheck } from './check.ts'

/** Authentication contexts in the order of preference (OpenID Connect Core §3.1.2.1); voluntary, so that none is an error. */
export const checkAcrValues = defineCheck<readonly string[]>({
  rules: [],
  check({ acr_values }, client) {
    const asked = (acr_values ?? '').split(' ').filter((value) => value !== '')
    return asked.length > 0 ? asked : (client.defaultAcrValues ?? [])
  },
})
