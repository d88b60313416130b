import type { PkceChallenge } from '../../domain/transaction.ts'
import { isConfidential } from '../client-auth/keeps.ts'
import { refuse } from '../refusal.ts'
import { rule } from '../rule.ts'
import { defineCheck } from './check.ts'
import { hasPart } from './response-type.ts'

const challengeRequired = rule({
  id: 'pkce.challenge_required',
  clause: 'RFC 7636 §4.4.1',
  error: 'invalid_request',
  description: 'code_challenge is required for this client',
})
const methodUnsupported = rule({
  id: 'pkce.method_unsupported',
  clause: 'RFC 7636 §4.4.1',
  error: 'invalid_request',
  description: 'code_challenge_method must be S256',
})
const plainNotAllowed = rule({
  id: 'pkce.plain_not_allowed',
  clause: 'RFC 9700 §2.1.1',
  error: 'invalid_request',
  description: 'code_challenge_method plain is not allowed for this client: send code_challenge_method=S256',
})
const challengeMalformed = rule({
  id: 'pkce.challenge_malformed',
  clause: 'RFC 7636 §4.2',
  error: 'invalid_request',
  description: 'code_challenge must be 43 to 128 unreserved characters, and exactly 43 for S256',
})
const methodAlone = rule({
  id: 'pkce.method_without_challenge',
  clause: 'RFC 7636 §4.3',
  error: 'invalid_request',
  description: 'code_challenge_method was sent without code_challenge',
})

const shapes = { S256: /^[A-Za-z0-9_-]{43}$/, plain: /^[A-Za-z0-9\-._~]{43,128}$/ } as const

/** Binds the code to who asked for it. A public client cannot do without (RFC 9700 §2.1.1). */
export const checkPkce = defineCheck<PkceChallenge | undefined>({
  rules: [methodAlone, challengeRequired, methodUnsupported, plainNotAllowed, challengeMalformed],
  check({ code_challenge, code_challenge_method, response_type }, client, call) {
    if (code_challenge === undefined) {
      if (code_challenge_method !== undefined) throw refuse(methodAlone)
      const needed = client.pkce.required || !isConfidential(client, call)
      if (needed && hasPart(response_type ?? '', 'code')) throw refuse(challengeRequired)
      return undefined
    }
    // RFC 7636 §4.3: absent means plain.
    const method = code_challenge_method ?? 'plain'
    if (method !== 'S256' && method !== 'plain') throw refuse(methodUnsupported)
    if (method === 'plain' && !client.pkce.allowPlain) throw refuse(plainNotAllowed)
    if (!shapes[method].test(code_challenge)) throw refuse(challengeMalformed)
    return { challenge: code_challenge, method }
  },
})
