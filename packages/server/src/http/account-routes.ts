import type { Context, Hono } from 'hono'
import { isSetupTicket, setUp } from '../accounts/setup.ts'
import { isUnblockTicket, unblock } from '../accounts/unblock.ts'
import type { Call } from '../oauth/call.ts'
import { messagePage } from '../pages/message.ts'
import type { MessagePage, SetupPage } from '../pages/models.ts'
import { setupPage } from '../pages/setup.ts'
import { unblockPage } from '../pages/unblock.ts'
import { browserOf, csrfToken, hasCsrfToken, keepBrowser } from './browser.ts'
import { readForm } from './form.ts'
import { frameOf, sendErrorPage, sendPage } from './render.ts'
import { beginCall, type ServerContext } from './server-context.ts'

/** Pages behind one-time links: setting up the tenant, and unblocking an account. */
export function accountRoutes(app: Hono, context: ServerContext): void {
  app.get('/setup', async (c) => {
    const call = await beginCall(context, c)
    if (!(await isSetupTicket(c.req.query('ticket') ?? '', call)))
      return message(c, 'setup_link_invalid', call)
    return showSetup(c, call, context)
  })
  app.post('/setup', (c) => submitSetup(c, context))
  app.get('/u/unblock', (c) => showUnblock(c, context))
  app.post('/u/unblock', (c) => submitUnblock(c, context))
}

function message(c: Context, text: MessagePage['message'], call: Call): Response {
  const page = messagePage({ ...frameOf(c, call.tenant), message: text })
  return sendPage(c, text.endsWith('link_invalid') ? 400 : 200, page)
}

async function showSetup(
  c: Context,
  call: Call,
  context: ServerContext,
  again?: { readonly email: string; readonly problem: NonNullable<SetupPage['problem']> },
): Promise<Response> {
  const browser = await browserOf(c, context, call)
  keepBrowser(c, browser, context)
  const page = setupPage({
    ...frameOf(c, call.tenant),
    action: `/setup?ticket=${encodeURIComponent(c.req.query('ticket') ?? '')}`,
    csrfToken: csrfToken(browser, 'setup', call),
    ...again,
  })
  return sendPage(c, again === undefined ? 200 : 400, page)
}

async function submitSetup(c: Context, context: ServerContext): Promise<Response> {
  const call = await beginCall(context, c)
  const browser = await browserOf(c, context, call)
  const form = await readForm(c, context)
  if (!hasCsrfToken(form.one('csrf_token'), browser, 'setup', call)) {
    return sendErrorPage(c, 403, { kind: 'forbidden_form' }, call.tenant, context)
  }
  const setup = {
    ticket: c.req.query('ticket') ?? '',
    email: form.one('username'),
    password: form.one('password'),
    repeatedPassword: form.one('password_again'),
  }
  const result = await setUp(setup, context.logins.hashing, context.store.tenants, call)
  if (result === 'link_invalid') return message(c, 'setup_link_invalid', call)
  if (result === 'too_busy') return sendErrorPage(c, 503, { kind: 'too_many_requests' }, call.tenant, context)
  if (result === 'done') return message(c, 'setup_done', call)
  return showSetup(c, call, context, { email: setup.email, problem: result })
}

// Programs that check the links of a mail open them too, so that opening one does nothing yet.
async function showUnblock(c: Context, context: ServerContext): Promise<Response> {
  const call = await beginCall(context, c)
  const ticket = c.req.query('ticket') ?? ''
  if (!(await isUnblockTicket(ticket, call))) return message(c, 'link_invalid', call)
  const browser = await browserOf(c, context, call)
  keepBrowser(c, browser, context)
  const page = unblockPage({
    ...frameOf(c, call.tenant),
    action: `/u/unblock?ticket=${encodeURIComponent(ticket)}`,
    csrfToken: csrfToken(browser, 'unblock', call),
  })
  return sendPage(c, 200, page)
}

async function submitUnblock(c: Context, context: ServerContext): Promise<Response> {
  const call = await beginCall(context, c)
  const browser = await browserOf(c, context, call)
  const form = await readForm(c, context)
  if (!hasCsrfToken(form.one('csrf_token'), browser, 'unblock', call))
    return sendErrorPage(c, 403, { kind: 'forbidden_form' }, call.tenant, context)
  const done = await unblock(c.req.query('ticket') ?? '', call)
  return message(c, done ? 'account_unblocked' : 'link_invalid', call)
}
