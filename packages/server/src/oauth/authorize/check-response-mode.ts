import { refuse } from '../refusal.ts'
import { rule } from '../rule.ts'
import { defineCheck } from './check.ts'

const unsupported = rule({
  id: 'authorize.response_mode_unsupported',
  clause: 'OAuth 2.0 Multiple Response Types §2.1',
  error: 'invalid_request',
  description: 'Unsupported response_mode',
})

export const checkResponseMode = defineCheck<string>({
  rules: [unsupported],
  check({ response_mode }, _client, call) {
    if (response_mode === undefined) return 'query'
    if (!call.registry.responseModes.has(response_mode)) throw refuse(unsupported)
    return response_mode
  },
})
