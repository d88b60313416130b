import type { Context, Hono } from 'hono'
import type { Call } from '../oauth/call.ts'
import { readsQueryToken, type UserInfoOutcome, userInfo } from '../oauth/endpoints/userinfo.ts'
import type { RawParameters } from '../oauth/params.ts'
import { Refusal } from '../oauth/refusal.ts'
import { openCors, preflight } from './cors.ts'
import { header } from './header.ts'
import { oauthError, oauthJson } from './oauth-json.ts'
import { bodyParameters, queryParameters } from './parameters.ts'
import { beginCall, type ServerContext } from './server-context.ts'

/** The UserInfo endpoint (OpenID Connect Core §5.3), by GET and POST. */
export function userInfoRoutes(app: Hono, context: ServerContext): void {
  app.options('/userinfo', () => preflight('GET, POST', '*'))
  app.on(['GET', 'POST'], '/userinfo', async (c) => {
    const call = await beginCall(context)
    const body = await formOf(c, context)
    if (body instanceof Refusal) return refused(body, false, call)
    const inQuery = queryToken(c, call)
    const tokens = [...headerToken(c), ...tokensAmong(body), ...inQuery]
    const outcome = await userInfo({ tokens, inQuery: inQuery.length > 0 }, call)
    // RFC 6750 §2.3: no cache keeps what a URL with a token answered.
    return answer(outcome, inQuery.length > 0 ? { 'cache-control': 'private, no-store' } : {}, call)
  })
}

// RFC 6750 §2.2: a body parameter counts in a form, not in a query.
async function formOf(c: Context, context: ServerContext): Promise<RawParameters | Refusal> {
  const isForm = header(c, 'content-type')?.toLowerCase().startsWith('application/x-www-form-urlencoded')
  if (c.req.method !== 'POST' || isForm !== true) return []
  try {
    return await bodyParameters(c, context.requestBodyBytes)
  } catch (error) {
    if (error instanceof Refusal) return error
    throw error
  }
}

function headerToken(c: Context): readonly string[] {
  const [, token] = /^bearer +(.+)$/i.exec(header(c, 'authorization') ?? '') ?? []
  return token === undefined ? [] : [token.trim()]
}

function queryToken(c: Context, call: Call): readonly string[] {
  return c.req.method === 'GET' && readsQueryToken(call) ? tokensAmong(queryParameters(c)) : []
}

function tokensAmong(parameters: RawParameters): readonly string[] {
  return parameters.flatMap(({ name, value }) => (name === 'access_token' ? [value ?? ''] : []))
}

const statuses: Readonly<Record<string, number>> = { invalid_token: 401, insufficient_scope: 403 }

function answer(outcome: UserInfoOutcome, caching: Readonly<Record<string, string>>, call: Call): Response {
  if (outcome.kind === 'answered') return oauthJson(200, outcome.claims, { ...openCors, ...caching })
  if (outcome.kind === 'jwt') {
    const headers = {
      'content-type': 'application/jwt',
      'cache-control': 'no-store',
      ...openCors,
      ...caching,
    }
    return new Response(outcome.jwt, { headers })
  }
  return refused(outcome.refusal, outcome.anonymous, call)
}

function refused(refusal: Refusal, anonymous: boolean, call: Call): Response {
  const { rule, detail } = refusal
  call.ports.logger.info('userinfo.refused', { rule: rule.id, clause: rule.clause, detail })
  // RFC 6750 §3.1: who sent no token at all gets 401 and no error code.
  const status = anonymous ? 401 : (statuses[refusal.error] ?? 400)
  const details = anonymous ? '' : `, error="${refusal.error}", error_description="${refusal.description}"`
  return oauthError(refusal, status, { ...openCors, 'www-authenticate': `Bearer realm="Users"${details}` })
}
