import type { Client } from '../../domain/client.ts'
import type { ClientId } from '../../domain/ids.ts'
import type { RequestedRedirectUri } from '../../domain/transaction.ts'
import type { Call } from '../call.ts'
import {
  lenientParam,
  optional,
  parameterRules,
  type RawParameters,
  readParams,
  required,
} from '../params.ts'
import { isRegisteredRedirectUri } from '../redirect-uri.ts'
import { refuse } from '../refusal.ts'
import { rule } from '../rule.ts'
import type { Destination } from './destination.ts'

const unknownClient = rule({
  id: 'authorize.client_unknown',
  clause: 'RFC 6749 §4.1.2.1',
  error: 'invalid_request',
  description: 'client_id names no client of this server',
  help: 'Compare client_id with the client_id of the application in the tenant, and check that the application talks to the right server.',
})
const redirectUriNotRegistered = rule({
  id: 'authorize.redirect_uri_not_registered',
  clause: 'RFC 6749 §3.1.2.4',
  error: 'invalid_request',
  description: 'redirect_uri is not registered for this client; it is compared as a string',
  help: 'Add the exact redirect_uri, with scheme, port, path and query, to the callbacks of the application, or send one that is listed there.',
})
const redirectUriMissing = rule({
  id: 'authorize.redirect_uri_missing',
  clause: 'RFC 6749 §3.1.2.3',
  error: 'invalid_request',
  description:
    'redirect_uri is required: an OpenID request must name it, and so must a client that registered several',
  help: 'Send redirect_uri with one of the callbacks of the application.',
})

/** The rules of identification, in the order in which they are checked. Each one ends on a page, never in a redirect. */
export const identifyRules = [
  ...parameterRules,
  unknownClient,
  redirectUriNotRegistered,
  redirectUriMissing,
] as const

/** Finds the client and proves the redirection URI. Throws a refusal that must be shown as a page (RFC 6749 §4.1.2.1). */
export async function identify(raw: RawParameters, call: Call): Promise<Destination> {
  const params = readParams(raw, { client_id: required(), redirect_uri: optional() })
  const client = await call.store.clients.find(params.client_id as ClientId)
  if (client === undefined) throw refuse(unknownClient)
  const redirectUri = provenRedirectUri(params.redirect_uri, raw, client)
  const state = lenientParam(raw, 'state')
  return {
    client,
    redirectUri,
    responseMode: answeringMode(raw, call),
    ...(state !== undefined && { state }),
  }
}

function provenRedirectUri(
  requested: string | undefined,
  raw: RawParameters,
  client: Client,
): RequestedRedirectUri {
  if (requested !== undefined) {
    if (!isRegisteredRedirectUri(requested, client)) throw refuse(redirectUriNotRegistered)
    return { value: requested, sent: true }
  }
  const [only, ...others] = client.redirectUris
  // OpenID Connect Core §3.1.2.1 requires the parameter whatever is registered.
  const isOpenid = (lenientParam(raw, 'scope') ?? '').split(' ').includes('openid')
  if (only === undefined || others.length > 0 || isOpenid || only.includes('*'))
    throw refuse(redirectUriMissing)
  return { value: only, sent: false }
}

// An unknown mode is refused by its own check; that refusal needs a way to travel.
function answeringMode(raw: RawParameters, call: Call): string {
  const requested = lenientParam(raw, 'response_mode')
  return requested !== undefined && call.registry.responseModes.has(requested) ? requested : 'query'
}
