import { verifyByClient } from '../client-keys.ts'
import {
  assertionDetectionRules,
  clientAssertionRules,
  detectAssertion,
  verifyAssertion,
} from './client-assertion.ts'
import { defineClientAuth } from './client-auth-method.ts'

/** Asymmetric JWS algorithms that clients may sign with (RFC 7518 §3.1, RFC 8037 §3.1, RFC 9864 §2.2). */
export const clientSigningAlgorithms = [
  'RS256',
  'RS384',
  'PS256',
  'PS384',
  'ES256',
  'ES384',
  'EdDSA',
  'Ed25519',
] as const

/** A JWT signed with a private key whose public half the client registered (RFC 7523 §2.2, OpenID Connect Core §9). */
export const privateKeyJwt = defineClientAuth({
  method: 'private_key_jwt',
  serves: ['private_key_jwt'],
  keeps: 'key',
  signingAlgorithms: clientSigningAlgorithms,
  detectionRules: assertionDetectionRules,
  rules: clientAssertionRules,
  // Also what nobody may sign with, such as `none`: its refusal is this method's.
  detect: (request) => detectAssertion(request, (alg) => !alg.startsWith('HS')),
  verify: (credentials, client, call) =>
    verifyAssertion(
      credentials,
      client,
      { algorithms: clientSigningAlgorithms, verifySignature: verifyByClient },
      call,
    ),
})
