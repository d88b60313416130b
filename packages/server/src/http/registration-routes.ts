import type { Context, Hono } from 'hono'
import type { Call } from '../oauth/call.ts'
import { Refusal } from '../oauth/refusal.ts'
import {
  readRegistration,
  registerClient,
  registrationPath,
  removeRegistration,
  replaceRegistration,
} from '../oauth/registration/register.ts'
import { openCors, preflight } from './cors.ts'
import { header } from './header.ts'
import { oauthError, oauthJson, statusOf } from './oauth-json.ts'
import { bodyObject } from './parameters.ts'
import { beginCall, type ServerContext } from './server-context.ts'

/** Clients register themselves (RFC 7591), and read, replace and remove their registration (RFC 7592). */
export function registrationRoutes(app: Hono, context: ServerContext): void {
  const collection = `/${registrationPath}`
  const one = `/${registrationPath}/:client`
  const body = (c: Context) => bodyObject(c, context.requestBodyBytes)
  app.options(collection, () => preflight('POST', '*'))
  app.options(one, () => preflight('GET, PUT, DELETE', '*'))
  app.post(collection, (c) =>
    answer(c, context, async (call) => {
      const registered = await registerClient(await body(c), bearer(c), call)
      return oauthJson(201, registered, openCors)
    }),
  )
  app.get(one, (c) =>
    answer(c, context, async (call) =>
      oauthJson(200, await readRegistration(c.req.param('client'), bearer(c), call), openCors),
    ),
  )
  app.put(one, (c) =>
    answer(c, context, async (call) => {
      const replaced = await replaceRegistration(c.req.param('client'), await body(c), bearer(c), call)
      return oauthJson(200, replaced, openCors)
    }),
  )
  app.delete(one, (c) =>
    answer(c, context, async (call) => {
      await removeRegistration(c.req.param('client'), bearer(c), call)
      return new Response(null, { status: 204, headers: { 'cache-control': 'no-store', ...openCors } })
    }),
  )
}

// RFC 6750 §2.1.
function bearer(c: Context): string | undefined {
  const [, token] = /^bearer +(.+)$/i.exec(header(c, 'authorization') ?? '') ?? []
  return token?.trim()
}

async function answer(
  c: Context,
  context: ServerContext,
  act: (call: Call) => Promise<Response>,
): Promise<Response> {
  const call = await beginCall(context, c)
  try {
    return await act(call)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const { rule, detail } = error
    call.ports.logger.info('registration.refused', { rule: rule.id, clause: rule.clause, detail })
    const status = rule.status ?? statusOf(error.error)
    const challenge = `Bearer realm="registration", error="${error.error}"`
    return oauthError(error, status, {
      ...openCors,
      ...(status === 401 && { 'www-authenticate': challenge }),
    })
  }
}
