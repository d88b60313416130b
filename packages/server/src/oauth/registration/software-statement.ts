import type { ClientId } from '../../domain/ids.ts'
import type { Call } from '../call.ts'
import { clientSigningAlgorithms } from '../client-auth/private-key-jwt.ts'
import { verifyByClient } from '../client-keys.ts'
import { readUnverified } from '../jws.ts'
import { refuse } from '../refusal.ts'
import { rule } from '../rule.ts'

const malformed = rule({
  id: 'software_statement.malformed',
  clause: 'RFC 7591 §2.3',
  error: 'invalid_software_statement',
  description: 'software_statement must be a signed JWT with iss, in force, and without another statement',
})
const untrusted = rule({
  id: 'software_statement.untrusted_issuer',
  clause: 'RFC 7591 §2.3',
  error: 'unapproved_software_statement',
  description: 'The issuer of software_statement is not trusted by this server',
})
const wrongSignature = rule({
  id: 'software_statement.wrong_signature',
  clause: 'RFC 7591 §2.3',
  error: 'invalid_software_statement',
  description: 'The signature of software_statement is not one of its issuer',
})
export const softwareStatementRules = [malformed, untrusted, wrongSignature] as const

/** Proves a software statement and answers its claims (RFC 7591 §2.3): they win over what the client says itself. */
export async function readSoftwareStatement(
  statement: unknown,
  call: Call,
): Promise<Readonly<Record<string, unknown>>> {
  const jwt = typeof statement === 'string' ? readUnverified(statement) : undefined
  if (typeof statement !== 'string' || jwt === undefined) throw refuse(malformed)
  const { iss, exp, nbf } = jwt.claims
  // RFC 7591 §2.3: a statement inside a statement has no meaning.
  if (typeof iss !== 'string' || 'software_statement' in jwt.claims) throw refuse(malformed)
  if (exp !== undefined && !(typeof exp === 'number' && exp > call.now)) throw refuse(malformed, 'expired')
  if (nbf !== undefined && !(typeof nbf === 'number' && nbf <= call.now)) throw refuse(malformed, 'not yet')
  const trusted = call.tenant.settings.registration?.softwareStatementIssuers ?? []
  const issuer = trusted.find((one) => one.issuer === iss)
  if (issuer === undefined) throw refuse(untrusted)
  // RFC 8725 §3.1: only what keys of a key pair can sign.
  if (!clientSigningAlgorithms.some((algorithm) => algorithm === jwt.alg))
    throw refuse(wrongSignature, jwt.alg)
  const holder = { ...issuer, id: `statement issuer ${iss}` as ClientId }
  if ((await verifyByClient(statement, jwt, holder, call)) !== 'verified') throw refuse(wrongSignature)
  return jwt.claims
}
