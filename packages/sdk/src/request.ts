/** The fields of an `application/x-www-form-urlencoded` body, as a parser left them: a repeated field is an array. */
export type Form = URLSearchParams | Readonly<Record<string, unknown>>

/** An HTTP request as any framework can describe it. `url` may be absolute or only path and query. `form` is asked
 * only where a token may be sent in the body (RFC 6750 §2.2). Name plain `headers` in lower case. */
export type ResourceRequest = {
  readonly method: string
  readonly url: string
  readonly headers: Headers | Readonly<Record<string, string | readonly string[] | undefined>>
  readonly form?: () => Form | undefined | Promise<Form | undefined>
}

/** Every value of one header in one string, joined by commas; undefined when it was not sent. */
export function headerValue(request: ResourceRequest, name: string): string | undefined {
  if (request.headers instanceof Headers) return request.headers.get(name) ?? undefined
  const value = request.headers[name]
  return value === undefined || typeof value === 'string' ? value : value.join(', ')
}

/** Path and query of a request URL. Cuts strings, because a hostile request target must not throw. */
export function requestTarget(url: string): { readonly path: string; readonly query: string } {
  const [withoutFragment = ''] = url.replace(/^https?:\/\/[^/?#]*/i, '').split('#', 1)
  const question = withoutFragment.indexOf('?')
  if (question < 0) return { path: withoutFragment, query: '' }
  return { path: withoutFragment.slice(0, question), query: withoutFragment.slice(question + 1) }
}
