import type { Client } from '../../domain/client.ts'
import { refuse } from '../refusal.ts'
import { rule } from '../rule.ts'
import type { Unwrapped } from './unwrap.ts'

const mustBePushed = rule({
  id: 'authorize.par_required',
  clause: 'RFC 9126 §5',
  error: 'invalid_request',
  description: 'This client must push its authorization requests',
})
const mustBeSigned = rule({
  id: 'authorize.request_object_required',
  clause: 'RFC 9101 §10.5',
  error: 'invalid_request',
  description: 'This client must send its authorization requests as signed request objects',
})
export const requestFormRules = [mustBePushed, mustBeSigned] as const

/** Whether the request came in the form that the client registered for all of its requests. */
export function checkRequestForm(request: Unwrapped, client: Client): void {
  if (client.requirePushedAuthorizationRequests === true && request.pushed === undefined)
    throw refuse(mustBePushed)
  if (client.requestObject?.required === true && !request.isSigned) throw refuse(mustBeSigned)
}
