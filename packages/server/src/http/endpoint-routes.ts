import type { Context, Hono } from 'hono'
import type { ClientId } from '../domain/ids.ts'
import type { Call } from '../oauth/call.ts'
import { callEndpoint, type Endpoint, type EndpointOutcome } from '../oauth/endpoints/endpoint.ts'
import { lenientParam, type RawParameters } from '../oauth/params.ts'
import { Refusal } from '../oauth/refusal.ts'
import { clientCertificate } from './client-certificate.ts'
import { corsFor, openCors, preflight } from './cors.ts'
import { header } from './header.ts'
import { oauthError, oauthJson, statusOf } from './oauth-json.ts'
import { bodyParameters } from './parameters.ts'
import { beginCall, type ServerContext } from './server-context.ts'

/** Every registered endpoint that clients call directly. */
export function endpointRoutes(app: Hono, context: ServerContext): void {
  for (const endpoint of context.registry.endpoints.values()) {
    app.options(`/${endpoint.path}`, (c) => preflight('POST', header(c, 'origin')))
    app.post(`/${endpoint.path}`, (c) => handle(c, endpoint, context))
  }
}

async function handle(c: Context, endpoint: Endpoint, context: ServerContext): Promise<Response> {
  const call = await beginCall(context, c)
  const parameters = await parametersOrRefusal(c, context)
  // Nobody knows whose page asks: what is wrong with a body is the same for everybody, and any page may read it.
  if (parameters instanceof Refusal) return refused(endpoint, parameters, c, openCors, call)
  const cors = await corsOf(c, parameters, call)
  const request = {
    authorization: header(c, 'authorization'),
    accept: header(c, 'accept'),
    parameters,
    certificate: clientCertificate(c, context),
  }
  const outcome = await callEndpoint(endpoint, request, call)
  return outcome.kind === 'refused'
    ? refused(endpoint, outcome.refusal, c, cors, call)
    : answered(outcome, cors)
}

type Headers = Readonly<Record<string, string>>

function answered(answer: Exclude<EndpointOutcome, { kind: 'refused' }>, cors: Headers): Response {
  switch (answer.kind) {
    case 'json':
      return oauthJson(answer.status ?? 200, answer.body, cors)
    case 'jwt':
      return new Response(answer.body, {
        headers: { 'content-type': answer.mediaType, 'cache-control': 'no-store', ...cors },
      })
    case 'empty':
      return new Response(null, { status: 200, headers: { 'cache-control': 'no-store', ...cors } })
    default:
      return answer satisfies never
  }
}

async function parametersOrRefusal(c: Context, context: ServerContext): Promise<RawParameters | Refusal> {
  try {
    return await bodyParameters(c, context.requestBodyBytes)
  } catch (error) {
    if (error instanceof Refusal) return error
    throw error
  }
}

function refused(endpoint: Endpoint, refusal: Refusal, c: Context, cors: Headers, call: Call): Response {
  call.ports.logger.info('endpoint.refused', {
    path: endpoint.path,
    rule: refusal.rule.id,
    clause: refusal.rule.clause,
    detail: refusal.detail,
  })
  const status = refusal.rule.status ?? statusOf(refusal.error)
  // RFC 6749 §5.2: a client that tried the Authorization header learns the scheme.
  const challenge = status === 401 && header(c, 'authorization') !== undefined
  return oauthError(refusal, status, {
    ...cors,
    ...(status === 503 && { 'retry-after': '2' }),
    ...(challenge && { 'www-authenticate': 'Basic realm="token", charset="UTF-8"' }),
  })
}

async function corsOf(c: Context, parameters: RawParameters, call: Call) {
  const origin = header(c, 'origin')
  const clientId = lenientParam(parameters, 'client_id')
  if (origin === undefined || clientId === undefined) return {}
  return corsFor(await call.store.clients.find(clientId as ClientId), origin)
}
