import type { BearerMethod } from './presented-token.ts'
import type { ResourceRequest } from './request.ts'
import { requestTarget } from './request.ts'

/** The protected-resource metadata document (RFC 9728 §2). */
export type ResourceMetadata = {
  readonly resource: string
  readonly authorization_servers: readonly string[]
  readonly bearer_methods_supported: readonly BearerMethod[]
  readonly scopes_supported?: readonly string[]
  readonly resource_name?: string
  readonly resource_documentation?: string
  readonly resource_policy_uri?: string
  readonly resource_tos_uri?: string
}

/** The document and the URL where clients look for it. */
export type PublishedMetadata = { readonly url: string; readonly document: ResourceMetadata }

type Described = {
  readonly issuer: string
  readonly resource?: string
  readonly bearerMethods: readonly BearerMethod[]
  readonly metadata?: Partial<ResourceMetadata>
}

const WELL_KNOWN = '/.well-known/oauth-protected-resource'

/** The metadata of the API (RFC 9728 §2); undefined when it has no `resource` URL. What the settings say cannot be
 * contradicted by the extra members. */
export function resourceMetadata(settings: Described): PublishedMetadata | undefined {
  const { resource, issuer, bearerMethods, metadata } = settings
  if (resource === undefined) return undefined
  return {
    url: metadataUrl(resource),
    document: {
      ...metadata,
      resource,
      authorization_servers: [issuer],
      bearer_methods_supported: bearerMethods,
    },
  }
}

/** RFC 9728 §3.1: the well-known path goes between host and path; a lone "/" after the host is dropped. */
function metadataUrl(resource: string): string {
  const { origin, pathname, search } = new URL(resource)
  return origin + WELL_KNOWN + (pathname === '/' ? '' : pathname) + search
}

/** Whether a request asks for the document (RFC 9728 §3.1). Compares path and query, since the host that a request
 * names may be the one behind a proxy. */
export function asksForMetadata(
  published: PublishedMetadata,
  request: Pick<ResourceRequest, 'method' | 'url'>,
): boolean {
  if (request.method !== 'GET' && request.method !== 'HEAD') return false
  const wanted = requestTarget(published.url)
  const asked = requestTarget(request.url)
  return asked.path === wanted.path && (wanted.query === '' || asked.query === wanted.query)
}

/** The response headers for the document: public, and readable by clients in a browser. */
export const metadataHeaders = { 'content-type': 'application/json', 'access-control-allow-origin': '*' }
