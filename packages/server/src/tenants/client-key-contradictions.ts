import type { Client, ClientJwk } from '../domain/client.ts'
import { canEncrypt, isSoundJwk, maxKeys } from '../domain/client-jwk.ts'
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
  const issuers = client.trustedIssuers ?? []
  return [
    ...setMistakes(client.jwks?.keys ?? [], ['valetkey', 'jwks']),
    ...issuers.flatMap(({ jwks }, index) =>
      setMistakes(jwks?.keys ?? [], ['valetkey', 'trusted_issuers', index, 'jwks']),
    ),
    ...encryptionMistakes(client),
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

// A key that nothing is ever verified or encrypted with is a mistake, and better told now (RFC 7518 §3.3).
function setMistakes(keys: readonly ClientJwk[], member: Contradiction['member']): readonly Contradiction[] {
  const isTooLong = keys.length > maxKeys
  return [
    ...(isTooLong ? [{ member: [...member, 'keys'], message: `expected at most ${maxKeys} keys` }] : []),
    ...keys.flatMap((key, index) =>
      isSoundJwk(key)
        ? []
        : [
            {
              member: [...member, 'keys', index],
              message:
                'expected a sound public key; of RSA 2048 to 4096 bits, and an exponent of 32 bits at most',
            },
          ],
    ),
  ]
}

// OpenID Connect Core §10.2. What lies at jwks_uri is seen when it is needed.
function encryptionMistakes({ jwks, idToken, userInfo }: Client): readonly Contradiction[] {
  const asked = [
    { encryption: idToken.encryption, member: 'id_token_encrypted_response_alg' },
    { encryption: userInfo?.encryption, member: 'userinfo_encrypted_response_alg' },
  ]
  return asked.flatMap(({ encryption, member }) => {
    if (encryption === undefined || jwks === undefined) return []
    const { keyManagement } = encryption
    return jwks.keys.some((key) => canEncrypt(key, keyManagement))
      ? []
      : [{ member: ['valetkey', member], message: `no key of valetkey.jwks is for ${keyManagement}` }]
  })
}
