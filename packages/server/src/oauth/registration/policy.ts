import type { Call } from '../call.ts'
import type { Plug } from '../registry.ts'
import type { Rule } from '../rule.ts'
import type { CompleteMetadata } from './complete.ts'
import type { ClientMetadata } from './metadata.ts'

/** What a policy knows of a registration beside its metadata. */
export interface RegistrationContext {
  /** Whether an initial access token came with it (RFC 7591 §3). */
  readonly hasInitialAccessToken: boolean
  /** The claims of its software statement, once they are proven (RFC 7591 §2.3). */
  readonly softwareStatement?: Readonly<Record<string, unknown>>
}

/** Decides what clients may register, by RFC 7591 §2: the server may reject or replace any value. */
export interface RegistrationPolicy {
  readonly name: string
  readonly rules: readonly Rule[]
  /** Answers the members that it changes; `undefined` removes one. Throws a refusal. */
  review(
    metadata: CompleteMetadata,
    context: RegistrationContext,
    call: Call,
  ): Promise<{ readonly [Name in keyof ClientMetadata]?: ClientMetadata[Name] | undefined }>
}

/** Declares a registration policy. Those of extensions come first, so that nothing they say goes unchecked. */
export function defineRegistrationPolicy(policy: RegistrationPolicy): Plug {
  return { plug: 'registration_policy', policy }
}
