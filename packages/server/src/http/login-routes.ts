import type { Context, Hono } from 'hono'
import { logIn } from '../accounts/log-in.ts'
import type { User } from '../domain/user.ts'
import { noteLogin, pending, resume } from '../oauth/authorize/authorize.ts'
import type { Pending } from '../oauth/authorize/outcome.ts'
import type { Call } from '../oauth/call.ts'
import { loginPage } from '../pages/login.ts'
import type { LoginPage } from '../pages/models.ts'
import { applicationCard } from './application-card.ts'
import { answer } from './authorize-routes.ts'
import { beginLogin } from './begin-login.ts'
import { browserOf, csrfToken, hasCsrfToken, type KnownBrowser, keepSession } from './browser.ts'
import { clientAddress } from './client-address.ts'
import { formPolicy } from './consent-routes.ts'
import { readForm } from './form.ts'
import { type ProblemStatus, statusOfLogin } from './login-problem.ts'
import { frameOf, sendErrorPage, sendPage } from './render.ts'
import { beginCall, type ServerContext } from './server-context.ts'

interface Visit {
  readonly c: Context
  readonly id: string
  readonly waiting: Pending
  readonly browser: KnownBrowser
  readonly call: Call
}

type Problem = NonNullable<LoginPage['problem']>

/** The login page of a waiting authorization request. */
export function loginRoutes(app: Hono, context: ServerContext): void {
  app.get('/u/login', async (c) => {
    const visit = await visitOf(c, context)
    return visit instanceof Response ? visit : open(visit, context)
  })
  app.post('/u/login', async (c) => {
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
  return { c, id, waiting, browser, call }
}

// Whoever logged in meanwhile, in another tab, need not do it again.
async function open(visit: Visit, context: ServerContext): Promise<Response> {
  const { c, id, browser, call } = visit
  if (browser.login === undefined) return show(visit, 200)
  const outcome = await resume(id, browser, call)
  return outcome?.kind === 'login' ? show(visit, 200) : answer(c, outcome, browser, context, call)
}

function formName(id: string): string {
  return `login ${id}`
}

function show(
  { c, id, waiting, browser, call }: Visit,
  status: 200 | ProblemStatus,
  again?: { readonly username: string; readonly problem: Problem },
): Response {
  const { request, client, login, expectsOther } = waiting
  const username = again?.username ?? request.loginHint ?? (expectsOther ? undefined : login?.user.email)
  const problem = again?.problem ?? (expectsOther ? 'other_account' : undefined)
  const page = loginPage({
    ...frameOf(c, call.tenant, request.uiLocales),
    application: applicationCard(client),
    action: `/u/login?state=${encodeURIComponent(id)}`,
    csrfToken: csrfToken(browser, formName(id), call),
    ...(username !== undefined && { username }),
    ...(problem !== undefined && { problem }),
  })
  return sendPage(c, status, page, formPolicy(request))
}

async function submit(visit: Visit, context: ServerContext): Promise<Response> {
  const { c, id, waiting, browser, call } = visit
  const form = await readForm(c, context)
  const username = form.one('username').trim()
  const again = (status: ProblemStatus, problem: Problem) => show(visit, status, { username, problem })
  if (!hasCsrfToken(form.one('csrf_token'), browser, formName(id), call)) return again(403, 'expired_form')
  if (username === '' || form.one('password') === '') return again(400, 'missing_credentials')
  const address = clientAddress(c, context)
  const result = await logIn(
    { identifier: username, password: form.one('password'), clientId: waiting.client.id, address },
    context.logins,
    call,
  )
  call.ports.logger.info('login', { result: result.kind, client_id: waiting.client.id, address })
  if (result.kind === 'authenticated') return logInto(visit, result.user, context)
  return again(statusOfLogin(result.kind), result.kind)
}

async function logInto(
  { c, id, browser, call }: Visit,
  user: User,
  context: ServerContext,
): Promise<Response> {
  const { login, secret } = await beginLogin(user, ['pwd'], browser.login, context, call)
  await noteLogin(id, browser.hash, login, call)
  keepSession(c, secret, login, context, call)
  const known = { ...browser, login }
  return answer(c, await resume(id, known, call), known, context, call)
}
