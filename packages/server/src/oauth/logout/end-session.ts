// Owns the end of a session: whether a request may end it at once, and where the browser goes afterwards.
import type { Client } from '../../domain/client.ts'
import type { ClientId } from '../../domain/ids.ts'
import type { Login } from '../../domain/session.ts'
import type { Call } from '../call.ts'
import { type IdTokenHint, readIdTokenHint } from '../id-token-hint.ts'
import { optional, parameterRules, type RawParameters, readParams } from '../params.ts'
import { Refusal, refuse } from '../refusal.ts'
import { rule } from '../rule.ts'
import { sessionIdFor, subjectFor } from '../subject.ts'

const invalidHint = rule({
  id: 'logout.id_token_hint_invalid',
  clause: 'OIDC RP-Initiated Logout §2',
  error: 'invalid_request',
  description: 'id_token_hint is not an ID token of this server',
})
const twoClients = rule({
  id: 'logout.client_differs',
  clause: 'OIDC RP-Initiated Logout §2',
  error: 'invalid_request',
  description: 'client_id is not the client that id_token_hint was issued to',
})
const unknownClient = rule({
  id: 'logout.client_unknown',
  clause: 'OIDC RP-Initiated Logout §2',
  error: 'invalid_request',
  description: 'client_id names no client of this server',
})
const notRegistered = rule({
  id: 'logout.redirect_uri_not_registered',
  clause: 'OIDC RP-Initiated Logout §3',
  error: 'invalid_request',
  description: 'post_logout_redirect_uri is not registered for this client; it is compared as a string',
  help: 'Add the exact post_logout_redirect_uri to the allowed logout URLs of the application.',
})
export const endSessionRules = [
  ...parameterRules,
  invalidHint,
  twoClients,
  unknownClient,
  notRegistered,
] as const

const params = {
  id_token_hint: optional(32_768),
  logout_hint: optional(),
  client_id: optional(),
  post_logout_redirect_uri: optional(),
  state: optional(32_768),
  ui_locales: optional(),
} as const

/** A checked logout request. */
export interface LogoutRequest {
  /** Where the browser goes afterwards, `state` included; absent where it stays on our page. */
  readonly returnTo?: string
  /** Whether the client proved that it speaks of the session at hand, so that nobody has to be asked. */
  readonly proven: boolean
  readonly uiLocales?: string
}

/** Checks a request of OpenID Connect RP-Initiated Logout §2. A refusal is shown as a page. */
export async function checkLogout(
  raw: RawParameters,
  login: Login | undefined,
  call: Call,
): Promise<LogoutRequest | Refusal> {
  try {
    const read = readParams(raw, params)
    const hint = read.id_token_hint === undefined ? undefined : await knownHint(read.id_token_hint, call)
    if (hint !== undefined && read.client_id !== undefined && hint.clientId !== read.client_id)
      throw refuse(twoClients)
    const client = await clientOf(hint?.clientId ?? read.client_id, call)
    const returnTo = provenReturn(read.post_logout_redirect_uri, read.state, client)
    return {
      proven: speaksOf(login, hint, read.logout_hint, client, call),
      ...(returnTo !== undefined && { returnTo }),
      ...(read.ui_locales !== undefined && { uiLocales: read.ui_locales }),
    }
  } catch (error) {
    if (error instanceof Refusal) return error
    throw error
  }
}

async function knownHint(token: string, call: Call): Promise<IdTokenHint> {
  const hint = await readIdTokenHint(token, call)
  if (hint === undefined) throw refuse(invalidHint)
  return hint
}

async function clientOf(id: string | undefined, call: Call): Promise<Client | undefined> {
  if (id === undefined) return undefined
  const client = await call.store.clients.find(id as ClientId)
  if (client === undefined) throw refuse(unknownClient)
  return client
}

// §3: without a client nobody vouches for the URI, so that it is not followed.
function provenReturn(uri: string | undefined, state: string | undefined, client: Client | undefined) {
  if (uri === undefined || client === undefined) return undefined
  if (!client.allowedLogoutUrls.includes(uri)) throw refuse(notRegistered)
  if (state === undefined) return uri
  return `${uri}${uri.includes('?') ? '&' : '?'}${new URLSearchParams({ state })}`
}

function speaksOf(
  login: Login | undefined,
  hint: IdTokenHint | undefined,
  logoutHint: string | undefined,
  client: Client | undefined,
  call: Call,
): boolean {
  if (login === undefined) return true
  if (logoutHint !== undefined && logoutHint === sidOf(login, client, call)) return true
  if (hint === undefined || client === undefined) return false
  return hint.sessionId === undefined
    ? hint.subject === subjectFor(login.user, client, call)
    : hint.sessionId === sidOf(login, client, call)
}

function sidOf({ session }: Login, client: Client | undefined, call: Call): string {
  return client === undefined ? session.id : sessionIdFor(session.id, client, call)
}
