import type { AccessToken, Claims } from './access-token.ts'
import { accessToken } from './access-token.ts'
import { serverMetadata } from './authorization-server.ts'
import { introspector } from './introspection.ts'
import { isSignedJwt, verifyJwt } from './jwt-access-token.ts'
import { keySet } from './key-set.ts'
import type { Needs } from './needs.ts'
import { checkNeeds, checkNeedsMet } from './needs.ts'
import { presentedToken } from './presented-token.ts'
import type { Refused } from './refusal.ts'
import { Refusal, refuse, refused } from './refusal.ts'
import type { ResourceRequest } from './request.ts'
import type { PublishedMetadata } from './resource-metadata.ts'
import { resourceMetadata } from './resource-metadata.ts'
import type { ProtectOptions } from './settings.ts'
import { readSettings } from './settings.ts'

/** A request that may pass. `headers` belong on its response, unless the API sets its own. */
export type Allowed = {
  readonly kind: 'allowed'
  readonly token: AccessToken
  readonly headers: Readonly<Record<string, string>>
}

/** What was decided about a request. */
export type Verdict = Allowed | Refused

/** An API that is protected by access tokens. Knows no web framework; the adapters do. */
export type ProtectedResource = {
  /** Judges a request by the token that it carries. Throws TypeError on a need that is not one scope. */
  readonly authenticate: (request: ResourceRequest, needs?: Needs) => Promise<Verdict>
  /** The metadata to publish (RFC 9728); undefined when no `resource` was configured. */
  readonly metadata: () => PublishedMetadata | undefined
}

/** Protects an API with the access tokens of one issuer (RFC 6750, RFC 9068, RFC 7662). Asks the authorization server
 * nothing until the first token comes. Throws TypeError on options that are unsafe or contradict each other. */
export function protectResource(options: ProtectOptions): ProtectedResource {
  const settings = readSettings(options)
  const server = serverMetadata(settings)
  const keys = keySet(settings, server)
  const introspection = introspector(settings, server)
  const metadata = resourceMetadata(settings)

  // The signature first: nobody makes us ask about what is no token of our issuer.
  async function claimsOf(value: string): Promise<Claims> {
    if (!isSignedJwt(value)) return introspection.claimsOf(value)
    const claims = await verifyJwt(value, settings, keys)
    await introspection.refuseRevoked(value)
    return claims
  }

  async function judge(request: ResourceRequest, needs: Needs): Promise<Allowed> {
    const presented = await presentedToken(request, settings.bearerMethods)
    if (!presented) throw refuse.missingToken()
    const { value, method } = presented
    const token = accessToken(value, await claimsOf(value))
    checkNeedsMet(needs, token)
    // RFC 6750 §2.3: a shared cache must not keep the answer to a URL that holds a token.
    return { kind: 'allowed', token, headers: method === 'query' ? { 'cache-control': 'private' } : {} }
  }

  return {
    metadata: () => metadata,
    async authenticate(request, needs = {}) {
      checkNeeds(needs)
      try {
        return await judge(request, needs)
      } catch (error) {
        if (!(error instanceof Refusal)) throw error
        const challenge = {
          realm: settings.realm,
          scopes: needs.scopes ?? [],
          resourceMetadata: metadata?.url,
        }
        const verdict = refused(error, challenge)
        settings.onRefused?.(verdict)
        return verdict
      }
    },
  }
}
