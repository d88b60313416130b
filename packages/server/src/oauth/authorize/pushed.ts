import { artifactKind } from '../../domain/artifact.ts'
import type { Client } from '../../domain/client.ts'
import type { ClientId, EpochSeconds } from '../../domain/ids.ts'
import { randomToken } from '../../domain/ports.ts'
import { type Hashed, hashed } from '../../domain/secrets.ts'
import type { Call } from '../call.ts'
import { refuse, refuseForNow } from '../refusal.ts'
import { rule } from '../rule.ts'
import { isAnonymous, mayWait } from '../waiting-requests.ts'
import { authorizeParams } from './check.ts'
import type { Unwrapped } from './unwrap.ts'

const unusable = rule({
  id: 'par.request_uri_unusable',
  clause: 'RFC 9126 §4',
  error: 'invalid_request_uri',
  description: 'request_uri has expired, was used already, or was given to another client',
})
export const pushedRules = [unusable] as const
const tooLarge = rule({
  id: 'par.too_large',
  clause: 'RFC 9126 §2.3',
  error: 'invalid_request',
  description: 'The pushed request is too large',
  status: 413,
})
const tooMany = rule({
  id: 'par.too_many',
  clause: 'RFC 6819 §4.4.1.11',
  error: 'too_many_requests',
  description: 'Too many requests were pushed from this address. Try again later.',
})
export const keepingRules = [tooLarge, tooMany] as const

const prefix = 'urn:ietf:params:oauth:request_uri:'
const defaultLifetimeSeconds = 30
/** In characters, of names and values together. */
const maxLength = 16_384

/** What somebody reads later; anything else is not worth keeping. */
const kept: readonly string[] = [...Object.keys(authorizeParams), 'web_message_uri', 'web_message_target']

interface PushedRequest {
  readonly clientId: ClientId
  readonly parameters: readonly (readonly [name: string, value: string])[]
  readonly isSigned: boolean
  readonly expiresAt: EpochSeconds
}

const pushedRequest = artifactKind<PushedRequest>('pushed_request')

/** A fresh reference to a pushed request (RFC 9126 §2.2), and its hash. */
export function newRequestUri(call: Call): { readonly uri: string; readonly hash: Hashed } {
  const uri = `${prefix}${randomToken(call.ports.random)}`
  return { uri, hash: hashed(uri) }
}

export function isPushedRequestUri(requestUri: string): boolean {
  return requestUri.startsWith(prefix)
}

/**
 * Stores a checked request under its reference. Answers how long that may be used, in seconds. Throws where it is too large, or
 * one of too many by nobody in particular.
 */
export async function keepPushed(
  request: Unwrapped,
  hash: Hashed,
  client: Client,
  call: Call,
): Promise<number> {
  const lifetime = client.pushedRequestLifetimeSeconds ?? defaultLifetimeSeconds
  const parameters = request.parameters.flatMap(({ name, value }) =>
    value === undefined || !kept.includes(name) ? [] : [[name, value] as const],
  )
  if (parameters.flat().join('').length > maxLength) throw refuse(tooLarge)
  if (isAnonymous(client, call) && !(await mayWait('pushed_request', call)))
    throw refuseForNow(tooMany, call.limits.waitingRequests.windowSeconds)
  const expiresAt = call.now + lifetime
  const body: PushedRequest = { clientId: client.id, parameters, isSigned: request.isSigned, expiresAt }
  await call.store.artifacts.put(pushedRequest, hash, { body, expiresAt }, call.now)
  return lifetime
}

/**
 * Keeps a pushed request for as long as its owner may take: that it can be taken then proves that nobody finished before. Throws
 * `invalid_request_uri` when somebody did meanwhile.
 */
export async function holdPushed(hash: Hashed, expiresAt: EpochSeconds, call: Call): Promise<void> {
  const isThere = await call.store.artifacts.extend(pushedRequest, hash, expiresAt, call.now)
  if (!isThere) throw refuse(unusable, 'used or expired')
}

/** The request behind a reference. Throws `invalid_request_uri` unless it lives and is the client's (RFC 9126 §4). */
export async function findPushed(requestUri: string, client: Client, call: Call): Promise<Unwrapped> {
  const hash = hashed(requestUri)
  const found = await call.store.artifacts.peek(pushedRequest, hash, call.now)
  if (found === undefined || found.expiresAt <= call.now) throw refuse(unusable, 'unknown, used or expired')
  if (found.clientId !== client.id) throw refuse(unusable, 'of another client')
  const parameters = found.parameters.map(([name, value]) => ({ name, value }))
  return { parameters, isSigned: found.isSigned, pushed: hash }
}

/**
 * Uses a pushed request up, when its response is made and not when its page is loaded: a browser may load it twice. Throws
 * `invalid_request_uri` for all but the first (RFC 9126 §4).
 */
export async function usePushed(hash: Hashed, call: Call): Promise<void> {
  const taken = await call.store.artifacts.take(pushedRequest, hash, call.now)
  if (taken === undefined) throw refuse(unusable, 'used')
}
