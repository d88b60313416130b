import type { Refusal } from '../oauth/refusal.ts'
import type { ErrorCode } from '../oauth/rule.ts'

/** A JSON answer that no cache may keep (RFC 6749 §5.1). */
export function oauthJson(
  status: number,
  body: object,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: {
      'content-type': 'application/json',
      'cache-control': 'no-store',
      pragma: 'no-cache',
      'x-content-type-options': 'nosniff',
      ...headers,
    },
  })
}

/** An error answer of a direct endpoint (RFC 6749 §5.2). */
export function oauthError(
  refusal: Refusal,
  status: number,
  headers: Readonly<Record<string, string>> = {},
): Response {
  const { error, description, retryAfterSeconds } = refusal
  return oauthJson(
    status,
    { error, error_description: description },
    { ...(retryAfterSeconds !== undefined && { 'retry-after': String(retryAfterSeconds) }), ...headers },
  )
}

/** RFC 6749 §5.2: 400, but 401 where the client failed to authenticate; `access_denied`, `too_many_attempts` and `too_many_requests` are Auth0's, with its own statuses. */
export function statusOf(error: ErrorCode): number {
  if (error === 'invalid_client') return 401
  if (error === 'too_many_attempts' || error === 'too_many_requests') return 429
  return error === 'access_denied' ? 403 : 400
}
