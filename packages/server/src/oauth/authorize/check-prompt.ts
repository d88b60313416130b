import type { Prompt } from '../../domain/transaction.ts'
import { refuse } from '../refusal.ts'
import { rule } from '../rule.ts'
import { defineCheck } from './check.ts'

const unknownPrompt = rule({
  id: 'authorize.prompt_unknown',
  clause: 'OIDC Core §3.1.2.1',
  error: 'invalid_request',
  description: 'prompt must be none, login, consent or select_account',
})
const noneWithOthers = rule({
  id: 'authorize.prompt_none_with_others',
  clause: 'OIDC Core §3.1.2.1',
  error: 'invalid_request',
  description: 'prompt=none must stand alone',
})

/** The values of `prompt` that discovery announces. */
export const prompts: readonly Prompt[] = ['none', 'login', 'consent', 'select_account']

export const checkPrompt = defineCheck<readonly Prompt[]>({
  rules: [unknownPrompt, noneWithOthers],
  check({ prompt }) {
    const asked = (prompt ?? '').split(' ').filter((word) => word !== '')
    const known = prompts.filter((candidate) => asked.includes(candidate))
    if (known.length !== new Set(asked).size) throw refuse(unknownPrompt)
    if (known.includes('none') && known.length > 1) throw refuse(noneWithOthers)
    return known
  },
})
