import type { Client } from '../../domain/client.ts'
import type { Call } from '../call.ts'
import { many, optional, type Params } from '../params.ts'
import type { Rule } from '../rule.ts'

/** The parameters of an authorization request that this server reads; all others are ignored (RFC 6749 §3.1). */
export const authorizeParams = {
  client_id: optional(),
  redirect_uri: optional(),
  response_type: optional(),
  response_mode: optional(),
  scope: optional(),
  // OpenID Connect's conformance suite sends states of 512 characters and more.
  state: optional(8192),
  nonce: optional(2048),
  code_challenge: optional(),
  code_challenge_method: optional(),
  prompt: optional(),
  max_age: optional(),
  login_hint: optional(),
  id_token_hint: optional(32_768),
  claims: optional(32_768),
  acr_values: optional(),
  ui_locales: optional(),
  connection: optional(),
  organization: optional(),
  audience: optional(),
  resource: many(),
  registration: optional(32_768),
} as const
export type AuthorizeParams = Params<typeof authorizeParams>

/** One stop of the ordered checks: what it may refuse, and the member of the request that it yields. */
export interface Check<Value> {
  readonly rules: readonly Rule[]
  check(params: AuthorizeParams, client: Client, call: Call): Value | Promise<Value>
}

/** Declares a check. */
export function defineCheck<Value>(check: Check<Value>): Check<Value> {
  return check
}
