import type { Client } from '../../domain/client.ts'
import type { EpochSeconds } from '../../domain/ids.ts'
import { networkOf } from '../../domain/network.ts'
import { hashed } from '../../domain/secrets.ts'
import type { Call } from '../call.ts'
import type { AddressLimit } from '../limits.ts'

interface Failures {
  count: number
  readonly endsAt: EpochSeconds
}

/**
 * Wrong secrets per client and network (RFC 6819 §4.3.5): too many, and neither a wrong nor the right one is looked at from
 * there until the window ends, while everybody elsewhere goes on. What this process saw fail is in its memory, so that a
 * request which authenticates costs no look into the store; each failure is counted in the store too, and its answer says
 * what other processes saw.
 *
 * Left over, all of it small beside the length of a secret: a process that knows nothing yet (what others saw, what it saw
 * before a restart, a pair that newer ones pushed out) looks at secrets until the store has answered to the first failure,
 * at no more than the limit, and its window begins then; and assertions under a secret that arrive together are all
 * verified before the first of them has failed.
 */
export class SecretGuesses {
  readonly #limit: AddressLimit
  readonly #capacity: number
  readonly #failures = new Map<string, Failures>()

  /** `capacity`: how many pairs of client and network are remembered. */
  constructor(limit: AddressLimit, capacity = 10_000) {
    this.#limit = limit
    this.#capacity = capacity
  }

  /** How long the client has to wait in the call's network; 0 where it may try. */
  secondsToWait(client: Client, call: Call): number {
    // Mostly nobody guesses, and then a request costs nothing at all.
    if (this.#failures.size === 0) return 0
    const failures = this.#failures.get(keyOf(client, call))
    if (failures === undefined || failures.count < this.#limit.perAddress) return 0
    return Math.max(0, failures.endsAt - call.now)
  }

  /** Counts a wrong secret: here at once, so that parallel guesses do not slip through, then for all processes. */
  async count(client: Client, call: Call): Promise<void> {
    const { perAddress, windowSeconds } = this.#limit
    const key = keyOf(client, call)
    const failures = this.#running(key, call.now)
    failures.count += 1
    const inAll = await call.store.counters.hit(`client_secret:${hashed(key)}`, windowSeconds, call.now)
    failures.count = Math.max(failures.count, inAll)
    if (inAll === perAddress)
      call.ports.logger.warn('client_auth.guessed', { client_id: client.id, address: call.address })
  }

  #running(key: string, now: EpochSeconds): Failures {
    const known = this.#failures.get(key)
    if (known !== undefined && known.endsAt > now) return known
    const failures = { count: 0, endsAt: now + this.#limit.windowSeconds }
    this.#failures.delete(key)
    this.#failures.set(key, failures)
    // In the order of their beginning: the first one ends first.
    for (const oldest of this.#failures.keys()) {
      if (this.#failures.size <= this.#capacity) break
      this.#failures.delete(oldest)
    }
    return failures
  }
}

// An IPv6 address counts with its /64: one machine has all of that.
function keyOf(client: Client, call: Call): string {
  return `${call.tenant.id} ${networkOf(call.address)} ${client.id}`
}
