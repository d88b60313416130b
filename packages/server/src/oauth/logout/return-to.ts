import type { Client } from '../../domain/client.ts'
import type { ClientId } from '../../domain/ids.ts'
import type { Call } from '../call.ts'
import { optional, parameterRules, type RawParameters, readParams } from '../params.ts'
import { matchesWildcard } from '../redirect-uri.ts'
import { Refusal, refuse } from '../refusal.ts'
import { rule } from '../rule.ts'

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
export const returnToRules = [...parameterRules, unknownClient, notAllowed] as const

const params = { client_id: optional(), returnTo: optional(32_768) } as const

/** Where Auth0's `/v2/logout` leads: `returnTo` if it is allowed, else the client's first allowed URL, else nowhere. */
export async function returnTo(raw: RawParameters, call: Call): Promise<string | Refusal | undefined> {
  try {
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
  if (requested === undefined) return clientId === undefined ? undefined : allowed[0]
  // Auth0: query and fragment do not count in the comparison.
  const bare = requested.replace(/[?#].*$/, '')
  const isAllowed = allowed.some((url) => isSame(bare, url.replace(/[?#].*$/, ''), client))
  if (!isAllowed) throw refuse(notAllowed)
  return requested
}

// Auth0: a star stands for one label, as in a callback, where the client switched it on.
function isSame(bare: string, allowed: string, client: Client | undefined): boolean {
  return bare === allowed || (client?.allowSubdomainWildcards === true && matchesWildcard(bare, allowed))
}

function urlsOf(client: Client | undefined): readonly string[] {
  return client?.allowedLogoutUrls ?? []
}
