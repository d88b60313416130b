import { artifactKind } from './artifact.ts'
import type { ClientId, EpochSeconds, SessionId } from './ids.ts'
import type { Hashed, Sealed } from './secrets.ts'

export type Prompt = 'none' | 'login' | 'consent' | 'select_account'

/** What an owner is asked for, whoever waits for the answer: plain data, so that it can wait in the store. */
export interface OwnerRequest {
  readonly clientId: ClientId
  /** What may be granted at most: requested, defined and allowed for this client. */
  readonly scope: readonly string[]
  /** Identifier of the API; absent when the access token is for UserInfo alone. */
  readonly audience?: string
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

/** A checked authorization request (RFC 6749 §4.1.1, OpenID Connect Core §3.1.2.1): its answer goes to the redirection URI. */
export interface AuthorizationRequest extends OwnerRequest {
  readonly redirectUri: RequestedRedirectUri
  readonly responseType: string
  readonly responseMode: string
  readonly state?: string
  /** Where a web message goes on to (Auth0's `web_message_uri` and `web_message_target`). */
  readonly relay?: { readonly uri: string; readonly target: string }
  readonly nonce?: string
  readonly pkce?: PkceChallenge
  /** Hash of the `request_uri` that it was pushed under, which ends with the response (RFC 9126 §4). */
  readonly pushed?: Hashed
}

/** A device that asks (RFC 8628 §3.3): it collects the answer itself, and no browser carries it. */
export interface DeviceRequest extends OwnerRequest {
  readonly device: { readonly code: Hashed; readonly userCode: Sealed }
}

export type WaitingRequest = AuthorizationRequest | DeviceRequest

export function isForDevice(request: WaitingRequest): request is DeviceRequest {
  return 'device' in request
}

export interface RequestedClaims {
  readonly userInfo: readonly string[]
  readonly idToken: readonly string[]
  /** Only one of these users will do. */
  readonly subjects?: readonly string[]
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

/** A request that waits for its owner, through the pages for login and consent. */
export interface Transaction {
  readonly request: WaitingRequest
  /** Hash of the browser cookie: no other browser can go on with it. */
  readonly browser: Hashed
  /** The session that the owner logged in to for this very request; answers `prompt=login` and `max_age=0`. */
  readonly authenticated?: SessionId
}

export const transactionKind = artifactKind<Transaction>('transaction')

/** How long an owner may take; Auth0's limit. */
export const transactionLifetimeSeconds: EpochSeconds = 3600
