import { readIdTokenHint } from '../id-token-hint.ts'
import { refuse } from '../refusal.ts'
import { rule } from '../rule.ts'
import { defineCheck } from './check.ts'

const invalidHint = rule({
  id: 'authorize.id_token_hint_invalid',
  clause: 'OIDC Core §3.1.2.1',
  error: 'invalid_request',
  description: 'id_token_hint is not an ID token that this server issued to the client',
})

/** Whom the client expects to be logged in: the subject of an ID token that it got before, also an expired one. */
export const checkIdTokenHint = defineCheck<string | undefined>({
  rules: [invalidHint],
  async check({ id_token_hint }, client, call) {
    if (id_token_hint === undefined) return undefined
    const hint = await readIdTokenHint(id_token_hint, call)
    if (hint?.clientId !== client.id) throw refuse(invalidHint)
    return hint.subject
  },
})
