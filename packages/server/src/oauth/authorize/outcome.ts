import type { Client } from '../../domain/client.ts'
import type { Login } from '../../domain/session.ts'
import type { WaitingRequest } from '../../domain/transaction.ts'
import type { Call } from '../call.ts'
import type { Settled } from '../device/settle.ts'
import type { Refusal } from '../refusal.ts'
import { type Delivery, leadsTo, type ResponseParameters } from '../response-modes/response-mode.ts'
import type { Destination } from './destination.ts'

/** What the authorization endpoint answers. */
export type AuthorizeOutcome =
  /** No destination is proven: the endpoint shows the refusal itself (RFC 6749 §4.1.2.1). */
  | { readonly kind: 'shown'; readonly refusal: Refusal }
  | { readonly kind: 'delivered'; readonly delivery: Delivery; readonly refusal?: Refusal }
  | { readonly kind: 'login'; readonly transactionId: string }
  | { readonly kind: 'consent'; readonly transactionId: string }
  /** The device collects its answer at the token endpoint (RFC 8628 §3.4). */
  | { readonly kind: 'device'; readonly result: Settled }

/** What a person who logs in or consents has to know. */
export interface Pending {
  readonly request: WaitingRequest
  readonly client: Client
  readonly login: Login | undefined
  /** Whether somebody is logged in who is not the one whom the client named. */
  readonly expectsOther: boolean
}

type To = Pick<Destination, 'redirectUri' | 'responseMode' | 'state' | 'relay'>

/** Sends response parameters to a proven destination, with the issuer that sent them (RFC 9207 §2) and the client's state. */
export function deliver(to: To, parameters: ResponseParameters, call: Call): Delivery {
  const mode = call.registry.responseModes.get(to.responseMode)
  if (mode === undefined) throw new Error('the response mode of a checked request is registered')
  const target = { redirectUri: to.redirectUri.value, ...(to.relay !== undefined && { relay: to.relay }) }
  const delivery = mode.deliver(target, [
    ...parameters,
    ...(to.state === undefined ? [] : [['state', to.state] as const]),
    ['iss', call.issuer],
  ])
  // RFC 9700 §4.11: the server sends the browser nowhere that was not proven, and an extension is no exception.
  if (!leadsTo(target, delivery)) throw new Error(`the response mode ${mode.name} leads elsewhere`)
  return delivery
}

/** Sends a refusal to a proven destination (RFC 6749 §4.1.2.1). */
export function deliverRefusal(to: To, refusal: Refusal, call: Call): AuthorizeOutcome {
  const parameters = [
    ['error', refusal.error],
    ['error_description', refusal.description],
  ] as const
  return { kind: 'delivered', delivery: deliver(to, parameters, call), refusal }
}
