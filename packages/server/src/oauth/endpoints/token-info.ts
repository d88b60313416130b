import { decodeJwt } from 'jose'
import type { ClientId } from '../../domain/ids.ts'
import type { Call } from '../call.ts'
import { readIdTokenHint } from '../id-token-hint.ts'
import { type RawParameters, readParams, required } from '../params.ts'
import { refuse } from '../refusal.ts'
import { rule } from '../rule.ts'

const invalid = rule({
  id: 'token_info.invalid_token',
  clause: 'OIDC Core §3.1.3.7',
  error: 'invalid_token',
  description: 'id_token is no ID token of this server that is in force',
  status: 401,
})
export const tokenInfoRules = [invalid] as const

/** Whether the tenant switched on what only Auth0's older clients ask for. */
export function offersTokenInfo({ tenant }: Call): boolean {
  return tenant.settings.allowTokenInfo === true
}

/**
 * Checks an ID token for a client that cannot (Auth0's `/tokeninfo`), and answers what the token itself says: whoever holds
 * it learns nothing more. The client compares `aud` with its own id. Throws `invalid_token`.
 */
export async function tokenInfo(
  parameters: RawParameters,
  call: Call,
): Promise<Readonly<Record<string, unknown>>> {
  const { id_token } = readParams(parameters, { id_token: required(16_384) })
  const proven = await readIdTokenHint(id_token, call)
  if (proven === undefined) throw refuse(invalid)
  const claims = decodeJwt(id_token)
  if (claims.exp === undefined || claims.exp <= call.now) throw refuse(invalid, 'expired')
  const client = await call.store.clients.find(proven.clientId as ClientId)
  if (client === undefined) throw refuse(invalid, 'the client is gone')
  const user = proven.userId && (await call.store.users.find(proven.userId))
  if (user === undefined || user.blocked) throw refuse(invalid, 'the user is gone or blocked')
  return { ...claims, user_id: proven.subject, clientID: proven.clientId }
}
