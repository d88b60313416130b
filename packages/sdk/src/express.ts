import type { Request, RequestHandler } from 'express'
import type { AccessToken } from './access-token.ts'
import { attachedTokens } from './attached-tokens.ts'
import type { Needs } from './needs.ts'
import { checkNeeds } from './needs.ts'
import { nodeRequest, parsedForm, sendMetadata, sendRefused } from './node-request.ts'
import type { ProtectedResource } from './protect-resource.ts'

/** Protects the routes of an Express application. */
export type ExpressProtection = {
  /** Lets requests pass whose token has all of these scopes. Throws TypeError on what is not a scope. */
  readonly requireScopes: (...scopes: readonly string[]) => RequestHandler
  /** Lets requests pass whose token has all of these in its `permissions` claim. */
  readonly requirePermissions: (...permissions: readonly string[]) => RequestHandler
  /** The token of a request that passed. Throws on a route without one of the above. */
  readonly token: (request: Request) => AccessToken
  /** Serves the protected-resource metadata (RFC 9728 §3.2). */
  readonly metadata: RequestHandler
}

/** The adapter for Express. Where a token may be in the body, `express.urlencoded()` has to come before. */
export function protectExpress(resource: ProtectedResource): ExpressProtection {
  const tokens = attachedTokens()

  function protect(needs: Needs): RequestHandler {
    checkNeeds(needs)
    return async (request, response, next) => {
      const described = nodeRequest(request, () => parsedForm(request.body))
      const verdict = await resource.authenticate(described, needs)
      if (verdict.kind === 'refused') return sendRefused(response, verdict)
      response.set(verdict.headers)
      tokens.attach(request, verdict.token)
      next()
    }
  }

  return {
    requireScopes: (...scopes) => protect({ scopes }),
    requirePermissions: (...permissions) => protect({ permissions }),
    token: (request) => tokens.of(request),
    metadata(request, response, next) {
      if (!sendMetadata(resource, request, response)) next()
    },
  }
}
