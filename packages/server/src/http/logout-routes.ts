import type { Context, Hono } from 'hono'
import type { Login } from '../domain/session.ts'
import type { Call } from '../oauth/call.ts'
import { checkLogout, type LogoutRequest } from '../oauth/logout/end-session.ts'
import { frontChannelUrls } from '../oauth/logout/notify.ts'
import { returnTo } from '../oauth/logout/return-to.ts'
import type { RawParameters } from '../oauth/params.ts'
import { Refusal } from '../oauth/refusal.ts'
import { checkSessionPage, checkSessionScript } from '../pages/check-session.ts'
import { loggedOutPage } from '../pages/logged-out.ts'
import { logoutPage } from '../pages/logout.ts'
import { messagePage } from '../pages/message.ts'
import { endLogin } from './back-channel.ts'
import {
  browserOf,
  csrfToken,
  forgetSession,
  hasCsrfToken,
  type KnownBrowser,
  keepBrowser,
} from './browser.ts'
import { deliverRedirect } from './deliver.ts'
import { readForm } from './form.ts'
import { formParameters, parseForm, queryParameters } from './parameters.ts'
import { frameOf, sendErrorPage, sendPage } from './render.ts'
import { beginCall, type ServerContext } from './server-context.ts'

/** Ending a session: OpenID Connect's `/oidc/logout`, and Auth0's older `/v2/logout`. */
export function logoutRoutes(app: Hono, context: ServerContext): void {
  app.on(['GET', 'POST'], '/oidc/logout', async (c) => {
    const call = await beginCall(context, c)
    const parameters = await parametersOf(c, context)
    return openidLogout(c, parameters, context, call)
  })
  app.get('/check_session', (c) =>
    sendPage(c, 200, checkSessionPage(), { scripts: [checkSessionScript], framedBy: '*' }),
  )
  app.post('/u/logout', (c) => confirmed(c, context))
  app.on(['GET'], ['/v2/logout', '/logout'], async (c) => {
    const call = await beginCall(context, c)
    const target = await returnTo(queryParameters(c), call)
    if (target instanceof Refusal) return shown(c, target, context, call)
    const { login } = await browserOf(c, context, call)
    return end(c, login, { proven: true, ...(target !== undefined && { returnTo: target }) }, context, call)
  })
}

async function parametersOf(c: Context, context: ServerContext): Promise<RawParameters> {
  if (c.req.method === 'GET') return queryParameters(c)
  return formParameters(c, context.requestBodyBytes).catch((error: unknown) => {
    if (error instanceof Refusal) return []
    throw error
  })
}

function shown(c: Context, refusal: Refusal, context: ServerContext, call: Call): Response {
  return sendErrorPage(c, 400, { kind: 'logout_request', refusal }, call.tenant, context)
}

async function openidLogout(
  c: Context,
  parameters: RawParameters,
  context: ServerContext,
  call: Call,
): Promise<Response> {
  const browser = await browserOf(c, context, call)
  const request = await checkLogout(parameters, browser.login, call)
  if (request instanceof Refusal) return shown(c, request, context, call)
  return request.proven
    ? end(c, browser.login, request, context, call)
    : ask(c, parameters, request, browser, context, call)
}

// The request travels in the form; it is checked again when the form comes back.
function ask(
  c: Context,
  parameters: RawParameters,
  request: LogoutRequest,
  browser: KnownBrowser,
  context: ServerContext,
  call: Call,
): Response {
  keepBrowser(c, browser, context)
  const query = new URLSearchParams(parameters.map(({ name, value = '' }) => [name, value])).toString()
  const page = logoutPage({
    ...frameOf(c, call.tenant, request.uiLocales),
    action: '/u/logout',
    csrfToken: csrfToken(browser, `logout ${query}`, call),
    request: query,
    user: browser.login?.user.claims.name ?? browser.login?.user.email ?? '',
  })
  const policy = request.returnTo === undefined ? {} : { formTarget: request.returnTo }
  return sendPage(c, 200, page, policy)
}

async function confirmed(c: Context, context: ServerContext): Promise<Response> {
  const call = await beginCall(context, c)
  const browser = await browserOf(c, context, call)
  const form = await readForm(c, context)
  const query = form.one('request')
  if (!hasCsrfToken(form.one('csrf_token'), browser, `logout ${query}`, call)) {
    return sendErrorPage(c, 403, { kind: 'forbidden_form' }, call.tenant, context)
  }
  if (form.one('action') === 'stay') {
    const page = messagePage({ ...frameOf(c, call.tenant), message: 'still_logged_in' })
    return sendPage(c, 200, page)
  }
  const request = await checkLogout(parseForm(query), browser.login, call)
  if (request instanceof Refusal) return shown(c, request, context, call)
  return end(c, browser.login, request, context, call)
}

async function end(
  c: Context,
  login: Login | undefined,
  request: LogoutRequest,
  context: ServerContext,
  call: Call,
): Promise<Response> {
  const frames =
    login === undefined ? [] : frontChannelUrls(await endLogin(login, context, call), login, call)
  forgetSession(c, context)
  if (frames.length === 0 && request.returnTo !== undefined) return deliverRedirect(c, request.returnTo)
  const page = loggedOutPage({
    ...frameOf(c, call.tenant, request.uiLocales),
    frames,
    ...(request.returnTo !== undefined && { returnTo: request.returnTo }),
  })
  return sendPage(c, 200, page, { frames })
}
