import type { Client } from '../domain/client.ts'

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

/** Headers that let a page of one of the client's own origins read the answer. */
export function corsFor(
  client: Client | undefined,
  origin: string | undefined,
): Readonly<Record<string, string>> {
  if (origin === undefined || client === undefined || !originsOf(client).includes(origin)) return {}
  return {
    'access-control-allow-origin': origin,
    'access-control-expose-headers': 'retry-after',
    vary: 'origin',
  }
}

// Auth0: allowed origins are those listed, and those of the callbacks.
function originsOf(client: Client): readonly string[] {
  const ofCallbacks = client.redirectUris.flatMap((uri) => (URL.canParse(uri) ? [new URL(uri).origin] : []))
  return [...client.allowedOrigins, ...client.webOrigins, ...ofCallbacks].filter(
    (origin) => origin !== 'null',
  )
}
