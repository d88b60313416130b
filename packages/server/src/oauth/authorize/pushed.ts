import { artifactKind } from '../../domain/artifact.ts'
import type { Client } from '../../domain/client.ts'
import type { ClientId, EpochSeconds } from '../../domain/ids.ts'
import { randomToken } from '../../domain/ports.ts'
import { type Hashed, hashed } from '../../domain/secrets.ts'
import { transactionLifetimeSeconds } from '../../domain/transaction.ts'
import type { Call } from '../call.ts'
import { refuse } from '../refusal.ts'
import { rule } from '../rule.ts'
import type { Unwrapped } from './unwrap.ts'

const unusable = rule({
  id: 'par.request_uri_unusable',
  clause: 'RFC 9126 §4',
  error: 'invalid_request_uri',
  description: 'request_uri has expired, was used already, or was given to another client',
})
export const pushedRules = [unusable] as const

const prefix = 'urn:ietf:params:oauth:request_uri:'
const defaultLifetimeSeconds = 30

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

/** Stores a checked request under its reference. Answers how long that may be used, in seconds. */
export async function keepPushed(
  request: Unwrapped,
  hash: Hashed,
  client: Client,
  call: Call,
): Promise<number> {
  const lifetime = client.pushedRequestLifetimeSeconds ?? defaultLifetimeSeconds
  const body: PushedRequest = {
    clientId: client.id,
    parameters: request.parameters.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value]])),
    isSigned: request.isSigned,
    expiresAt: call.now + lifetime,
  }
  // It must still be there when the owner has logged in: that it can be taken then proves that nobody finished before.
  const expiresAt = body.expiresAt + transactionLifetimeSeconds
  await call.store.artifacts.put(pushedRequest, hash, { body, expiresAt }, call.now)
  return lifetime
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
