import { type Context, Hono } from 'hono'
import { StoreInvalid, StoreUnavailable } from '../domain/store.ts'
import type { Tenant } from '../domain/tenant.ts'
import { stylesheet, stylesheetFolder } from '../pages/stylesheet.ts'
import { defaultSettings } from '../tenants/create-tenant.ts'
import { accountApplicationsRoutes } from './account-applications-routes.ts'
import { accountRoutes } from './account-routes.ts'
import { activateRoutes } from './activate-routes.ts'
import { authorizeRoutes } from './authorize-routes.ts'
import { consentRoutes } from './consent-routes.ts'
import { openCors } from './cors.ts'
import { discoveryRoutes } from './discovery-routes.ts'
import { endpointRoutes } from './endpoint-routes.ts'
import { header } from './header.ts'
import { homeRoutes } from './home-routes.ts'
import { loginRoutes } from './login-routes.ts'
import { logoutRoutes } from './logout-routes.ts'
import { oauthJson } from './oauth-json.ts'
import { registrationRoutes } from './registration-routes.ts'
import { requestId, sendErrorPage } from './render.ts'
import { type ServerContext, tenantOf } from './server-context.ts'
import { addressAtIssuer, toIssuer } from './to-issuer.ts'
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
  const pages = pageRoutes(context)
  // On the way to pages alone: a step before every route would cost programs the router's short way.
  for (const path of new Set(pages.routes.map((route) => route.path)))
    app.use(path, (c, next) => toIssuer(c, next, context))
  app.route('/', pages)
  app.get(`${stylesheetFolder}:name`, async (c) => {
    const sheet = await stylesheetAt(c.req.path, context)
    if (sheet === undefined) return notFound(app, c, context)
    return c.body(sheet.body, 200, {
      'content-type': sheet.contentType,
      'cache-control': 'public, max-age=31536000, immutable',
      'x-content-type-options': 'nosniff',
    })
  })
  app.notFound((c) => notFound(app, c, context))
  app.onError((error, c) => failed(error, c, context))
  return app
}

/** What people open in a browser. */
function pageRoutes(context: ServerContext): Hono {
  const pages = new Hono()
  authorizeRoutes(pages, context)
  loginRoutes(pages, context)
  logoutRoutes(pages, context)
  consentRoutes(pages, context)
  accountRoutes(pages, context)
  accountApplicationsRoutes(pages, context)
  activateRoutes(pages, context)
  homeRoutes(pages, context)
  return pages
}

// The one of a page about an outage needs no store.
async function stylesheetAt(path: string, context: ServerContext) {
  const standard = stylesheet(defaultSettings.colors)
  if (path === standard.path) return standard
  const own = stylesheet((await tenantOf(context)).settings.colors)
  return path === own.path ? own : undefined
}

/** Paths that programs call: there every answer is JSON, also where Auth0 has an endpoint and this version has none. */
function isForPrograms(path: string): boolean {
  return /^\/(?:(?:oauth|oidc\/register|\.well-known|api|dbconnections|passwordless|mfa)\/|oidc\/register$|userinfo|tokeninfo$)/.test(
    path,
  )
}

// RFC 9110 §12.5.1: a browser names HTML, a program that asks for JSON does not.
function wantsJson(c: Context): boolean {
  const accept = header(c, 'accept') ?? ''
  return /\bapplication\/json\b/i.test(accept) && !/\btext\/html\b/i.test(accept)
}

async function notFound(app: Hono, c: Context, context: ServerContext): Promise<Response> {
  const methods = methodsAt(app, c.req.path)
  const isMethodWrong = methods.length > 0 && !methods.includes(c.req.method)
  // RFC 9110 §15.5.6
  const allow = methods.join(', ')
  if (isForPrograms(c.req.path) || wantsJson(c)) {
    const description = isMethodWrong ? `Use ${allow}` : 'There is no such endpoint'
    const body = { error: 'invalid_request', error_description: description }
    return oauthJson(isMethodWrong ? 405 : 404, body, isMethodWrong ? { allow } : {})
  }
  const address = addressAtIssuer(c, context)
  if (address !== undefined) return c.redirect(address, 307)
  const tenant = await tenantOf(context)
  if (isMethodWrong) c.header('allow', allow)
  return sendErrorPage(c, isMethodWrong ? 405 : 404, { kind: 'not_found' }, tenant, context)
}

function methodsAt({ routes }: Hono, path: string): readonly string[] {
  const methods = routes.filter((route) => isAt(route.path, path)).map(({ method }) => method)
  return [...new Set(methods)].filter((method) => method !== 'OPTIONS' && method !== 'ALL').sort()
}

/** Whether a path is one of a route such as `/oidc/register/:client`. */
function isAt(route: string, path: string): boolean {
  const [wanted, given] = [route.split('/'), path.split('/')]
  return (
    wanted.length === given.length &&
    wanted.every((step, index) => step === given[index] || (step.startsWith(':') && given[index] !== ''))
  )
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
  if (isForPrograms(c.req.path)) {
    const code = unavailable ? 'temporarily_unavailable' : invalid ? 'invalid_request' : 'server_error'
    const description = `The request could not be answered. Request id: ${id}`
    // It says nothing about any client, and an SDK in a browser has to tell an outage from a lost connection.
    const headers = { ...openCors, ...(unavailable && { 'retry-after': '1' }) }
    return oauthJson(status, { error: code, error_description: description }, headers)
  }
  return sendErrorPage(c, status, { kind: 'server_error', id }, await tenantOrNone(context), context)
}

// The outage may be what keeps us from reading whose page it is.
async function tenantOrNone(context: ServerContext): Promise<Tenant> {
  try {
    return await tenantOf(context)
  } catch {
    return { id: context.tenantId, settings: defaultSettings, createdAt: 0, version: 0 }
  }
}
