import type { Context, Hono } from 'hono'
import { type LogInResult, logIn } from '../accounts/log-in.ts'
import type { ClientId } from '../domain/ids.ts'
import type { Login } from '../domain/session.ts'
import type { User } from '../domain/user.ts'
import type { Call } from '../oauth/call.ts'
import {
  type GrantedAccess,
  type GrantedApplication,
  grantedApplications,
  revokeApplication,
} from '../oauth/granted-applications.ts'
import { applicationsPage } from '../pages/applications.ts'
import { loginPage } from '../pages/login.ts'
import type { ListedAccess, ListedApplication, LoginPage } from '../pages/models.ts'
import { applicationCard } from './application-card.ts'
import { beginLogin } from './begin-login.ts'
import { browserOf, csrfToken, hasCsrfToken, type KnownBrowser, keepBrowser, keepSession } from './browser.ts'
import { clientAddress } from './client-address.ts'
import { type Form, readForm } from './form.ts'
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
    return form.one('action') === 'revoke'
      ? submitRevocation(visit, form, context)
      : submitLogin(visit, form, context)
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
  keepBrowser(c, browser, context)
  const page = applicationsPage({
    ...frameOf(c, call.tenant),
    user: {
      name: claims.name ?? email ?? user.id,
      ...(email !== undefined && { email }),
      ...(claims.picture !== undefined && { picture: claims.picture }),
    },
    applications: await Promise.all(granted.map((application) => listed(application, call))),
    action: applicationsPath,
    csrfToken: csrfToken(browser, formName(session.id), call),
  })
  return sendPage(c, 200, page)
}

// A form of one login is none of the next, in the same browser.
function formName(login: string): string {
  return `applications ${login}`
}

async function listed(
  { client, access, hasRefreshTokens }: GrantedApplication,
  call: Call,
): Promise<ListedApplication> {
  return {
    clientId: client.id,
    application: applicationCard(client),
    staysConnected: hasRefreshTokens,
    access: await Promise.all(access.map((one) => listedAccess(one, call))),
  }
}

async function listedAccess(
  { audience, scope, grantedAt }: GrantedAccess,
  call: Call,
): Promise<ListedAccess> {
  const api = audience === '' ? undefined : await call.store.resourceServers.findByIdentifier(audience)
  return {
    ...(audience !== '' && { apiName: api?.name ?? audience }),
    scopes: scope.map((value) => {
      const description = api?.scopes.find((defined) => defined.value === value)?.description
      return { value, ...(description !== undefined && { description }) }
    }),
    grantedAt,
  }
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
  const { friendlyName, pictureUrl } = call.tenant.settings
  const page = loginPage({
    ...frameOf(c, call.tenant),
    application: { name: friendlyName, ...(pictureUrl !== undefined && { logoUri: pictureUrl }) },
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
