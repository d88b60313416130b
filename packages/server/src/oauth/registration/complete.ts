import { hasPart, parseResponseType } from '../authorize/response-type.ts'
import { isVerifiable } from '../redirect-uri.ts'
import type { ClientMetadata } from './metadata.ts'

/** Metadata with what every client has. */
export type CompleteMetadata = ClientMetadata &
  Required<
    Pick<
      ClientMetadata,
      'redirect_uris' | 'token_endpoint_auth_method' | 'grant_types' | 'response_types' | 'application_type'
    >
  >

/** Says what the client left open (RFC 7591 §2, OpenID Connect Registration §2). */
export function complete(metadata: ClientMetadata): CompleteMetadata {
  const { redirect_uris = [], token_endpoint_auth_method = 'client_secret_basic' } = metadata
  const grant_types = metadata.grant_types ?? grantsOf(metadata.response_types ?? ['code'])
  const response_types =
    metadata.response_types ?? (grant_types.includes('authorization_code') ? ['code'] : [])
  return {
    ...metadata,
    redirect_uris,
    token_endpoint_auth_method,
    grant_types,
    response_types,
    application_type: metadata.application_type ?? typeOf(redirect_uris, grant_types),
  }
}

// RFC 7591 §2.1: what a response type needs.
function grantsOf(responseTypes: readonly string[]): readonly string[] {
  const types = responseTypes.map((value) => parseResponseType(value) ?? value)
  const needsCode = types.some((type) => hasPart(type, 'code'))
  const needsImplicit = types.some((type) => hasPart(type, 'token') || hasPart(type, 'id_token'))
  return [...(needsCode ? ['authorization_code'] : []), ...(needsImplicit ? ['implicit'] : [])]
}

// RFC 8252 §7: whoever receives on this very machine is a native application, also where it does not say so. Its loopback
// port is then free.
function typeOf(redirectUris: readonly string[], grantTypes: readonly string[]): 'web' | 'native' {
  const isLocal = redirectUris.length > 0 && redirectUris.every((uri) => !isVerifiable(uri))
  return isLocal && !grantTypes.includes('implicit') ? 'native' : 'web'
}
