import { refuse } from '../refusal.ts'
import { rule } from '../rule.ts'
import { defineCheck } from './check.ts'
import { defaultResponseMode, isFrontChannel, parseResponseType } from './response-type.ts'

const unsupported = rule({
  id: 'authorize.response_mode_unsupported',
  clause: 'OAuth 2.0 Multiple Response Types §2.1',
  error: 'invalid_request',
  description: 'Unsupported response_mode',
})
const tokensInQuery = rule({
  id: 'authorize.tokens_in_query',
  clause: 'OAuth 2.0 Multiple Response Types §3.0',
  error: 'invalid_request',
  description: 'response_mode query must not carry tokens',
})

export const checkResponseMode = defineCheck<string>({
  rules: [unsupported, tokensInQuery],
  check({ response_mode, response_type }, _client, call) {
    const type = parseResponseType(response_type ?? '')
    if (response_mode === undefined) return defaultResponseMode(type)
    const mode = call.registry.responseModes.get(response_mode)
    if (mode === undefined) throw refuse(unsupported)
    if (!mode.carriesTokens && type !== undefined && isFrontChannel(type)) throw refuse(tokensInQuery)
    return response_mode
  },
})
