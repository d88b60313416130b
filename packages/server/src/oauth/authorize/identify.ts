import type { Client } from '../../domain/client.ts'
import type { RequestedRedirectUri } from '../../domain/transaction.ts'
import type { Call } from '../call.ts'
import { lenientParam, optional, parameterRules, type RawParameters, readParams } from '../params.ts'
import { isRegisteredRedirectUri } from '../redirect-uri.ts'
import { refuse } from '../refusal.ts'
import type { MessageRelay } from '../response-modes/response-mode.ts'
import { rule } from '../rule.ts'
import type { Destination } from './destination.ts'
import { findClient, unknownClient } from './find-client.ts'
import { defaultResponseMode, isFrontChannel, parseResponseType } from './response-type.ts'

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
const noneRegistered = rule({
  id: 'authorize.no_redirect_uri_registered',
  clause: 'RFC 6749 §3.1.2.2',
  error: 'invalid_request',
  description: 'This client has no redirection URI and cannot use the authorization endpoint',
  help: 'Add the redirect_uri of the application to its callbacks.',
})
const originNotRegistered = rule({
  id: 'authorize.web_origin_not_registered',
  clause: 'RFC 9700 §4.17.2',
  error: 'invalid_request',
  description: 'The specified redirect_uri does not have a registered origin.',
  help: 'Add the origin of redirect_uri to the allowed web origins of the application.',
})

/** The rules of identification, in the order in which they are checked. Each one ends on a page, never in a redirect. */
export const identifyRules = [
  ...parameterRules,
  unknownClient,
  noneRegistered,
  redirectUriNotRegistered,
  redirectUriMissing,
  originNotRegistered,
] as const

/** Finds the client and proves the redirection URI. Throws a refusal that must be shown as a page (RFC 6749 §4.1.2.1). */
export async function identify(raw: RawParameters, call: Call): Promise<Destination> {
  const client = await findClient(raw, call)
  const params = readParams(raw, { redirect_uri: optional() })
  const redirectUri = provenRedirectUri(params.redirect_uri, raw, client)
  const state = lenientParam(raw, 'state')
  const responseMode = answeringMode(raw, redirectUri.value, client, call)
  const relay = responseMode === 'web_message' ? provenRelay(raw, client) : undefined
  return {
    client,
    redirectUri,
    responseMode,
    ...(state !== undefined && { state }),
    ...(relay !== undefined && { relay }),
  }
}

function provenRedirectUri(
  requested: string | undefined,
  raw: RawParameters,
  client: Client,
): RequestedRedirectUri {
  if (client.redirectUris.length === 0) throw refuse(noneRegistered)
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
function answeringMode(raw: RawParameters, redirectUri: string, client: Client, call: Call): string {
  const requested = lenientParam(raw, 'response_mode')
  const type = parseResponseType(lenientParam(raw, 'response_type') ?? '')
  const mode = requested === undefined ? undefined : call.registry.responseModes.get(requested)
  if (requested === undefined || mode === undefined) return defaultResponseMode(type)
  if (requested === 'web_message' && !hasWebOrigin(redirectUri, client)) throw refuse(originNotRegistered)
  // Never tokens in a query: nor their errors, which travel where the tokens would have.
  const isRefused = !mode.carriesTokens && type !== undefined && isFrontChannel(type)
  return isRefused ? defaultResponseMode(type) : requested
}

// A message goes to whoever has the origin, so the whole origin must be the client's.
function hasWebOrigin(redirectUri: string, client: Client): boolean {
  const origin = URL.parse(redirectUri)?.origin ?? 'null'
  // Private schemes and sandboxed frames share the origin `null`, which is nobody's own.
  return origin !== 'null' && client.webOrigins.includes(origin)
}

function provenRelay(raw: RawParameters, client: Client): MessageRelay | undefined {
  const uri = lenientParam(raw, 'web_message_uri')
  const target = lenientParam(raw, 'web_message_target')
  if (uri === undefined || target === undefined) return undefined
  if (!hasWebOrigin(uri, client)) throw refuse(originNotRegistered)
  return { uri: new URL(uri).origin, target }
}
