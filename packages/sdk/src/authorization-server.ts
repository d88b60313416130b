import { fetchJson } from './fetch-json.ts'
import { refuse } from './refusal.ts'
import type { Remembered } from './remember.ts'
import { remember } from './remember.ts'
import type { Settings } from './settings.ts'

/** The members of the issuer's metadata that a resource server needs (RFC 8414 §2). */
export type ServerMetadata = {
  readonly jwksUri: string | undefined
  readonly introspectionEndpoint: string | undefined
}

/** The metadata of the configured issuer, asked for when first needed. */
export function serverMetadata(settings: Settings): Remembered<ServerMetadata> {
  return remember(() => discover(settings), settings.now)
}

/** OpenID Connect Discovery's URL first, as Auth0's SDKs do, then that of RFC 8414 §3. Throws unavailable. */
async function discover(settings: Settings): Promise<ServerMetadata> {
  for (const url of metadataUrls(settings.issuer)) {
    const fetched = await fetchJson(settings, url)
    if (fetched.kind === 'denied') continue
    const { issuer, jwks_uri, introspection_endpoint } = fetched.document
    // RFC 8414 §3.3: a document that names another issuer must not be used.
    if (issuer !== settings.issuer) throw refuse.unavailable(`${url} is the metadata of another issuer`)
    return { jwksUri: text(jwks_uri), introspectionEndpoint: text(introspection_endpoint) }
  }
  throw refuse.unavailable(`${settings.issuer} publishes no metadata`)
}

function metadataUrls(issuer: string): readonly string[] {
  const { origin, pathname } = new URL(issuer)
  const path = pathname.replace(/\/$/, '')
  return [
    `${origin}${path}/.well-known/openid-configuration`,
    // RFC 8414 §3.1: the well-known path goes between host and path.
    `${origin}/.well-known/oauth-authorization-server${path}`,
  ]
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}
