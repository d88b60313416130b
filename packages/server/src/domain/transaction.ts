import { artifactKind } from './artifact.ts'
import type { ClientId, EpochSeconds, SessionId } from './ids.ts'
import type { Hashed } from './secrets.ts'

export type Prompt = 'none' | 'login' | 'consent' | 'select_account'

/** A checked authorization request (RFC 6749 §4.1.1, OpenID Connect Core §3.1.2.1): plain data, so that it can wait in the store. */
export interface AuthorizationRequest {
  readonly clientId: ClientId
  readonly redirectUri: RequestedRedirectUri
  readonly responseType: string
  readonly responseMode: string
  readonly state?: string
  /** Where a web message goes on to (Auth0's `web_message_uri` and `web_message_target`). */
  readonly relay?: { readonly uri: string; readonly target: string }
  /** What may be granted at most: requested, defined and allowed for this client. */
  readonly scope: readonly string[]
  /** Identifier of the API; absent when the access token is for UserInfo alone. */
  readonly audience?: string
  readonly nonce?: string
  readonly pkce?: PkceChallenge
  readonly prompt: readonly Prompt[]
  readonly maxAgeSeconds?: number
  readonly loginHint?: string
  readonly uiLocales?: string
  /** Claims asked for one by one (OpenID Connect Core §5.5). */
  readonly claims?: RequestedClaims
  /** Authentication contexts that are wanted, the best first. */
  readonly acrValues: readonly string[]
  /** `sub` of the user that the client expects (`id_token_hint`). */
  readonly expectedSubject?: string
}

export interface RequestedClaims {
  readonly userInfo: readonly string[]
  readonly idToken: readonly string[]
  /** Only this user will do. */
  readonly subject?: string
  readonly acr?: { readonly values: readonly string[]; readonly essential: boolean }
}

export interface RequestedRedirectUri {
  readonly value: string
  /** Whether the request carried it: then the token request must repeat it (RFC 6749 §4.1.3). */
  readonly sent: boolean
}

export interface PkceChallenge {
  readonly challenge: string
  readonly method: 'S256' | 'plain'
}

/** An authorization request that waits for its owner: between `/authorize` and the response. */
export interface Transaction {
  readonly request: AuthorizationRequest
  /** Hash of the browser cookie: no other browser can go on with it. */
  readonly browser: Hashed
  /** The session that the owner logged in to for this very request; answers `prompt=login` and `max_age=0`. */
  readonly authenticated?: SessionId
}

export const transactionKind = artifactKind<Transaction>('transaction')

/** How long an owner may take; Auth0's limit. */
export const transactionLifetimeSeconds: EpochSeconds = 3600
