import type { ApplicationType, Client, Encryption, Keeps } from '../../domain/client.ts'
import type { SigningAlgorithm } from '../../domain/signing-key.ts'
import type { CompleteMetadata } from './complete.ts'

/** Auth0's figures for third-party clients. */
const idTokenLifetimeSeconds = 3600
const refreshTokenLifetimes = { lifetimeSeconds: 2_592_000, idleLifetimeSeconds: 1_296_000 } as const

type Given = Pick<
  Client,
  'id' | 'secrets' | 'registration' | 'metadata' | 'createdAt' | 'updatedAt' | 'version'
>

/**
 * The client that checked metadata describes; `keeps`: what its method says. It belongs to a third party: its owner's consent
 * is always asked for.
 */
export function clientFromMetadata(metadata: CompleteMetadata, keeps: Keeps, given: Given): Client {
  const isPublic = keeps === 'nothing'
  return {
    ...given,
    name: metadata.client_name ?? nameOf(metadata, given.id),
    applicationType: applicationTypeOf(metadata, isPublic),
    isFirstParty: false,
    tokenEndpointAuthMethod: metadata.token_endpoint_auth_method,
    grantTypes: metadata.grant_types,
    redirectUris: metadata.redirect_uris,
    allowSubdomainWildcards: false,
    allowedOrigins: [],
    webOrigins: [],
    allowedLogoutUrls: metadata.post_logout_redirect_uris ?? [],
    idToken: {
      signingAlgorithm: (metadata.id_token_signed_response_alg ?? 'RS256') as SigningAlgorithm,
      lifetimeSeconds: idTokenLifetimeSeconds,
      ...encryption(metadata.id_token_encrypted_response_alg, metadata.id_token_encrypted_response_enc),
    },
    refreshToken: { rotating: isPublic, leewaySeconds: 0, ...refreshTokenLifetimes },
    // RFC 9700 §2.1.1: public clients must; others may register what OpenID Connect asks of them.
    pkce: { required: isPublic, allowPlain: false },
    ...links(metadata),
    ...keys(metadata),
    ...userInfo(metadata),
    ...requests(metadata),
    ...logout(metadata),
  }
}

// The owner should recognise somebody: the host that the answer goes to cannot be made up.
function nameOf({ redirect_uris: [first = ''] }: CompleteMetadata, id: string): string {
  return URL.parse(first)?.host || id
}

function applicationTypeOf(metadata: CompleteMetadata, isPublic: boolean): ApplicationType {
  if (metadata.application_type === 'native') return 'native'
  if (metadata.redirect_uris.length === 0) return 'non_interactive'
  return isPublic ? 'spa' : 'regular_web'
}

function links(metadata: CompleteMetadata): Partial<Client> {
  const { logo_uri, policy_uri, tos_uri, initiate_login_uri } = metadata
  return {
    ...(logo_uri !== undefined && { logoUri: logo_uri }),
    ...(policy_uri !== undefined && { policyUri: policy_uri }),
    ...(tos_uri !== undefined && { tosUri: tos_uri }),
    ...(initiate_login_uri !== undefined && { initiateLoginUri: initiate_login_uri }),
  }
}

function keys(metadata: CompleteMetadata): Partial<Client> {
  const { jwks, jwks_uri, token_endpoint_auth_signing_alg: algorithm } = metadata
  const certificate = certificateOf(metadata)
  return {
    ...(jwks !== undefined && { jwks }),
    ...(jwks_uri !== undefined && { jwksUri: jwks_uri }),
    ...(algorithm !== undefined && { tokenEndpointAuthSigningAlgorithm: algorithm }),
    ...(certificate !== undefined && { tlsClientAuth: certificate }),
  }
}

const certificateNames = ['subject_dn', 'san_dns', 'san_uri', 'san_ip', 'san_email'] as const

/** The names of a certificate that the client registered (RFC 8705 §2.1.2); it must be one. */
export function certificateNamesOf(metadata: CompleteMetadata) {
  return certificateNames.flatMap((kind) => {
    const value = metadata[`tls_client_auth_${kind}`]
    return value === undefined ? [] : [{ kind, value }]
  })
}

function certificateOf(metadata: CompleteMetadata): Client['tlsClientAuth'] {
  return certificateNamesOf(metadata)[0]
}

// OpenID Connect Registration §2: the content algorithm where only the other one is registered.
function encryption(
  keyManagement: string | undefined,
  content = 'A128CBC-HS256',
): { readonly encryption?: Encryption } {
  return keyManagement === undefined ? {} : { encryption: { keyManagement, content } }
}

function userInfo(metadata: CompleteMetadata): Partial<Client> {
  const { userinfo_signed_response_alg: algorithm, userinfo_encrypted_response_alg: encrypted } = metadata
  if (algorithm === undefined && encrypted === undefined) return {}
  return {
    userInfo: {
      ...(algorithm !== undefined && { signingAlgorithm: algorithm as SigningAlgorithm }),
      ...encryption(encrypted, metadata.userinfo_encrypted_response_enc),
    },
  }
}

function requests(metadata: CompleteMetadata): Partial<Client> {
  const { subject_type, sector_identifier_uri: sector, request_object_signing_alg: algorithm } = metadata
  const { require_signed_request_object: signed, require_pushed_authorization_requests: pushed } = metadata
  return {
    ...(subject_type === 'pairwise' && {
      pairwise: { ...(sector !== undefined && { sectorIdentifierUri: sector }) },
    }),
    ...((algorithm !== undefined || signed !== undefined) && {
      requestObject: {
        ...(algorithm !== undefined && { signingAlgorithm: algorithm }),
        ...(signed !== undefined && { required: signed }),
      },
    }),
    ...(pushed !== undefined && { requirePushedAuthorizationRequests: pushed }),
    ...(metadata.request_uris !== undefined && { requestUris: metadata.request_uris }),
    ...(metadata.default_max_age !== undefined && { defaultMaxAgeSeconds: metadata.default_max_age }),
    ...(metadata.require_auth_time !== undefined && { requireAuthTime: metadata.require_auth_time }),
    ...(metadata.default_acr_values !== undefined && { defaultAcrValues: metadata.default_acr_values }),
  }
}

function logout(metadata: CompleteMetadata): Partial<Client> {
  const { backchannel_logout_uri: back, frontchannel_logout_uri: front } = metadata
  if (back === undefined && front === undefined) return {}
  return {
    logout: {
      ...(back !== undefined && {
        backchannelUri: back,
        backchannelSessionRequired: metadata.backchannel_logout_session_required ?? false,
      }),
      ...(front !== undefined && {
        frontchannelUri: front,
        frontchannelSessionRequired: metadata.frontchannel_logout_session_required ?? false,
      }),
    },
  }
}
