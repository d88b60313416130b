import type { Context, Hono } from 'hono'
import { type LogInResult, logIn } from '../accounts/log-in.ts'
import type { ClientId } from '../domain/ids.ts'
import type { Login } from '../domain/session.ts'
import type { User } from '../domain/user.ts'
import type { Call } from '../oauth/call.ts'
import { grantedApplications, revokeApplication } from '../oauth/granted-applications.ts'
import { applicationsPage } from '../pages/applications.ts'
import { loginPage } from '../pages/login.ts'
import type { LoginPage } from '../pages/models.ts'
import { endLogin } from './back-channel.ts'
import { beginLogin } from './begin-login.ts'
import {
  browserOf,
  csrfToken,
  forgetSession,
  hasCsrfToken,
  type KnownBrowser,
  keepBrowser,
  keepSession,
} from './browser.ts'
import { clientAddress } from './client-address.ts'
import { type Form, readForm } from './form.ts'
import { listedApplication } from './listed-application.ts'
import { type ProblemStatus, statusOfLogin } from './login-problem.ts'
import { frameOf, sendErrorPage, sendPage } from './render.ts'
import { beginCall, type ServerContext } from './server-context.ts'

export const applicationsPath = '/account/applications'

interface Visit {
  readonly c: Context
  readonly browser: KnownBrowser
  readonly call: Call
}

/** Where owners see what they granted to whom, and take it back (RFC 9700 §4.14, RFC 6819 §5.1.5.3). */
export function accountApplicationsRoutes(app: Hono, context: ServerContext): void {
  app.get(applicationsPath, async (c) => {
    const visit = await visitOf(c, context)
    const { login } = visit.browser
    // A login that the owner must be present for: a blocked owner has none.
    return login === undefined || login.user.blocked
      ? showLogin(visit, context, 200)
      : showApplications(visit, login, context)
  })
  app.post(applicationsPath, async (c) => {
    const visit = await visitOf(c, context)
    const form = await readForm(c, context)
    switch (form.one('action')) {
      case 'revoke':
        return submitRevocation(visit, form, context)
      case 'switch_account':
        return switchAccount(visit, form, context)
      default:
        return submitLogin(visit, form, context)
    }
  })
}

async function visitOf(c: Context, context: ServerContext): Promise<Visit> {
  const call = await beginCall(context, c)
  return { c, browser: await browserOf(c, context, call), call }
}

async function showApplications(
  { c, browser, call }: Visit,
  { session, user }: Login,
  context: ServerContext,
): Promise<Response> {
  const { email, claims } = user
  const granted = await grantedApplications(user.id, call)
  const removed = await removedApplication({ c, browser, call }, session.id)
  keepBrowser(c, browser, context)
  const page = applicationsPage({
    ...frameOf(c, call.tenant),
    user: {
      name: claims.name ?? email ?? user.id,
      ...(email !== undefined && { email }),
      ...(claims.picture !== undefined && { picture: claims.picture }),
    },
    applications: await Promise.all(granted.map((application) => listedApplication(application, call))),
    ...(removed !== undefined && { removed }),
    action: applicationsPath,
    logout: `${context.issuer}oidc/logout`,
    csrfToken: csrfToken(browser, formName(session.id), call),
  })
  return sendPage(c, 200, page)
}

// A form of one login is none of the next, in the same browser.
function formName(login: string): string {
  return `applications ${login}`
}

function removalName(login: string, clientId: string): string {
  return `removed ${login} ${clientId}`
}

// The address names the application; its proof, that this owner removed it with our form and that no link says so.
async function removedApplication({ c, browser, call }: Visit, login: string): Promise<string | undefined> {
  const clientId = c.req.query('removed')
  if (clientId === undefined) return undefined
  if (!hasCsrfToken(c.req.query('proof'), browser, removalName(login, clientId), call)) return undefined
  return (await call.store.clients.find(clientId as ClientId))?.name
}

async function submitRevocation(
  { c, browser, call }: Visit,
  form: Form,
  context: ServerContext,
): Promise<Response> {
  const { login } = browser
  if (login === undefined || login.user.blocked) return c.redirect(applicationsPath, 303)
  if (!hasCsrfToken(form.one('csrf_token'), browser, formName(login.session.id), call))
    return sendErrorPage(c, 403, { kind: 'forbidden_form' }, call.tenant, context)
  const clientId = form.one('client_id') as ClientId
  await revokeApplication(login.user.id, clientId, call)
  call.ports.logger.info('application.revoked', { client_id: clientId, user_id: login.user.id })
  const proof = csrfToken(browser, removalName(login.session.id, clientId), call)
  return c.redirect(`${applicationsPath}?${new URLSearchParams({ removed: clientId, proof })}`, 303)
}

async function switchAccount({ c, browser, call }: Visit, form: Form, context: ServerContext) {
  const { login } = browser
  if (login === undefined) return c.redirect(applicationsPath, 303)
  if (!hasCsrfToken(form.one('csrf_token'), browser, formName(login.session.id), call))
    return sendErrorPage(c, 403, { kind: 'forbidden_form' }, call.tenant, context)
  await endLogin(login, context, call)
  forgetSession(c, context)
  return c.redirect(applicationsPath, 303)
}

const loginForm = 'applications login'

function showLogin(
  { c, browser, call }: Visit,
  context: ServerContext,
  status: 200 | ProblemStatus,
  again?: Pick<LoginPage, 'username' | 'problem'>,
): Response {
  keepBrowser(c, browser, context)
  const page = loginPage({
    ...frameOf(c, call.tenant),
    action: applicationsPath,
    csrfToken: csrfToken(browser, loginForm, call),
    ...again,
  })
  return sendPage(c, status, page)
}

async function submitLogin(visit: Visit, form: Form, context: ServerContext): Promise<Response> {
  const { c, browser, call } = visit
  const username = form.one('username').trim()
  const again = (status: ProblemStatus, problem: NonNullable<LoginPage['problem']>) =>
    showLogin(visit, context, status, { username, problem })
  if (!hasCsrfToken(form.one('csrf_token'), browser, loginForm, call)) return again(403, 'expired_form')
  if (username === '' || form.one('password') === '') return again(400, 'missing_credentials')
  const address = clientAddress(c, context)
  const attempt = { identifier: username, password: form.one('password'), address }
  const result: LogInResult = await logIn(attempt, context.logins, call)
  call.ports.logger.info('login', { result: result.kind, address })
  if (result.kind !== 'authenticated') return again(statusOfLogin(result.kind), result.kind)
  return logInto(visit, result.user, context)
}

async function logInto({ c, browser, call }: Visit, user: User, context: ServerContext): Promise<Response> {
  const { login, secret } = await beginLogin(user, ['pwd'], browser.login, context, call)
  keepSession(c, secret, login, context, call)
  return c.redirect(applicationsPath, 303)
}
