// The pipeline that every endpoint shares which clients call directly: read parameters, check them, authenticate, handle.
import type { Client } from '../../domain/client.ts'
import type { Call } from '../call.ts'
import { audiencesAt } from '../client-auth/audience.ts'
import { authenticateClient } from '../client-auth/authenticate.ts'
import type { ClientAuthRequest } from '../client-auth/client-auth-method.ts'
import { type ParameterSpecs, type Params, type RawParameters, readParams } from '../params.ts'
import { Refusal } from '../refusal.ts'
import type { Plug } from '../registry.ts'
import type { Rule } from '../rule.ts'

export interface EndpointRequest<Specs extends ParameterSpecs> {
  readonly params: Params<Specs>
  /** All parameters, for an endpoint that hands them on to another reader. */
  readonly parameters: RawParameters
  /** Authenticated by one of the registered methods; a public client has only named itself. */
  readonly client: Client
  /** The `Accept` header: which media types the client takes (RFC 9110 §12.5.1). */
  readonly accept: string | undefined
}

/** A request as it arrived. */
export interface EndpointInput extends Omit<ClientAuthRequest, 'audiences'> {
  readonly accept: string | undefined
}

/** A successful answer: JSON, signed text, or nothing but a status. */
export type EndpointAnswer =
  | { readonly kind: 'json'; readonly status?: 200 | 201; readonly body: object }
  | { readonly kind: 'jwt'; readonly mediaType: string; readonly body: string }
  | { readonly kind: 'empty' }

/** What an endpoint refuses whoever asks, before the client authenticates. */
export interface Precheck<Specs extends ParameterSpecs> {
  readonly rules: readonly Rule[]
  check(params: Params<Specs>, call: Call): void
}

/** An endpoint as the registry holds it. */
export interface Endpoint {
  /** Below the issuer, without a leading slash. */
  readonly path: string
  readonly params: ParameterSpecs
  readonly rules: readonly Rule[]
  /** What discovery says about it; `url` is the endpoint's own. */
  metadata(url: string): Readonly<Record<string, unknown>>
  readonly precheck?: Precheck<ParameterSpecs>
  handle(request: EndpointRequest<ParameterSpecs>, call: Call): Promise<EndpointAnswer>
}

/** An endpoint as its author writes it: `handle` sees exactly the parameters that it declares. */
export interface EndpointDefinition<Specs extends ParameterSpecs>
  extends Omit<Endpoint, 'params' | 'precheck' | 'handle'> {
  readonly params: Specs
  readonly precheck?: Precheck<Specs>
  handle(request: EndpointRequest<Specs>, call: Call): Promise<EndpointAnswer>
}

/** Declares an endpoint that clients call with POST. */
export function defineEndpoint<Specs extends ParameterSpecs>(endpoint: EndpointDefinition<Specs>): Plug {
  return { plug: 'endpoint', endpoint: endpoint as EndpointDefinition<ParameterSpecs> as Endpoint }
}

export type EndpointOutcome = EndpointAnswer | { readonly kind: 'refused'; readonly refusal: Refusal }

/** Answers a request to an endpoint. Only a bug or an outage throws. */
export async function callEndpoint(
  endpoint: Endpoint,
  request: EndpointInput,
  call: Call,
): Promise<EndpointOutcome> {
  try {
    const params = readParams(request.parameters, endpoint.params)
    endpoint.precheck?.check(params, call)
    const audiences = audiencesAt(endpoint.path, call)
    const client = await authenticateClient({ ...request, audiences }, call)
    const { parameters, accept } = request
    return await endpoint.handle({ params, parameters, client, accept }, call)
  } catch (error) {
    if (error instanceof Refusal) return { kind: 'refused', refusal: error }
    throw error
  }
}
