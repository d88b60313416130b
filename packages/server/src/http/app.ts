import { type Context, Hono } from 'hono'
import { StoreInvalid, StoreUnavailable } from '../domain/store.ts'
import { stylesheet, stylesheetFolder } from '../pages/stylesheet.ts'
import { accountApplicationsRoutes } from './account-applications-routes.ts'
import { accountRoutes } from './account-routes.ts'
import { activateRoutes } from './activate-routes.ts'
import { authorizeRoutes } from './authorize-routes.ts'
import { consentRoutes } from './consent-routes.ts'
import { discoveryRoutes } from './discovery-routes.ts'
import { endpointRoutes } from './endpoint-routes.ts'
import { loginRoutes } from './login-routes.ts'
import { logoutRoutes } from './logout-routes.ts'
import { oauthJson } from './oauth-json.ts'
import { registrationRoutes } from './registration-routes.ts'
import { requestId, sendErrorPage } from './render.ts'
import { beginCall, type ServerContext } from './server-context.ts'
import { tokenInfoRoutes } from './token-info-routes.ts'
import { userInfoRoutes } from './userinfo-routes.ts'

/** All routes, and what happens to a request that none of them takes or that fails. */
export function createApp(context: ServerContext): Hono {
  const app = new Hono()
  endpointRoutes(app, context)
  userInfoRoutes(app, context)
  registrationRoutes(app, context)
  tokenInfoRoutes(app, context)
  discoveryRoutes(app, context)
  authorizeRoutes(app, context)
  loginRoutes(app, context)
  logoutRoutes(app, context)
  consentRoutes(app, context)
  accountRoutes(app, context)
  accountApplicationsRoutes(app, context)
  activateRoutes(app, context)
  app.get(`${stylesheetFolder}:name`, async (c) => {
    const { tenant } = await beginCall(context)
    const sheet = stylesheet(tenant.settings.colors)
    if (c.req.path !== sheet.path) return notFound(c, context)
    return c.body(sheet.body, 200, {
      'content-type': sheet.contentType,
      'cache-control': 'public, max-age=31536000, immutable',
      'x-content-type-options': 'nosniff',
    })
  })
  app.notFound((c) => notFound(c, context))
  app.onError((error, c) => failed(error, c, context))
  return app
}

/** Paths that programs call: there every answer is JSON. */
function isForPrograms(path: string): boolean {
  return /^\/(?:oauth\/|oidc\/register(?:\/|$)|userinfo|tokeninfo$|\.well-known\/)/.test(path)
}

const methodsOf: Readonly<Record<string, string>> = {
  '/userinfo': 'GET, POST',
  '/oidc/register': 'POST',
  '/.well-known/jwks.json': 'GET',
  '/.well-known/openid-configuration': 'GET',
  '/.well-known/oauth-authorization-server': 'GET',
}

async function notFound(c: Context, context: ServerContext): Promise<Response> {
  if (isForPrograms(c.req.path)) {
    const isEndpoint = context.registry.endpoints.has(c.req.path.slice(1))
    const allow = isEndpoint ? 'POST' : methodsOf[c.req.path]
    const description = allow === undefined ? 'There is no such endpoint' : `Use ${allow}`
    const body = { error: 'invalid_request', error_description: description }
    return oauthJson(allow === undefined ? 404 : 405, body, allow === undefined ? {} : { allow })
  }
  const { tenant } = await beginCall(context)
  return sendErrorPage(c, 404, { kind: 'not_found' }, tenant, context)
}

// A bug or an outage: the one place where they end.
async function failed(error: Error, c: Context, context: ServerContext): Promise<Response> {
  const id = requestId(context)
  const unavailable = error instanceof StoreUnavailable
  const invalid = error instanceof StoreInvalid
  const status = unavailable ? 503 : invalid ? 400 : 500
  context.ports.logger.error('request.failed', {
    id,
    path: c.req.path,
    message: error.message,
    stack: error.stack,
  })
  if (isForPrograms(c.req.path) || unavailable) {
    const code = unavailable ? 'temporarily_unavailable' : invalid ? 'invalid_request' : 'server_error'
    const description = `The request could not be answered. Request id: ${id}`
    return oauthJson(
      status,
      { error: code, error_description: description },
      unavailable ? { 'retry-after': '1' } : {},
    )
  }
  const { tenant } = await beginCall(context)
  return sendErrorPage(c, status, { kind: 'server_error', id }, tenant, context)
}
