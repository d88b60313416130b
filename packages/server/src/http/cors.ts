import type { Client } from '../domain/client.ts'
import { matchesWildcard } from '../oauth/redirect-uri.ts'

/** What Auth0's SDKs send in a preflight. */
const allowedHeaders =
  'content-type, authorization, auth0-client, dpop, x-request-language, auth0-custom-domain'

/** Headers for an endpoint that any page may read: what it answers depends on no cookie. */
export const openCors: Readonly<Record<string, string>> = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': 'www-authenticate, retry-after',
}

/** Answers a preflight. It cannot know the client yet, so that the answer itself decides who may read it. */
export function preflight(methods: string, origin: string | undefined): Response {
  return new Response(null, {
    status: 204,
    headers: {
      ...(origin !== undefined && { 'access-control-allow-origin': origin, vary: 'origin' }),
      'access-control-allow-methods': methods,
      'access-control-allow-headers': allowedHeaders,
      'access-control-max-age': '600',
    },
  })
}

/**
 * Headers that let a page of one of the client's own origins read the answer (WHATWG Fetch, the CORS protocol). Never with
 * credentials: no cookie has a say at these endpoints.
 */
export function corsFor(
  client: Client | undefined,
  origin: string | undefined,
): Readonly<Record<string, string>> {
  if (origin === undefined || client === undefined || !isOriginOf(client, origin)) return {}
  return {
    'access-control-allow-origin': origin,
    'access-control-expose-headers': 'retry-after',
    vary: 'origin',
  }
}

function isOriginOf(client: Client, origin: string): boolean {
  // Sandboxed frames and local files share the origin `null`, which is nobody's own.
  if (origin === 'null') return false
  return originsOf(client).some(
    (registered) =>
      origin === registered || (client.allowSubdomainWildcards && matchesWildcard(origin, registered)),
  )
}

// Auth0: allowed origins are those listed, those that may log in silently, and those of the callbacks.
function originsOf(client: Client): readonly string[] {
  const ofCallbacks = client.redirectUris.flatMap((uri) => URL.parse(uri)?.origin ?? [])
  return [...client.allowedOrigins, ...client.webOrigins, ...ofCallbacks]
}
