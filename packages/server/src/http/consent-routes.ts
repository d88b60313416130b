import type { Context, Hono } from 'hono'
import type { Login } from '../domain/session.ts'
import { isForDevice, type WaitingRequest } from '../domain/transaction.ts'
import { decide, pending } from '../oauth/authorize/authorize.ts'
import { consentAudience, givableScopes, requiredScopes } from '../oauth/authorize/consent.ts'
import type { Pending } from '../oauth/authorize/outcome.ts'
import type { Call } from '../oauth/call.ts'
import { userCodePurpose } from '../oauth/device/user-code.ts'
import { consentPage } from '../pages/consent.ts'
import type { ConsentPage } from '../pages/models.ts'
import { applicationCard } from './application-card.ts'
import { answer } from './authorize-routes.ts'
import { endLogin } from './back-channel.ts'
import { browserOf, csrfToken, forgetSession, hasCsrfToken, type KnownBrowser } from './browser.ts'
import { readForm } from './form.ts'
import { frameOf, type PagePolicy, sendErrorPage, sendPage } from './render.ts'
import { beginCall, type ServerContext } from './server-context.ts'

interface Visit {
  readonly c: Context
  readonly id: string
  readonly waiting: Pending
  readonly login: Login
  readonly browser: KnownBrowser
  readonly call: Call
}

/** The consent page of a waiting authorization request (RFC 6749 §4.1.1, OpenID Connect Core §3.1.2.4). */
export function consentRoutes(app: Hono, context: ServerContext): void {
  app.get('/u/consent', async (c) => {
    const visit = await visitOf(c, context)
    return visit instanceof Response ? visit : show(visit)
  })
  app.post('/u/consent', async (c) => {
    const visit = await visitOf(c, context)
    return visit instanceof Response ? visit : submit(visit, context)
  })
}

async function visitOf(c: Context, context: ServerContext): Promise<Visit | Response> {
  const call = await beginCall(context, c)
  const browser = await browserOf(c, context, call)
  const id = c.req.query('state') ?? ''
  const waiting = await pending(id, browser, call)
  if (waiting === undefined)
    return sendErrorPage(c, 400, { kind: 'expired_transaction' }, call.tenant, context)
  if (waiting.login === undefined) return c.redirect(loginPath(id), 303)
  return { c, id, waiting, login: waiting.login, browser, call }
}

function loginPath(id: string): string {
  return `/u/login?state=${encodeURIComponent(id)}`
}

// Bound to the login too: the answer must be that of the person whom the page named.
function formName(id: string, { session }: Login): string {
  return `consent ${id} ${session.id}`
}

async function show({ c, id, waiting, login, browser, call }: Visit): Promise<Response> {
  const { request, client } = waiting
  const api =
    request.audience === undefined
      ? undefined
      : await call.store.resourceServers.findByIdentifier(request.audience)
  const asked = await givableScopes(request, login.user, api, call)
  const before = await call.store.consents.find(login.user.id, client.id, consentAudience(request))
  const { email, claims } = login.user
  const page = consentPage({
    ...frameOf(c, call.tenant, request.uiLocales),
    application: applicationCard(client),
    isFirstParty: client.isFirstParty,
    user: {
      name: claims.name ?? email ?? login.user.id,
      ...(email !== undefined && { email }),
      ...(claims.picture !== undefined && { picture: claims.picture }),
    },
    ...(api !== undefined && { apiName: api.name }),
    scopes: asked.map((value) => {
      const description = api?.scopes.find((scope) => scope.value === value)?.description
      return {
        value,
        ...(description !== undefined && { description }),
        required: requiredScopes.includes(value),
        checked: before?.declined.includes(value) !== true,
      }
    }),
    answerTo: answerTo(request, call),
    action: `/u/consent?state=${encodeURIComponent(id)}`,
    csrfToken: csrfToken(browser, formName(id, login), call),
  })
  return sendPage(c, 200, page, formPolicy(request))
}

function answerTo(request: WaitingRequest, call: Call): ConsentPage['answerTo'] {
  return isForDevice(request)
    ? { kind: 'device', userCode: call.ports.sealer.open(request.device.userCode, userCodePurpose) }
    : { kind: 'host', host: hostOf(request.redirectUri.value) }
}

/** A form of a waiting request may lead to where its answer goes; a device's answer goes nowhere. */
export function formPolicy(request: WaitingRequest): PagePolicy {
  return isForDevice(request) ? {} : { formTarget: request.redirectUri.value }
}

// A private scheme has no host that would mean something; the scheme names the application.
function hostOf(redirectUri: string): string {
  const url = URL.parse(redirectUri)
  if (url === null) return redirectUri
  return url.host === '' || !url.protocol.startsWith('http') ? url.protocol : url.host
}

async function submit(visit: Visit, context: ServerContext): Promise<Response> {
  const { c, id, login, browser, call } = visit
  const form = await readForm(c, context)
  // A page that was open while somebody else logged in names the wrong person: it is shown anew.
  if (!hasCsrfToken(form.one('csrf_token'), browser, formName(id, login), call)) return show(visit)
  switch (form.one('action')) {
    case 'switch_account':
      await endLogin(login, context, call)
      forgetSession(c, context)
      return c.redirect(loginPath(id), 303)
    case 'accept': {
      const decision = { kind: 'accepted', ticked: form.all('scope') } as const
      return answer(c, await decide(id, decision, browser, call), browser, context, call)
    }
    default:
      // Whatever is not an acceptance gives nothing away.
      return answer(c, await decide(id, { kind: 'declined' }, browser, call), browser, context, call)
  }
}
