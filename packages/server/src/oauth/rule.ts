// Owns every protocol decision. Knows no HTTP and no SQL: data comes in, a response or a refusal goes out.

/** Error codes of RFC 6749 §4.1.2.1 and §5.2, RFC 6750 §3.1, RFC 8628 §3.5, RFC 8707 §2 and OpenID Connect Core §3.1.2.6; `too_many_attempts` and `too_many_requests` are Auth0's. */
export type ErrorCode =
  | 'access_denied'
  | 'account_selection_required'
  | 'authorization_pending'
  | 'consent_required'
  | 'expired_token'
  | 'insufficient_scope'
  | 'interaction_required'
  | 'invalid_client'
  | 'invalid_client_metadata'
  | 'invalid_grant'
  | 'invalid_redirect_uri'
  | 'invalid_request'
  | 'invalid_request_object'
  | 'invalid_request_uri'
  | 'invalid_scope'
  | 'invalid_software_statement'
  | 'invalid_target'
  | 'invalid_token'
  | 'login_required'
  | 'request_not_supported'
  | 'request_uri_not_supported'
  | 'slow_down'
  | 'temporarily_unavailable'
  | 'too_many_attempts'
  | 'too_many_requests'
  | 'unapproved_software_statement'
  | 'unauthorized'
  | 'unauthorized_client'
  | 'unsupported_grant_type'
  | 'unsupported_response_type'

/** One thing that a specification demands and that this server checks. */
export interface Rule {
  /** Stable and dotted: `pkce.verifier_wrong`. */
  readonly id: string
  /** The clause it enforces: `RFC 7636 §4.6`. */
  readonly clause: string
  readonly error: ErrorCode
  /** For the client's developer; `{parameter}` stands for the name of a declared parameter. */
  readonly description: string
  /** What the client's developer can do about it; shown where the refusal ends on a page. */
  readonly help?: string
  /** Of a direct answer, where the clause asks for another status than the error code usually has. */
  readonly status?: number
}

// RFC 6749 §5.2: %x20-21 / %x23-5B / %x5D-7E.
const descriptionCharacters = /^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/

/** Declares a rule. Throws at boot when its description could not be sent (RFC 6749 §5.2). */
export function rule(definition: Rule): Rule {
  if (!descriptionCharacters.test(definition.description)) {
    throw new Error(`rule ${definition.id}: RFC 6749 §5.2 forbids a character of its description`)
  }
  return definition
}
