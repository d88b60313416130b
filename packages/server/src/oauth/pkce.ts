import { createHash } from 'node:crypto'
import { sameSecret } from '../domain/secrets.ts'
import type { PkceChallenge } from '../domain/transaction.ts'
import { refuse } from './refusal.ts'
import { rule } from './rule.ts'

const verifierMissing = rule({
  id: 'pkce.verifier_missing',
  clause: 'RFC 7636 §4.5',
  error: 'invalid_grant',
  description: 'code_verifier is required because the authorization request had a code_challenge',
})
const verifierUnasked = rule({
  id: 'pkce.verifier_unasked',
  clause: 'RFC 9700 §4.8.2',
  error: 'invalid_grant',
  description: 'code_verifier was sent but the authorization request had no code_challenge',
})
const verifierWrong = rule({
  id: 'pkce.verifier_wrong',
  clause: 'RFC 7636 §4.6',
  error: 'invalid_grant',
  description: 'Failed to verify code verifier',
})
export const verifierRules = [verifierMissing, verifierUnasked, verifierWrong] as const

// RFC 7636 §4.1: 43*128unreserved.
const verifierShape = /^[A-Za-z0-9\-._~]{43,128}$/

/** Proves that the sender of the token request began the authorization. Throws `invalid_grant` (RFC 7636 §4.6). */
export function verifyPkce(challenge: PkceChallenge | undefined, verifier: string | undefined): void {
  if (challenge === undefined) {
    if (verifier !== undefined) throw refuse(verifierUnasked)
    return
  }
  if (verifier === undefined) throw refuse(verifierMissing)
  if (!verifierShape.test(verifier) || !sameSecret(challenge.challenge, derive(challenge.method, verifier))) {
    throw refuse(verifierWrong)
  }
}

function derive(method: PkceChallenge['method'], verifier: string): string {
  return method === 'plain' ? verifier : createHash('sha256').update(verifier).digest('base64url')
}
