import { type Client, isVouchedFor } from '../domain/client.ts'
import { networkOf } from '../domain/network.ts'
import { hashed } from '../domain/secrets.ts'
import type { Call } from './call.ts'
import { isConfidential } from './client-auth/keeps.ts'

/** What is stored until its owner comes: an authorization request, a pushed one, a device's. */
export type WaitingKind = 'transaction' | 'pushed_request' | 'device_code'

/**
 * Counts a request that is about to be stored, and answers whether its network may have it (RFC 6819 §4.4.1.11): nobody is
 * known yet who could be held to account for what is stored, so that a network is.
 */
export async function mayWait(kind: WaitingKind, call: Call): Promise<boolean> {
  const { perAddress, windowSeconds } = call.limits.waitingRequests
  const key = `${kind}:${hashed(networkOf(call.address))}`
  return (await call.store.counters.hit(key, windowSeconds, call.now)) <= perAddress
}

/** Whether everybody could send this client's requests: it proves nothing, or everybody can register one that does. */
export function isAnonymous(client: Client, call: Call): boolean {
  return !isConfidential(client, call) || !isVouchedFor(client)
}
