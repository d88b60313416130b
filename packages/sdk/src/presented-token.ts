import { refuse } from './refusal.ts'
import type { Form, ResourceRequest } from './request.ts'
import { headerValue, requestTarget } from './request.ts'

/** A way of sending a token, in the words of `bearer_methods_supported` (RFC 9728 §2). */
export type BearerMethod = 'header' | 'body' | 'query'

/** A token as it was sent, and how. */
export type PresentedToken = { readonly value: string; readonly method: BearerMethod }

const B64TOKEN = /^[-A-Za-z0-9._~+/]+=*$/
const TOKEN_LENGTH_LIMIT = 16_384
// RFC 6750 §2.2: a method whose body has defined semantics, so never GET.
const METHODS_WITH_BODY = ['POST', 'PUT', 'PATCH', 'QUERY']

/** The one token that the request carries; undefined when it carries none. Ways that the API did not opt in to are
 * not looked at. Throws invalid_request on two tokens or a malformed one (RFC 6750 §2, §3.1). */
export async function presentedToken(
  request: ResourceRequest,
  methods: readonly BearerMethod[],
): Promise<PresentedToken | undefined> {
  const presented = [
    ...(methods.includes('header') ? inHeader(request) : []),
    ...(methods.includes('body') ? await inBody(request) : []),
    ...(methods.includes('query') ? inQuery(request) : []),
  ]
  const [first, second] = presented
  // RFC 6750 §3.1: a repeated parameter, or more than one way of sending a token, is invalid_request.
  if (second) throw refuse.invalidRequest('The request carries more than one access token')
  if (!first) return undefined
  if (first.value.length > TOKEN_LENGTH_LIMIT) throw refuse.invalidToken('The access token is too long')
  if (!B64TOKEN.test(first.value)) throw refuse.invalidRequest('The access token is malformed')
  return first
}

/** RFC 6750 §2.1. Another scheme is no bearer credential; the scheme's case does not matter (RFC 9110 §11.1). */
function inHeader(request: ResourceRequest): readonly PresentedToken[] {
  const credentials = headerValue(request, 'authorization') ?? ''
  if (!/^bearer(?: |$)/i.test(credentials)) return []
  return [{ value: credentials.slice('bearer'.length).trim(), method: 'header' }]
}

/** RFC 6750 §2.2. */
async function inBody(request: ResourceRequest): Promise<readonly PresentedToken[]> {
  if (!METHODS_WITH_BODY.includes(request.method)) return []
  const [mediaType = ''] = (headerValue(request, 'content-type') ?? '').split(';', 1)
  if (mediaType.trim().toLowerCase() !== 'application/x-www-form-urlencoded') return []
  const form = await request.form?.()
  return form ? formValues(form).map((value) => ({ value, method: 'body' })) : []
}

function formValues(form: Form): readonly string[] {
  if (form instanceof URLSearchParams) return form.getAll('access_token')
  const field = form.access_token
  if (field === undefined) return []
  // Anything but text becomes the empty, and so malformed, token.
  return [field].flat().map((value) => (typeof value === 'string' ? value : ''))
}

/** RFC 6750 §2.3. */
function inQuery(request: ResourceRequest): readonly PresentedToken[] {
  const values = new URLSearchParams(requestTarget(request.url).query).getAll('access_token')
  return values.map((value) => ({ value, method: 'query' }))
}
