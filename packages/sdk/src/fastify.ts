import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import type { AccessToken } from './access-token.ts'
import { attachedTokens } from './attached-tokens.ts'
import type { Needs } from './needs.ts'
import { checkNeeds } from './needs.ts'
import { nodeRequest, parsedForm } from './node-request.ts'
import type { ProtectedResource } from './protect-resource.ts'
import { requestTarget } from './request.ts'
import { metadataHeaders } from './resource-metadata.ts'

/** A hook: `onRequest`, or `preHandler` where a token may be in the body. */
export type FastifyTokenHook = (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>

/** Protects the routes of a Fastify application. */
export type FastifyProtection = {
  /** Lets requests pass whose token has all of these scopes. Throws TypeError on what is not a scope. */
  readonly requireScopes: (...scopes: readonly string[]) => FastifyTokenHook
  /** Lets requests pass whose token has all of these in its `permissions` claim. */
  readonly requirePermissions: (...permissions: readonly string[]) => FastifyTokenHook
  /** The token of a request that passed. Throws on a route without one of the above. */
  readonly token: (request: FastifyRequest) => AccessToken
  /** A plugin that serves the protected-resource metadata (RFC 9728 §3.2). Register it without a prefix. */
  readonly metadata: FastifyPluginAsync
}

/** The adapter for Fastify. Where a token may be in the body, `@fastify/formbody` has to parse it. */
export function protectFastify(resource: ProtectedResource): FastifyProtection {
  const tokens = attachedTokens()

  function protect(needs: Needs): FastifyTokenHook {
    checkNeeds(needs)
    return async (request, reply) => {
      const described = nodeRequest(request.raw, () => parsedForm(request.body))
      const verdict = await resource.authenticate(described, needs)
      reply.headers(verdict.headers)
      if (verdict.kind === 'refused') return reply.code(verdict.status).send(verdict.body)
      tokens.attach(request, verdict.token)
      return undefined
    }
  }

  return {
    requireScopes: (...scopes) => protect({ scopes }),
    requirePermissions: (...permissions) => protect({ permissions }),
    token: (request) => tokens.of(request),
    async metadata(app) {
      const published = resource.metadata()
      if (!published) return
      // In a route of Fastify ":" begins a parameter and "::" is a colon.
      const path = requestTarget(published.url).path.replaceAll(':', '::')
      app.get(path, async (_, reply) => reply.headers(metadataHeaders).send(published.document))
    },
  }
}
