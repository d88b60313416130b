import type { Plug } from '../registry.ts'

/** The parameters of an authorization response, in the order in which they are sent. */
export type ResponseParameters = readonly (readonly [name: string, value: string])[]

/** Where and how an authorization response goes: a proven redirection URI and the way to it. */
export type Delivery = { readonly kind: 'redirect'; readonly location: string }

/** A way to carry the authorization response (OAuth 2.0 Multiple Response Types §2.1). */
export interface ResponseMode {
  readonly name: string
  /** `state` and `iss` are among the parameters already; the redirection URI is proven. */
  deliver(redirectUri: string, parameters: ResponseParameters): Delivery
}

/** Declares a response mode. */
export function defineResponseMode(mode: ResponseMode): Plug {
  return { plug: 'response_mode', mode }
}
