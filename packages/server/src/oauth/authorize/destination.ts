import type { Client } from '../../domain/client.ts'
import type { RequestedRedirectUri } from '../../domain/transaction.ts'
import type { MessageRelay } from '../response-modes/response-mode.ts'

/** A proven place for the answer. Before there is one, an error is a page; from here on it is a redirect (RFC 6749 §4.1.2.1). */
export interface Destination {
  readonly client: Client
  readonly redirectUri: RequestedRedirectUri
  /** Name of a registered response mode; the default one of the response type when the request asks for an unknown one. */
  readonly responseMode: string
  readonly state?: string
  readonly relay?: MessageRelay
}
