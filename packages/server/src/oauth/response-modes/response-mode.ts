import type { Plug } from '../registry.ts'

/** The parameters of an authorization response, in the order in which they are sent. */
export type ResponseParameters = readonly (readonly [name: string, value: string])[]

/** Where and how an authorization response goes. */
export type Delivery =
  | { readonly kind: 'redirect'; readonly location: string }
  /** A page whose form posts the parameters to the redirection URI. */
  | { readonly kind: 'form_post'; readonly action: string; readonly parameters: ResponseParameters }
  /** A page that hands the parameters to the window that opened or frames it. */
  | {
      readonly kind: 'web_message'
      readonly targetOrigin: string
      readonly parameters: ResponseParameters
      readonly relay?: MessageRelay
    }

/** Another frame of the receiving window that a message is for (Auth0's `web_message_uri` and `web_message_target`). */
export interface MessageRelay {
  readonly uri: string
  readonly target: string
}

/** A proven place for an authorization response. */
export interface ResponseTarget {
  readonly redirectUri: string
  readonly relay?: MessageRelay
}

/** A way to carry the authorization response (OAuth 2.0 Multiple Response Types §2.1). */
export interface ResponseMode {
  readonly name: string
  /** Whether discovery announces it. */
  readonly announced: boolean
  /** `state` and `iss` are among the parameters already; the redirection URI is proven. */
  deliver(to: ResponseTarget, parameters: ResponseParameters): Delivery
}

/** Declares a response mode. */
export function defineResponseMode(mode: ResponseMode): Plug {
  return { plug: 'response_mode', mode }
}
