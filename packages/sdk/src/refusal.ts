import type { Challenge } from './challenge.ts'
import { wwwAuthenticate } from './challenge.ts'

/** The error codes of RFC 6750 §3.1. */
export type BearerError = 'invalid_request' | 'invalid_token' | 'insufficient_scope'

/** A request that may not pass, as the response to send. `detail` says why in full and is for your log only. */
export type Refused = {
  readonly kind: 'refused'
  readonly status: 400 | 401 | 403 | 503
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly error?: BearerError | 'temporarily_unavailable'
  readonly detail: string
}

type Answer = Pick<Refused, 'status' | 'error'> & { readonly description?: string }

/** A refusal on its way to `refused`. Its message is the detail for the log; the answer holds what is sent. */
export class Refusal extends Error {
  readonly answer: Answer

  constructor(answer: Answer, detail: string, options?: ErrorOptions) {
    super(detail, options)
    this.answer = answer
  }
}

/** Seconds a client should wait, and we do wait, before the authorization server is asked again after it failed. */
export const retryAfterSeconds = 5

/** Makes the refusals of RFC 6750 §3.1. Descriptions are constants of ours: they never repeat what was sent. */
export const refuse = {
  /** RFC 6750 §3.1: without credentials the challenge carries no error code. */
  missingToken: () => new Refusal({ status: 401 }, 'no bearer token was sent'),
  invalidRequest: (description: string) =>
    new Refusal({ status: 400, error: 'invalid_request', description }, description),
  invalidToken: (description: string, detail = description, options?: ErrorOptions) =>
    new Refusal({ status: 401, error: 'invalid_token', description }, detail, options),
  insufficientScope: (detail: string) =>
    new Refusal(
      {
        status: 403,
        error: 'insufficient_scope',
        description: 'The request needs privileges that the access token does not have',
      },
      detail,
    ),
  /** The token could not be judged. Never 401: that would make every client throw away a good token. */
  unavailable: (detail: string, options?: ErrorOptions) =>
    new Refusal(
      {
        status: 503,
        error: 'temporarily_unavailable',
        description: 'The access token cannot be verified at the moment',
      },
      detail,
      options,
    ),
}

/** The response for a refusal: challenge and JSON body (RFC 6750 §3). */
export function refused(refusal: Refusal, challenge: Challenge): Refused {
  const { status, error, description } = refusal.answer
  const headers = {
    'cache-control': 'no-store',
    ...(status === 503
      ? { 'retry-after': String(retryAfterSeconds) }
      : { 'www-authenticate': wwwAuthenticate(challenge, { error, description }) }),
  }
  const answer = { kind: 'refused', status, detail: refusal.message } as const
  if (error === undefined) return { ...answer, headers, body: '' }
  const body = JSON.stringify({ error, error_description: description })
  return { ...answer, error, headers: { ...headers, 'content-type': 'application/json' }, body }
}
