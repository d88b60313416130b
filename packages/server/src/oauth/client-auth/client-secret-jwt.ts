import { isSignedWith } from '../client-keys.ts'
import { type AssertionCheck, detectAssertion, verifyAssertion } from './client-assertion.ts'
import { defineClientAuth } from './client-auth-method.ts'
import { clientSecrets } from './client-secret.ts'

const algorithms = ['HS256', 'HS384', 'HS512'] as const

/** A JWT under the client secret (OpenID Connect Core §9); any of the secrets in force will do. */
export const clientSecretJwt = defineClientAuth({
  method: 'client_secret_jwt',
  serves: ['client_secret_jwt'],
  keeps: 'secret',
  signingAlgorithms: algorithms,
  // They are those of private_key_jwt.
  rules: [],
  detect: (request) => detectAssertion(request, (alg) => alg.startsWith('HS')),
  verify: (credentials, client, call) =>
    verifyAssertion(credentials, client, { algorithms, verifySignature }, call),
})

const verifySignature: AssertionCheck['verifySignature'] = async (jwt, { alg }, client, call) => {
  for (const secret of clientSecrets(client, call)) {
    const key = new TextEncoder().encode(secret)
    if (await isSignedWith(jwt, alg, key)) return 'verified'
  }
  return client.secrets.length === 0 ? 'no_key' : 'wrong_signature'
}
