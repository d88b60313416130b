import type { Client } from '../../domain/client.ts'
import type { Call } from '../call.ts'
import type { ParameterSpecs, Params } from '../params.ts'
import type { Plug } from '../registry.ts'
import type { Rule } from '../rule.ts'
import type { Issuance } from '../token/issuance.ts'

/** A grant as the registry holds it: what it decides is what to issue, never a token. */
export interface Grant {
  /** Value of `grant_type` (RFC 6749 §4). */
  readonly grantType: string
  readonly params: ParameterSpecs
  /** `confidential`: a public client is refused (RFC 6749 §4.4). */
  readonly clientAuth: 'any' | 'confidential'
  readonly rules: readonly Rule[]
  decide(params: Params<ParameterSpecs>, client: Client, call: Call): Promise<Issuance>
}

/** A grant as its author writes it: `decide` sees exactly the parameters that it declares. */
export interface GrantDefinition<Specs extends ParameterSpecs> extends Omit<Grant, 'params' | 'decide'> {
  readonly params: Specs
  decide(params: Params<Specs>, client: Client, call: Call): Promise<Issuance>
}

/** Declares a grant. */
export function defineGrant<Specs extends ParameterSpecs>(grant: GrantDefinition<Specs>): Plug {
  return { plug: 'grant', grant: grant as GrantDefinition<ParameterSpecs> as Grant }
}
