import { signingAlgorithms } from '../../../domain/signing-key.ts'
import { requestObjectAlgorithms } from '../../authorize/request-object.ts'
import { contentAlgorithms, keyManagementAlgorithms } from '../../encryption.ts'
import { refuse } from '../../refusal.ts'
import { rule } from '../../rule.ts'
import { certificateNamesOf } from '../client-from-metadata.ts'
import type { CompleteMetadata } from '../complete.ts'
import { defineRegistrationPolicy } from '../policy.ts'

const unsupportedMethod = rule({
  id: 'registration.auth_method_unsupported',
  clause: 'RFC 7591 §2',
  error: 'invalid_client_metadata',
  description: 'token_endpoint_auth_method is not supported by this server',
})
const publicCannot = rule({
  id: 'registration.public_client',
  clause: 'RFC 6749 §4.4',
  error: 'invalid_client_metadata',
  description: 'The grant client_credentials is for clients that authenticate',
})
const twoKeySets = rule({
  id: 'registration.two_key_sets',
  clause: 'RFC 7591 §2',
  error: 'invalid_client_metadata',
  description: 'jwks and jwks_uri must not be used together',
})
const noKeys = rule({
  id: 'registration.keys_missing',
  clause: 'RFC 7591 §2',
  error: 'invalid_client_metadata',
  description: 'The metadata needs keys of the client: register jwks or jwks_uri',
})
const noCertificateName = rule({
  id: 'registration.certificate_name',
  clause: 'RFC 8705 §2.1.2',
  error: 'invalid_client_metadata',
  description: 'tls_client_auth needs exactly one name of the certificate',
})
const unsupportedAlgorithm = rule({
  id: 'registration.algorithm_unsupported',
  clause: 'RFC 7591 §3.2.2',
  error: 'invalid_client_metadata',
  description: 'This server does not support the algorithm of metadata member: {parameter}',
})

/** How a client proves itself and who signs what. */
export const keyPolicy = defineRegistrationPolicy({
  name: 'keys',
  rules: [unsupportedMethod, publicCannot, twoKeySets, noKeys, noCertificateName, unsupportedAlgorithm],
  async review(metadata, _context, call) {
    const { token_endpoint_auth_method: method, grant_types, jwks, jwks_uri } = metadata
    const known = call.registry.clientAuthMethods.get(method)
    if (known === undefined) throw refuse(unsupportedMethod)
    if (known.keeps === 'nothing' && grant_types.includes('client_credentials')) throw refuse(publicCannot)
    if (jwks !== undefined && jwks_uri !== undefined) throw refuse(twoKeySets)
    if (needsKeys(metadata) && jwks === undefined && jwks_uri === undefined) throw refuse(noKeys)
    if (method === 'tls_client_auth' && certificateNamesOf(metadata).length !== 1)
      throw refuse(noCertificateName)
    checkAlgorithms(metadata, known.signingAlgorithms ?? [])
    return {}
  },
})

// To check what the client signs, and to encrypt what only it may read.
function needsKeys(metadata: CompleteMetadata): boolean {
  return (
    metadata.token_endpoint_auth_method === 'private_key_jwt' ||
    metadata.token_endpoint_auth_method === 'self_signed_tls_client_auth' ||
    metadata.id_token_encrypted_response_alg !== undefined ||
    metadata.userinfo_encrypted_response_alg !== undefined
  )
}

function checkAlgorithms(metadata: CompleteMetadata, ofAssertions: readonly string[]): void {
  const supported = {
    token_endpoint_auth_signing_alg: ofAssertions,
    id_token_signed_response_alg: signingAlgorithms,
    id_token_encrypted_response_alg: keyManagementAlgorithms,
    id_token_encrypted_response_enc: contentAlgorithms,
    userinfo_signed_response_alg: signingAlgorithms,
    userinfo_encrypted_response_alg: keyManagementAlgorithms,
    userinfo_encrypted_response_enc: contentAlgorithms,
    request_object_signing_alg: requestObjectAlgorithms,
  } as const
  for (const [member, algorithms] of Object.entries(supported)) {
    const value = metadata[member as keyof typeof supported]
    if (value !== undefined && !algorithms.some((algorithm) => algorithm === value))
      throw refuse(unsupportedAlgorithm, value, member)
  }
}
