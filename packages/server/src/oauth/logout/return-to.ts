import { type Client, isVouchedFor } from '../../domain/client.ts'
import type { ClientId } from '../../domain/ids.ts'
import type { Call } from '../call.ts'
import { optional, parameterRules, type RawParameters, readParams } from '../params.ts'
import { matchesWildcard } from '../redirect-uri.ts'
import { Refusal, refuse } from '../refusal.ts'
import { rule } from '../rule.ts'

const notANavigation = rule({
  id: 'logout.not_a_navigation',
  clause: 'RFC 9700 §4.7',
  error: 'invalid_request',
  description: 'A page of another site must not log anybody out unseen: send the browser itself here',
  help: 'Go to /v2/logout with the whole window, not with an image, a frame or fetch.',
})
const notAllowed = rule({
  id: 'logout.return_to_not_allowed',
  clause: 'RFC 9700 §4.11.1',
  error: 'invalid_request',
  // Auth0's wording, less the quotation of the request.
  description: 'The returnTo querystring parameter is not defined as a valid URL in Allowed Logout URLs.',
  help: 'Add returnTo, less its query and fragment, to the allowed logout URLs of the application or, without client_id, of the tenant.',
})
const unknownClient = rule({
  id: 'logout.return_to_client_unknown',
  clause: 'RFC 9700 §4.11.1',
  error: 'invalid_request',
  description: 'client_id names no client of this server',
})
export const returnToRules = [notANavigation, ...parameterRules, unknownClient, notAllowed] as const

const params = { client_id: optional(), returnTo: optional(32_768) } as const

/**
 * Where Auth0's `/v2/logout` leads: `returnTo` if it is allowed, else the client's first allowed URL, else nowhere. Nobody proves
 * anything and nobody is asked, so that at least the browser must go there itself.
 */
export async function returnTo(
  raw: RawParameters,
  isNavigation: boolean,
  call: Call,
): Promise<string | Refusal | undefined> {
  try {
    if (!isNavigation) throw refuse(notANavigation)
    return await checkedReturn(raw, call)
  } catch (error) {
    if (error instanceof Refusal) return error
    throw error
  }
}

async function checkedReturn(raw: RawParameters, call: Call): Promise<string | undefined> {
  const { client_id: clientId, returnTo: requested } = readParams(raw, params)
  const client = clientId === undefined ? undefined : await call.store.clients.find(clientId as ClientId)
  // Which of two addresses counts, or whose list, would be a guess, and a guess must not lead a browser anywhere.
  if (clientId !== undefined && client === undefined) throw refuse(unknownClient)
  const allowed = clientId === undefined ? (call.tenant.settings.allowedLogoutUrls ?? []) : urlsOf(client)
  if (requested === undefined) return clientId === undefined || !isLedTo(client) ? undefined : allowed[0]
  // Auth0: query and fragment do not count in the comparison.
  const bare = requested.replace(/[?#].*$/, '')
  const isAllowed = allowed.some((url) => isSame(bare, url.replace(/[?#].*$/, ''), client))
  if (!isAllowed) throw refuse(notAllowed)
  return isLedTo(client) ? requested : undefined
}

// RFC 9700 §4.11.2: nothing here proves that a client that anybody could register is more than an address.
function isLedTo(client: Client | undefined): boolean {
  return client === undefined || isVouchedFor(client)
}

// Auth0: a star stands for one label, as in a callback, where the client switched it on.
function isSame(bare: string, allowed: string, client: Client | undefined): boolean {
  return bare === allowed || (client?.allowSubdomainWildcards === true && matchesWildcard(bare, allowed))
}

function urlsOf(client: Client | undefined): readonly string[] {
  return client?.allowedLogoutUrls ?? []
}
