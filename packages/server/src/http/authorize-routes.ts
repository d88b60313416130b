import type { Context, Hono } from 'hono'
import { authorize } from '../oauth/authorize/authorize.ts'
import type { AuthorizeOutcome } from '../oauth/authorize/outcome.ts'
import type { Call } from '../oauth/call.ts'
import type { Settled } from '../oauth/device/settle.ts'
import type { RawParameters } from '../oauth/params.ts'
import { Refusal } from '../oauth/refusal.ts'
import { browserOf, type KnownBrowser, keepBrowser } from './browser.ts'
import { deliver, deliverRedirect } from './deliver.ts'
import { formParameters, queryParameters } from './parameters.ts'
import { sendErrorPage } from './render.ts'
import { beginCall, type ServerContext } from './server-context.ts'

/** The authorization endpoint (RFC 6749 §3.1), by GET and POST. */
export function authorizeRoutes(app: Hono, context: ServerContext): void {
  app.on(['GET', 'POST'], '/authorize', async (c) => {
    const call = await beginCall(context, c)
    const parameters = await parametersOrRefusal(c, context)
    if (parameters instanceof Refusal) return shown(c, parameters, context, call)
    const browser = await browserOf(c, context, call)
    return answer(c, await authorize(parameters, browser, call), browser, context, call)
  })
}

// OpenID Connect Core §3.1.2.1: by POST the parameters are a form's.
async function parametersOrRefusal(c: Context, context: ServerContext): Promise<RawParameters | Refusal> {
  try {
    return c.req.method === 'POST' ? await formParameters(c, context.requestBodyBytes) : queryParameters(c)
  } catch (error) {
    if (error instanceof Refusal) return error
    throw error
  }
}

function shown(c: Context, refusal: Refusal, context: ServerContext, call: Call): Response {
  return refusal.error === 'temporarily_unavailable'
    ? sendErrorPage(c, 429, { kind: 'too_many_requests', refusal }, call.tenant, context)
    : sendErrorPage(c, 400, { kind: 'authorization_request', refusal }, call.tenant, context)
}

/** Turns an outcome into a redirect or a page; `undefined` means that the waiting request is gone. */
export function answer(
  c: Context,
  outcome: AuthorizeOutcome | undefined,
  browser: KnownBrowser,
  context: ServerContext,
  call: Call,
): Response {
  if (outcome === undefined)
    return sendErrorPage(c, 400, { kind: 'expired_transaction' }, call.tenant, context)
  switch (outcome.kind) {
    case 'shown':
      return shown(c, outcome.refusal, context, call)
    case 'login':
    case 'consent':
      keepBrowser(c, browser, context)
      return deliverRedirect(c, `${context.issuer}u/${outcome.kind}?state=${outcome.transactionId}`)
    case 'device':
      return answerForDevice(c, outcome.result, context, call)
    case 'delivered':
      if (outcome.refusal !== undefined) {
        const { rule, detail } = outcome.refusal
        call.ports.logger.info('authorize.refused', { rule: rule.id, clause: rule.clause, detail })
      }
      return deliver(c, outcome.delivery, call)
    default:
      return outcome satisfies never
  }
}

// Nothing goes back to the browser: the device collects the answer itself (RFC 8628 §3.4).
function answerForDevice(c: Context, result: Settled, context: ServerContext, call: Call): Response {
  call.ports.logger.info('device.settled', { result })
  if (result === 'gone') return sendErrorPage(c, 400, { kind: 'expired_transaction' }, call.tenant, context)
  // An address of its own: a reload shows it again, and posts nothing.
  return deliverRedirect(c, `${context.issuer}activate/${result === 'approved' ? 'connected' : 'declined'}`)
}
