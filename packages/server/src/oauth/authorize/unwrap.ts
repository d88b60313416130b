import type { Client } from '../../domain/client.ts'
import { FetchRefused } from '../../domain/ports.ts'
import type { Hashed } from '../../domain/secrets.ts'
import type { Call } from '../call.ts'
import { lenientParam, optional, parameterRules, type RawParameters, readParams } from '../params.ts'
import { refuse } from '../refusal.ts'
import { rule } from '../rule.ts'
import { findClient, unknownClient } from './find-client.ts'
import { findPushed, isPushedRequestUri, pushedRules } from './pushed.ts'
import { openRequestObject, requestObjectRules } from './request-object.ts'

const both = rule({
  id: 'authorize.request_and_request_uri',
  clause: 'RFC 9101 §5',
  error: 'invalid_request',
  description: 'request and request_uri must not be used together',
})
const notRegistered = rule({
  id: 'request_uri.not_registered',
  clause: 'OIDC Core §6.2',
  error: 'invalid_request_uri',
  description: 'request_uri is not registered for this client',
})
const unreachable = rule({
  id: 'request_uri.unreachable',
  clause: 'RFC 9101 §5.2.3',
  error: 'invalid_request_uri',
  description: 'request_uri could not be fetched',
})
const mediaType = rule({
  id: 'request_uri.media_type',
  clause: 'RFC 9101 §5.2.3',
  error: 'invalid_request_uri',
  description: 'request_uri must answer application/oauth-authz-req+jwt',
})
const otherResponseType = rule({
  id: 'request_object.response_type',
  clause: 'OIDC Core §6.1',
  error: 'invalid_request_object',
  description: 'The response_type of the request object must be the one outside',
})

/** The rules of opening a request, in the order in which they are checked. */
export const unwrapRules = [
  ...parameterRules,
  both,
  unknownClient,
  ...pushedRules,
  notRegistered,
  unreachable,
  mediaType,
  ...requestObjectRules,
  otherResponseType,
] as const

/** An authorization request as plain parameters, and how they came; nothing later sees a request object. */
export interface Unwrapped {
  readonly parameters: RawParameters
  /** Whether they came in a request object. */
  readonly isSigned: boolean
  /** Hash of the `request_uri` under which they were pushed. */
  readonly pushed?: Hashed
}

const maxObjectLength = 32_768

/** Opens what `request` or `request_uri` holds (RFC 9101 §5, RFC 9126 §4). Throws a refusal that has no destination yet. */
export async function unwrap(raw: RawParameters, call: Call): Promise<Unwrapped> {
  const { request, request_uri } = readParams(raw, {
    request: optional(maxObjectLength),
    request_uri: optional(),
  })
  if (request === undefined && request_uri === undefined) return { parameters: raw, isSigned: false }
  if (request !== undefined && request_uri !== undefined) throw refuse(both)
  const client = await findClient(raw, call)
  // RFC 9126 §4: beside a pushed request nothing else counts.
  if (request_uri !== undefined && isPushedRequestUri(request_uri)) {
    return findPushed(request_uri, client, call)
  }
  const jwt = request ?? (await fetchObject(request_uri ?? '', client, call))
  const isWhole = isAllThereIs(raw, client)
  const inside = await openRequestObject(jwt, { client, isWhole }, call)
  return { parameters: merged(raw, inside, isWhole), isSigned: true }
}

/**
 * RFC 9101 §5: only what is inside counts. OpenID Connect Core §6.1 lets an OpenID request carry the rest outside, unless the
 * client registered that it always signs everything.
 */
function isAllThereIs(outside: RawParameters, client: Client): boolean {
  const isOpenid = (lenientParam(outside, 'scope') ?? '').split(' ').includes('openid')
  return !isOpenid || client.requestObject?.required === true
}

function merged(outside: RawParameters, inside: RawParameters, isWhole: boolean): RawParameters {
  const types = [outside, inside].map((parameters) => lenientParam(parameters, 'response_type'))
  if (types.every((type) => type !== undefined) && new Set(types).size > 1) throw refuse(otherResponseType)
  if (isWhole) return inside
  const names = new Set(['request', 'request_uri', ...inside.map(({ name }) => name)])
  return [...outside.filter(({ name }) => !names.has(name)), ...inside]
}

async function fetchObject(requestUri: string, client: Client, call: Call): Promise<string> {
  // OpenID Connect Core §6.2: the fragment is a hash of the content, so that it can change.
  const [url = ''] = requestUri.split('#')
  if (!(client.requestUris ?? []).some((registered) => registered.split('#')[0] === url))
    throw refuse(notRegistered)
  const { status, contentType, text } = await fetched(url, call)
  if (status !== 200) throw refuse(unreachable, `status ${status}`)
  if (!/^(?:application\/(?:oauth-authz-req\+jwt|jwt|jose)|text\/)/i.test(contentType))
    throw refuse(mediaType)
  return text.trim()
}

async function fetched(url: string, call: Call) {
  try {
    const headers = { accept: 'application/oauth-authz-req+jwt, application/jwt' }
    return await call.ports.fetcher.fetch({ url, headers, maxBytes: maxObjectLength })
  } catch (error) {
    if (error instanceof FetchRefused) throw refuse(unreachable, error.message)
    throw error
  }
}
