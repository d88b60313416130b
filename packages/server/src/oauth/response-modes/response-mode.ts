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
  /** Whether tokens may go this way: not in a query, which reaches servers and their logs (Multiple Response Types §3.0). */
  readonly carriesTokens: boolean
  /** `state` and `iss` are among the parameters already; the redirection URI is proven. */
  deliver(to: ResponseTarget, parameters: ResponseParameters): Delivery
}

/** Whether a delivery goes to the proven redirection URI and nowhere else, whatever its mode is. */
export function leadsTo({ redirectUri }: ResponseTarget, delivery: Delivery): boolean {
  switch (delivery.kind) {
    case 'redirect':
      return (
        delivery.location.startsWith(redirectUri) &&
        /^[?&#]/.test(delivery.location.slice(redirectUri.length))
      )
    case 'form_post':
      return delivery.action === redirectUri
    case 'web_message':
      return delivery.targetOrigin === new URL(redirectUri).origin
    default:
      return delivery satisfies never
  }
}

/** Declares a response mode. */
export function defineResponseMode(mode: ResponseMode): Plug {
  return { plug: 'response_mode', mode }
}
