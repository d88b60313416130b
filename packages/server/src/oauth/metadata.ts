import { signingAlgorithms } from '../domain/signing-key.ts'
import { prompts } from './authorize/check-prompt.ts'
import { requestObjectAlgorithms } from './authorize/request-object.ts'
import { responseTypes } from './authorize/response-type.ts'
import { supportedClaims } from './claims.ts'
import { contentAlgorithms, keyManagementAlgorithms } from './encryption.ts'
import type { Registry } from './registry.ts'
import { openidScopes } from './scope.ts'

/** Where the endpoints are, below the issuer; Auth0's paths. */
export const endpointPaths = {
  authorization: 'authorize',
  userInfo: 'userinfo',
  endSession: 'oidc/logout',
  checkSession: 'check_session',
  jwks: '.well-known/jwks.json',
} as const

/**
 * The discovery document (RFC 8414 §2, OpenID Connect Discovery §3), derived from what is registered so that it cannot lie.
 * `uiLocales`: BCP 47 tags of the pages.
 */
export function metadata(issuer: string, registry: Registry, uiLocales: readonly string[]) {
  return {
    issuer,
    authorization_endpoint: `${issuer}${endpointPaths.authorization}`,
    ...Object.assign(
      {},
      ...[...registry.endpoints.values()].map((endpoint) => endpoint.metadata(`${issuer}${endpoint.path}`)),
    ),
    userinfo_endpoint: `${issuer}${endpointPaths.userInfo}`,
    end_session_endpoint: `${issuer}${endpointPaths.endSession}`,
    check_session_iframe: `${issuer}${endpointPaths.checkSession}`,
    backchannel_logout_supported: true,
    backchannel_logout_session_supported: true,
    frontchannel_logout_supported: true,
    frontchannel_logout_session_supported: true,
    jwks_uri: `${issuer}${endpointPaths.jwks}`,
    scopes_supported: openidScopes,
    response_types_supported: responseTypes,
    response_modes_supported: [...registry.responseModes.values()].flatMap((mode) =>
      mode.announced ? [mode.name] : [],
    ),
    // The implicit grant has no token request, so it is a response type and not a plug.
    grant_types_supported: [...registry.grants.keys(), 'implicit'],
    code_challenge_methods_supported: ['S256'],
    subject_types_supported: ['public', 'pairwise'],
    id_token_signing_alg_values_supported: signingAlgorithms,
    id_token_encryption_alg_values_supported: keyManagementAlgorithms,
    id_token_encryption_enc_values_supported: contentAlgorithms,
    userinfo_signing_alg_values_supported: signingAlgorithms,
    userinfo_encryption_alg_values_supported: keyManagementAlgorithms,
    userinfo_encryption_enc_values_supported: contentAlgorithms,
    token_endpoint_auth_methods_supported: [...registry.clientAuthMethods.keys()],
    token_endpoint_auth_signing_alg_values_supported: [...registry.clientAuthMethods.values()].flatMap(
      (method) => method.signingAlgorithms ?? [],
    ),
    claims_supported: supportedClaims,
    prompt_values_supported: prompts,
    ui_locales_supported: uiLocales,
    claims_parameter_supported: true,
    // One page for all of them: it fits a popup and a finger, and asks for no script.
    display_values_supported: ['page', 'popup', 'touch'],
    request_parameter_supported: true,
    request_uri_parameter_supported: true,
    require_request_uri_registration: true,
    request_object_signing_alg_values_supported: requestObjectAlgorithms,
    authorization_response_iss_parameter_supported: true,
  }
}
