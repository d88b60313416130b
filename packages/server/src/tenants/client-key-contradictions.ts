import type { Client } from '../domain/client.ts'
import type { Contradiction } from './client-contradictions.ts'

/** What a client promises about keys and does not have (RFC 7591 §2, RFC 8705 §2). */
export function keyMistakes(client: Client): readonly Contradiction[] {
  const method = client.tokenEndpointAuthMethod
  const hasKeys = (client.jwks?.keys.length ?? 0) > 0 || client.jwksUri !== undefined
  const needsKeys: readonly (readonly [isSo: boolean, ...member: string[]])[] = [
    [method === 'private_key_jwt' || method === 'self_signed_tls_client_auth', 'token_endpoint_auth_method'],
    [client.requestObject?.required === true, 'signed_request_object', 'required'],
    [client.idToken.encryption !== undefined, 'valetkey', 'id_token_encrypted_response_alg'],
    [client.userInfo?.encryption !== undefined, 'valetkey', 'userinfo_encrypted_response_alg'],
  ]
  return [
    ...needsKeys.flatMap(([isSo, ...member]) =>
      isSo && !hasKeys
        ? [{ member, message: 'needs keys of the client: set jwks_uri or valetkey.jwks' }]
        : [],
    ),
    ...(client.jwks !== undefined && client.jwksUri !== undefined
      ? [{ member: ['jwks_uri'], message: 'contradicts valetkey.jwks (RFC 7591 §2)' }]
      : []),
    ...(method === 'tls_client_auth' && client.tlsClientAuth === undefined
      ? [
          {
            member: ['token_endpoint_auth_method'],
            message: 'tls_client_auth needs the name in the certificate: set valetkey.tls_client_auth',
          },
        ]
      : []),
    ...(client.requestObject?.required === true && client.requestObject.signingAlgorithm === 'none'
      ? [
          {
            member: ['valetkey', 'request_object_signing_alg'],
            message: 'none contradicts signed_request_object.required (RFC 9101 §10.5)',
          },
        ]
      : []),
  ]
}
