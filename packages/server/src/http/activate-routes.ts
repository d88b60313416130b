import type { Context, Hono } from 'hono'
import type { Call } from '../oauth/call.ts'
import { activate } from '../oauth/device/activate.ts'
import { activatePage } from '../pages/activate.ts'
import { messagePage } from '../pages/message.ts'
import type { ActivatePage } from '../pages/models.ts'
import { answer } from './authorize-routes.ts'
import { browserOf, csrfToken, hasCsrfToken, type KnownBrowser, keepBrowser } from './browser.ts'
import { readForm } from './form.ts'
import { frameOf, sendPage } from './render.ts'
import { beginCall, type ServerContext } from './server-context.ts'

interface Visit {
  readonly c: Context
  readonly browser: KnownBrowser
  readonly call: Call
}

/** Where the owner of a device enters its code (RFC 8628 §3.3). A code in the link is only filled in (§3.3.1). */
export function activateRoutes(app: Hono, context: ServerContext): void {
  app.get('/activate', async (c) => show(await visitOf(c, context), context, 200, c.req.query('user_code')))
  app.post('/activate', async (c) => submit(await visitOf(c, context), context))
  app.get('/activate/connected', (c) => settled(c, 'device_connected', context))
  app.get('/activate/declined', (c) => settled(c, 'device_declined', context))
}

async function settled(
  c: Context,
  message: 'device_connected' | 'device_declined',
  context: ServerContext,
): Promise<Response> {
  const { tenant } = await beginCall(context, c)
  return sendPage(c, 200, messagePage({ ...frameOf(c, tenant), message }))
}

async function visitOf(c: Context, context: ServerContext): Promise<Visit> {
  const call = await beginCall(context, c)
  return { c, browser: await browserOf(c, context, call), call }
}

const longestCode = 20

function show(
  { c, browser, call }: Visit,
  context: ServerContext,
  status: 200 | 400 | 403 | 429,
  userCode: string | undefined,
  problem?: NonNullable<ActivatePage['problem']>,
): Response {
  keepBrowser(c, browser, context)
  const page = activatePage({
    ...frameOf(c, call.tenant),
    action: '/activate',
    csrfToken: csrfToken(browser, 'activate', call),
    isNumeric: call.tenant.settings.deviceFlow?.charset === 'digits',
    ...(userCode !== undefined && { userCode: userCode.slice(0, longestCode) }),
    ...(problem !== undefined && { problem }),
  })
  return sendPage(c, status, page)
}

async function submit(visit: Visit, context: ServerContext): Promise<Response> {
  const { c, browser, call } = visit
  const form = await readForm(c, context)
  const userCode = form.one('user_code')
  if (!hasCsrfToken(form.one('csrf_token'), browser, 'activate', call))
    return show(visit, context, 403, userCode, 'expired_form')
  const activation = await activate(userCode, browser, call)
  switch (activation.kind) {
    case 'unknown_code':
      return show(visit, context, 400, userCode, activation.kind)
    case 'too_many_attempts':
      return show(visit, context, 429, undefined, activation.kind)
    default:
      return answer(c, activation, browser, context, call)
  }
}
