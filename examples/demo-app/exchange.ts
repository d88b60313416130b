// Records what goes over the wire, so that the pages can show it. What must stay secret is shortened here, before it is
// kept: no page ever sees it in full.

export interface HttpMessage {
  /** Request line or status line. */
  readonly start: string
  readonly headers: readonly (readonly [string, string])[]
  readonly body?: string
}

export interface Exchange {
  readonly request: HttpMessage
  readonly response: HttpMessage
  readonly status: number
  /** The response's `WWW-Authenticate` header (RFC 6750 §3). */
  readonly challenge?: string
}

/** One request of this application. `form` and `json` exclude each other. */
export interface OutgoingRequest {
  readonly method: 'GET' | 'POST' | 'DELETE'
  readonly url: string
  readonly authorization?: string
  readonly form?: Readonly<Record<string, string>>
  readonly json?: unknown
}

export interface Answer {
  readonly exchange: Exchange
  /** The JSON object in the body; empty when the body is none. */
  readonly body: Readonly<Record<string, unknown>>
}

const secretNames = new Set([
  'code',
  'code_verifier',
  'access_token',
  'refresh_token',
  'id_token',
  'client_secret',
])

const shownHeaders = ['content-type', 'cache-control', 'location', 'www-authenticate', 'retry-after']

/** Sends a request and records both directions. Throws when there is no answer within ten seconds. */
export async function exchange(request: OutgoingRequest, fetcher: typeof fetch): Promise<Answer> {
  const headers: Record<string, string> = { accept: 'application/json' }
  if (request.authorization) headers.authorization = request.authorization
  if (request.form) headers['content-type'] = 'application/x-www-form-urlencoded'
  if (request.json) headers['content-type'] = 'application/json'
  const body = request.form ? new URLSearchParams(request.form).toString() : JSON.stringify(request.json)
  const response = await fetcher(request.url, {
    method: request.method,
    headers,
    ...(body !== undefined && { body }),
    // RFC 6749 §10.9: credentials go to the endpoint that was meant, not where it points to.
    redirect: 'error',
    signal: AbortSignal.timeout(10_000),
  })
  const text = await response.text()
  const json = parseObject(text)
  const challenge = response.headers.get('www-authenticate')
  return {
    body: json ?? {},
    exchange: {
      request: describeRequest(request, headers),
      response: describeResponse(response, json, text),
      status: response.status,
      ...(challenge !== null && { challenge }),
    },
  }
}

/** A URL as a request line, with one parameter on each line and secrets shortened. */
export function requestLine(method: string, url: URL): string {
  const query = [...url.searchParams].map(([name, value]) => `${name}=${shownValue(name, value)}`)
  return `${method} ${url.pathname}${query.length > 0 ? `?${query.join('\n&')}` : ''} HTTP/1.1`
}

/** Enough to recognise a secret, too little to use it. */
export function shorten(secret: string): string {
  return secret.length > 24 ? `${secret.slice(0, 8)}…${secret.slice(-4)}` : '…'
}

function describeRequest(request: OutgoingRequest, headers: Readonly<Record<string, string>>): HttpMessage {
  const url = new URL(request.url)
  const shown = Object.entries(headers).map(([name, value]) => {
    const [scheme = '', credentials = ''] = value.split(' ')
    return [name, name === 'authorization' ? `${scheme} ${shorten(credentials)}` : value] as const
  })
  const form =
    request.form && Object.entries(request.form).map(([name, value]) => `${name}=${shownValue(name, value)}`)
  const body = form?.join('\n&') ?? JSON.stringify(request.json, null, 2)
  return {
    start: requestLine(request.method, url),
    headers: [['host', url.host], ...shown],
    ...(body !== undefined && { body }),
  }
}

function describeResponse(response: Response, json: JsonObject | undefined, text: string): HttpMessage {
  const headers = shownHeaders.flatMap((name) => {
    const value = response.headers.get(name)
    return value === null ? [] : [[name, value] as const]
  })
  const body = json ? JSON.stringify(json, shortenMember, 2) : text
  return {
    start: `HTTP/1.1 ${response.status} ${response.statusText}`.trimEnd(),
    headers,
    ...(body !== '' && { body }),
  }
}

type JsonObject = Readonly<Record<string, unknown>>

function parseObject(text: string): JsonObject | undefined {
  try {
    const json: unknown = JSON.parse(text)
    return typeof json === 'object' && json !== null ? (json as JsonObject) : undefined
  } catch {
    return undefined
  }
}

function shortenMember(name: string, value: unknown): unknown {
  return secretNames.has(name) && typeof value === 'string' ? shorten(value) : value
}

function shownValue(name: string, value: string): string {
  return secretNames.has(name) ? shorten(value) : encodeURIComponent(value).replaceAll('%20', '+')
}
