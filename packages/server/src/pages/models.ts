// Owns what a person sees: typed models in, `Html` out. Knows no request, no store and no protocol decision.
import type { TenantSettings } from '../domain/tenant.ts'
import type { Locale } from './locales/locale.ts'

/** What every page shows around its content. */
export interface Frame {
  readonly tenant: Pick<
    TenantSettings,
    'friendlyName' | 'pictureUrl' | 'supportEmail' | 'supportUrl' | 'colors'
  >
  readonly locale: Locale
}

/** The application on whose behalf a page is shown. URLs are registered ones and already checked to be http(s). */
export interface ApplicationCard {
  readonly name: string
  readonly logoUri?: string
  readonly policyUri?: string
  readonly tosUri?: string
}

/** Somebody who is logged in. */
export interface Person {
  readonly name: string
  readonly email?: string
  readonly picture?: string
}

export interface LoginPage extends Frame {
  /** Absent where the owner logs in to see what is kept here. */
  readonly application?: ApplicationCard
  readonly action: string
  readonly csrfToken: string
  /** What was typed or hinted before. */
  readonly username?: string
  readonly problem?:
    | 'wrong_credentials'
    | 'too_many_attempts'
    | 'blocked'
    | 'missing_credentials'
    | 'expired_form'
    | 'too_busy'
}

export interface ConsentPage extends Frame {
  readonly application: ApplicationCard
  readonly isFirstParty: boolean
  readonly user: Person
  /** Name of the API, when one is asked for. */
  readonly apiName?: string
  readonly scopes: readonly ConsentScope[]
  /** Who gets the answer, so that the owner can see it: an origin or host, or the device that shows this code. */
  readonly answerTo:
    | { readonly kind: 'host'; readonly host: string }
    | { readonly kind: 'device'; readonly userCode: string }
  readonly action: string
  readonly csrfToken: string
}

export interface ConsentScope {
  readonly value: string
  /** From the API; the page has its own words for the scopes of OpenID Connect when this is absent. */
  readonly description?: string
  /** Cannot be left out (`openid`). */
  readonly required: boolean
  readonly checked: boolean
}

/** What an owner granted to whom. */
export interface ApplicationsPage extends Frame {
  readonly user: Person
  readonly applications: readonly ListedApplication[]
  /** Name of the application whose access was removed a moment ago. */
  readonly removed?: string
  readonly action: string
  readonly csrfToken: string
  /** Where the owner logs out. */
  readonly logout: string
}

export interface ListedApplication {
  readonly clientId: string
  readonly application: ApplicationCard
  /** Whether it can go on while the owner is away. */
  readonly staysConnected: boolean
  readonly access: readonly ListedAccess[]
  /** How long a token that is out may live at an API; absent where this server is asked about all of them. */
  readonly tokensLiveSeconds?: number
}

export interface ListedAccess {
  /** Absent for what it may know about the owner. */
  readonly apiName?: string
  readonly scopes: readonly { readonly value: string; readonly description?: string }[]
  /** Epoch seconds. */
  readonly grantedAt: number
}

/** A request that must not be redirected, or a page that is gone. */
export interface ErrorPage extends Frame {
  readonly kind:
    | 'authorization_request'
    | 'logout_request'
    | 'expired_transaction'
    | 'not_found'
    | 'too_many_requests'
    | 'server_error'
    | 'forbidden_form'
  /** OAuth error code. */
  readonly error?: string
  /** For the client's developer; holds no input of the request. */
  readonly description?: string
  /** The clause that the request breaks, such as `RFC 6749 §3.1.2.4`. */
  readonly clause?: string
  /** What a developer can do about it. */
  readonly help?: string
  readonly requestId: string
}

export interface SetupPage extends Frame {
  readonly action: string
  readonly csrfToken: string
  readonly email?: string
  readonly problem?: 'invalid_email' | 'weak_password' | 'passwords_differ'
}

/** Asks for the code that a device shows (RFC 8628 §3.3). */
export interface ActivatePage extends Frame {
  readonly action: string
  readonly csrfToken: string
  /** What was typed, or came with the link. */
  readonly userCode?: string
  /** Whether codes are digits alone, which small devices have a keyboard of their own for. */
  readonly isNumeric: boolean
  readonly problem?: 'unknown_code' | 'too_many_attempts' | 'expired_form'
}

/** A page with one message and nothing to do: set-up finished, account unblocked. */
export interface MessagePage extends Frame {
  readonly message:
    | 'setup_done'
    | 'account_unblocked'
    | 'link_invalid'
    | 'setup_link_invalid'
    | 'device_connected'
    | 'device_declined'
    | 'still_logged_in'
}

/** Asks whether to open a locked account again; `action` carries the ticket of the mail. */
export interface UnblockPage extends Frame {
  readonly action: string
  readonly csrfToken: string
}

/** What this server is; paths of its own. */
export interface HomePage extends Frame {
  readonly applications: string
  readonly discovery: string
}

/** Posts an authorization response to the application; `action` is a proven redirection URI. */
export interface FormPostPage extends Frame {
  readonly action: string
  readonly parameters: readonly (readonly [name: string, value: string])[]
}

/** Hands an authorization response to another window. */
export interface WebMessagePage {
  readonly response: Readonly<Record<string, string | number>>
  readonly targetOrigin: string
  readonly relay?: { readonly uri: string; readonly target: string }
}

/** Asks whether to log out; `request` is the encoded logout request that comes back with the answer. */
export interface LogoutPage extends Frame {
  readonly action: string
  readonly csrfToken: string
  readonly request: string
  readonly user: string
}

/** The end of a session. `frames` are registered pages of applications; `returnTo` is a registered URI. */
export interface LoggedOutPage extends Frame {
  readonly frames: readonly string[]
  readonly returnTo?: string
}
