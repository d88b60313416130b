import type { Client, Keeps } from '../../domain/client.ts'
import type { Call } from '../call.ts'
import type { RawParameters } from '../params.ts'
import type { Plug } from '../registry.ts'
import type { Rule } from '../rule.ts'
import type { ClientCertificate } from './client-certificate.ts'

/** The parts of a request in which a client can prove who it is. */
export interface ClientAuthRequest {
  /** Value of the `Authorization` header. */
  readonly authorization: string | undefined
  readonly parameters: RawParameters
  /** Who a proof may be made out to that says whom it is for: the issuer, the token endpoint, the endpoint that is called. */
  readonly audiences: readonly string[]
  /** Of the connection, where it is a mutual-TLS one. */
  readonly certificate?: ClientCertificate | undefined
}

export interface ClientCredentials {
  readonly clientId: string
  /** What is checked against the client: a secret or an assertion; absent where being named is all. */
  readonly proof?: string
  /** Of the request, where the proof says whom it is for. */
  readonly audiences?: readonly string[]
  readonly certificate?: ClientCertificate
}

/** One way for a client to authenticate (RFC 6749 §2.3, RFC 7591 §2 `token_endpoint_auth_method`). */
export interface ClientAuthMethod {
  readonly method: string
  /** The registered methods that it can serve; Auth0 takes a secret in the header or in the body alike. */
  readonly serves: readonly string[]
  /** What its clients keep: who keeps a secret is given one, and who keeps nothing is a public client (RFC 6749 §2.1). */
  readonly keeps: Keeps
  /** Rules of `detect`, which answer before anything is known of the client. */
  readonly detectionRules?: readonly Rule[]
  /** Its other rules, in the order in which they are checked. */
  readonly rules: readonly Rule[]
  /** Whether it needs a certificate of the connection: it is not there where none can arrive. */
  readonly needsCertificate?: boolean
  /** JWS algorithms of its assertions, for discovery (RFC 8414 §2). */
  readonly signingAlgorithms?: readonly string[]
  /** `undefined` when the request does not use this method. Throws a refusal when it does so wrongly. */
  detect(request: ClientAuthRequest): ClientCredentials | undefined
  /** Whether the proof is the client's. Who compares secrets answers at once, so that parallel guesses are counted one by one. */
  verify(credentials: ClientCredentials, client: Client, call: Call): boolean | Promise<boolean>
}

/** Declares a client-authentication method. */
export function defineClientAuth(method: ClientAuthMethod): Plug {
  return { plug: 'client_auth_method', method }
}
