import type { Hono } from 'hono'
import { offersTokenInfo, tokenInfo } from '../oauth/endpoints/token-info.ts'
import { Refusal } from '../oauth/refusal.ts'
import { openCors, preflight } from './cors.ts'
import { oauthError, oauthJson, statusOf } from './oauth-json.ts'
import { bodyParameters } from './parameters.ts'
import { beginCall, type ServerContext } from './server-context.ts'

/** Auth0's older `/tokeninfo`; not there unless the tenant switches it on. */
export function tokenInfoRoutes(app: Hono, context: ServerContext): void {
  app.options('/tokeninfo', () => preflight('POST', '*'))
  app.post('/tokeninfo', async (c) => {
    const call = await beginCall(context, c)
    if (!offersTokenInfo(call)) return c.notFound()
    try {
      const parameters = await bodyParameters(c, context.requestBodyBytes)
      return oauthJson(200, await tokenInfo(parameters, call), openCors)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      const { rule, detail } = error
      call.ports.logger.info('token_info.refused', { rule: rule.id, clause: rule.clause, detail })
      return oauthError(error, rule.status ?? statusOf(error.error), openCors)
    }
  })
}
