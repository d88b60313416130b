import type { AuthorizationRequest } from '../../domain/transaction.ts'
import type { Call } from '../call.ts'
import { parameterRules, readParams } from '../params.ts'
import type { Rule } from '../rule.ts'
import { authorizeParams } from './check.ts'
import { checkAcrValues } from './check-acr.ts'
import { checkClaims } from './check-claims.ts'
import { checkConnection } from './check-connection.ts'
import { checkIdTokenHint } from './check-id-token-hint.ts'
import { checkMaxAge } from './check-max-age.ts'
import { checkOpenid } from './check-openid.ts'
import { checkPkce } from './check-pkce.ts'
import { checkPrompt } from './check-prompt.ts'
import { checkRequestForm, requestFormRules } from './check-request-form.ts'
import { checkResponseMode } from './check-response-mode.ts'
import { checkResponseType } from './check-response-type.ts'
import { checkTarget } from './check-target.ts'
import type { Destination } from './destination.ts'
import type { Unwrapped } from './unwrap.ts'

/** The rules of the checks, in the order of `check`: a golden file holds it. Each one ends in a redirect. */
export const authorizeCheckRules: readonly Rule[] = [
  ...requestFormRules,
  ...parameterRules,
  ...checkResponseType.rules,
  ...checkResponseMode.rules,
  ...checkOpenid.rules,
  ...checkPkce.rules,
  ...checkPrompt.rules,
  ...checkMaxAge.rules,
  ...checkClaims.rules,
  ...checkAcrValues.rules,
  ...checkIdTokenHint.rules,
  ...checkConnection.rules,
  ...checkTarget.rules,
]

/** Turns raw parameters into a checked request. Throws a refusal that travels to the proven destination. */
export async function check(request: Unwrapped, to: Destination, call: Call): Promise<AuthorizationRequest> {
  checkRequestForm(request, to.client)
  const params = readParams(request.parameters, authorizeParams)
  const responseType = await checkResponseType.check(params, to.client, call)
  const responseMode = await checkResponseMode.check(params, to.client, call)
  const nonce = await checkOpenid.check(params, to.client, call)
  const pkce = await checkPkce.check(params, to.client, call)
  const prompt = await checkPrompt.check(params, to.client, call)
  const maxAgeSeconds = await checkMaxAge.check(params, to.client, call)
  const claims = await checkClaims.check(params, to.client, call)
  const acrValues = await checkAcrValues.check(params, to.client, call)
  const expectedSubject = await checkIdTokenHint.check(params, to.client, call)
  await checkConnection.check(params, to.client, call)
  const target = await checkTarget.check(params, to.client, call)
  return {
    clientId: to.client.id,
    redirectUri: to.redirectUri,
    ...(to.relay !== undefined && { relay: to.relay }),
    responseType,
    responseMode,
    prompt,
    acrValues,
    ...target,
    ...(request.pushed !== undefined && { pushed: request.pushed }),
    ...(pkce !== undefined && { pkce }),
    ...(claims !== undefined && { claims }),
    ...(expectedSubject !== undefined && { expectedSubject }),
    ...(maxAgeSeconds !== undefined && { maxAgeSeconds }),
    ...(params.state !== undefined && { state: params.state }),
    ...(nonce !== undefined && { nonce }),
    ...(params.login_hint !== undefined && { loginHint: params.login_hint }),
    ...(params.ui_locales !== undefined && { uiLocales: params.ui_locales }),
  }
}
