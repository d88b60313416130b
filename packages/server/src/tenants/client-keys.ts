import type { ClientEntry } from '@valetkey/api'
import type { Client, Encryption } from '../domain/client.ts'
import { compact } from './step.ts'

type KeyMembers = Pick<
  Client,
  | 'jwks'
  | 'jwksUri'
  | 'tokenEndpointAuthSigningAlgorithm'
  | 'tlsClientAuth'
  | 'requestObject'
  | 'requestUris'
  | 'userInfo'
  | 'requirePushedAuthorizationRequests'
  | 'pushedRequestLifetimeSeconds'
>

/** What an entry says about the client's keys and the form of its requests; absent members keep what is stored. */
export function keysFrom(entry: ClientEntry, stored: Client | undefined): KeyMembers {
  const own = entry.valetkey
  const isRequired = entry.signed_request_object?.required ?? stored?.requestObject?.required
  const alg = own?.request_object_signing_alg ?? stored?.requestObject?.signingAlgorithm
  return compact({
    // RFC 7591 §2: never both. A new one takes the other's place.
    jwks: entry.jwks_uri && !own?.jwks ? undefined : (own?.jwks ?? stored?.jwks),
    jwksUri: own?.jwks && !entry.jwks_uri ? undefined : uriFrom(entry.jwks_uri, stored?.jwksUri),
    tokenEndpointAuthSigningAlgorithm:
      own?.token_endpoint_auth_signing_alg ?? stored?.tokenEndpointAuthSigningAlgorithm,
    tlsClientAuth: certificateName(own?.tls_client_auth) ?? stored?.tlsClientAuth,
    requestObject: orAbsent(compact({ signingAlgorithm: alg, required: isRequired })),
    requestUris: own?.request_uris ?? stored?.requestUris,
    userInfo: orAbsent(
      compact({
        signingAlgorithm: own?.userinfo_signed_response_alg ?? stored?.userInfo?.signingAlgorithm,
        encryption: encryption(
          own?.userinfo_encrypted_response_alg,
          own?.userinfo_encrypted_response_enc,
          stored?.userInfo?.encryption,
        ),
      }),
    ),
    requirePushedAuthorizationRequests:
      entry.require_pushed_authorization_requests ?? stored?.requirePushedAuthorizationRequests,
    pushedRequestLifetimeSeconds: entry.par_request_expiry ?? stored?.pushedRequestLifetimeSeconds,
  })
}

function uriFrom(given: string | undefined, stored: string | undefined): string | undefined {
  return given === '' ? undefined : (given ?? stored)
}

/** How ID tokens of the client are encrypted, if they are. */
export function idTokenEncryption({ valetkey }: ClientEntry, stored: Client | undefined) {
  const alg = valetkey?.id_token_encrypted_response_alg
  return encryption(alg, valetkey?.id_token_encrypted_response_enc, stored?.idToken.encryption)
}

// OpenID Connect Registration §2: A128CBC-HS256 where only the algorithm of the key is named.
function encryption(
  alg: string | undefined,
  enc: string | undefined,
  stored: Encryption | undefined,
): Encryption | undefined {
  const keyManagement = alg ?? stored?.keyManagement
  if (keyManagement === undefined) return undefined
  return { keyManagement, content: enc ?? stored?.content ?? 'A128CBC-HS256' }
}

const kinds = ['subject_dn', 'san_dns', 'san_uri', 'san_ip', 'san_email'] as const

function certificateName(
  given: NonNullable<ClientEntry['valetkey']>['tls_client_auth'],
): Client['tlsClientAuth'] {
  for (const kind of kinds) {
    const value = given?.[kind]
    if (value !== undefined) return { kind, value }
  }
  return undefined
}

function orAbsent<Value extends object>(value: Value): Value | undefined {
  return Object.keys(value).length === 0 ? undefined : value
}
