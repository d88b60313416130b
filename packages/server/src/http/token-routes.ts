import type { Context, Hono } from 'hono'
import type { ClientId } from '../domain/ids.ts'
import type { Call } from '../oauth/call.ts'
import { lenientParam, type RawParameters } from '../oauth/params.ts'
import { Refusal } from '../oauth/refusal.ts'
import { tokenEndpoint } from '../oauth/token/endpoint.ts'
import { corsFor, preflight } from './cors.ts'
import { oauthError, oauthJson, statusOf } from './oauth-json.ts'
import { bodyParameters } from './parameters.ts'
import { beginCall, type ServerContext } from './server-context.ts'

/** The token endpoint (RFC 6749 §3.2). */
export function tokenRoutes(app: Hono, context: ServerContext): void {
  app.options('/oauth/token', (c) => preflight('POST', c.req.header('origin')))
  app.post('/oauth/token', async (c) => {
    const call = await beginCall(context)
    const parameters = await parametersOrRefusal(c, context)
    if (parameters instanceof Refusal) return refused(parameters, c, {}, call)
    const cors = await corsOf(c, parameters, call)
    const outcome = await tokenEndpoint({ authorization: c.req.header('authorization'), parameters }, call)
    if (outcome.kind === 'refused') return refused(outcome.refusal, c, cors, call)
    return oauthJson(200, outcome.response, cors)
  })
}

async function parametersOrRefusal(c: Context, context: ServerContext): Promise<RawParameters | Refusal> {
  try {
    return await bodyParameters(c, context.requestBodyBytes)
  } catch (error) {
    if (error instanceof Refusal) return error
    throw error
  }
}

function refused(refusal: Refusal, c: Context, cors: Readonly<Record<string, string>>, call: Call): Response {
  call.ports.logger.info('token.refused', {
    rule: refusal.rule.id,
    clause: refusal.rule.clause,
    detail: refusal.detail,
  })
  const status = statusOf(refusal.error)
  // RFC 6749 §5.2: a client that tried the Authorization header learns the scheme.
  const challenge = status === 401 && c.req.header('authorization') !== undefined
  return oauthError(refusal, status, {
    ...cors,
    ...(challenge && { 'www-authenticate': 'Basic realm="token", charset="UTF-8"' }),
  })
}

async function corsOf(c: Context, parameters: RawParameters, call: Call) {
  const origin = c.req.header('origin')
  const clientId = lenientParam(parameters, 'client_id')
  if (origin === undefined || clientId === undefined) return {}
  return corsFor(await call.store.clients.find(clientId as ClientId), origin)
}
