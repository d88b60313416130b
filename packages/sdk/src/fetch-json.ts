import { refuse } from './refusal.ts'
import type { Settings } from './settings.ts'

/** What the authorization server answered: a JSON object, or a status 4xx. */
export type Fetched =
  | { readonly kind: 'document'; readonly document: Readonly<Record<string, unknown>> }
  | { readonly kind: 'denied'; readonly status: number }

const TIMEOUT_MILLISECONDS = 5000

/** Asks the authorization server. Follows no redirect and gives up after five seconds. Throws unavailable when no
 * usable answer came. */
export async function fetchJson(settings: Settings, url: string, init: RequestInit = {}): Promise<Fetched> {
  // What was discovered has to be as safe as what was configured.
  if (!settings.isSecure(url)) throw refuse.unavailable(`${url} is not an https URL`)
  const { fetch } = settings
  try {
    const response = await fetch(url, {
      ...init,
      headers: { accept: 'application/json', ...init.headers },
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS),
    })
    if (response.status >= 400 && response.status < 500) return { kind: 'denied', status: response.status }
    if (!response.ok) throw new Error(`status ${response.status}`)
    const document: unknown = await response.json()
    if (!isObject(document)) throw new Error('not a JSON object')
    return { kind: 'document', document }
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw refuse.unavailable(`no answer from ${url}: ${why}`, { cause })
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
