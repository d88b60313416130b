import type { Context, MiddlewareHandler } from 'hono'
import type { AccessToken } from './access-token.ts'
import { attachedTokens } from './attached-tokens.ts'
import type { Needs } from './needs.ts'
import { checkNeeds } from './needs.ts'
import type { ProtectedResource } from './protect-resource.ts'
import type { ResourceRequest } from './request.ts'
import { asksForMetadata, metadataHeaders } from './resource-metadata.ts'

/** Protects the routes of a Hono application. */
export type HonoProtection = {
  /** Lets requests pass whose token has all of these scopes. Throws TypeError on what is not a scope. */
  readonly requireScopes: (...scopes: readonly string[]) => MiddlewareHandler
  /** Lets requests pass whose token has all of these in its `permissions` claim. */
  readonly requirePermissions: (...permissions: readonly string[]) => MiddlewareHandler
  /** The token of a request that passed. Throws on a route without one of the above. */
  readonly token: (context: Context) => AccessToken
  /** Serves the protected-resource metadata (RFC 9728 §3.2). */
  readonly metadata: MiddlewareHandler
}

/** The adapter for Hono. The handler can still read a body in which a token was looked for. */
export function protectHono(resource: ProtectedResource): HonoProtection {
  const tokens = attachedTokens()

  function protect(needs: Needs): MiddlewareHandler {
    checkNeeds(needs)
    return async (context, next) => {
      const verdict = await resource.authenticate(honoRequest(context), needs)
      if (verdict.kind === 'refused') return context.body(verdict.body, verdict.status, verdict.headers)
      tokens.attach(context, verdict.token)
      await next()
      for (const [name, value] of Object.entries(verdict.headers)) {
        if (!context.res.headers.has(name)) context.header(name, value)
      }
      return undefined
    }
  }

  return {
    requireScopes: (...scopes) => protect({ scopes }),
    requirePermissions: (...permissions) => protect({ permissions }),
    token: (context) => tokens.of(context),
    async metadata(context, next) {
      const published = resource.metadata()
      if (!published || !asksForMetadata(published, context.req)) return next()
      return context.body(JSON.stringify(published.document), 200, metadataHeaders)
    },
  }
}

function honoRequest(context: Context): ResourceRequest {
  const { method, url, raw } = context.req
  return {
    method,
    url,
    headers: raw.headers,
    form: async () => new URLSearchParams(await context.req.text()),
  }
}
