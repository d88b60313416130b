import { networkOf } from '../domain/network.ts'
import { hashed } from '../domain/secrets.ts'
import type { TenantCall } from '../domain/tenant-call.ts'

/** How many failed logins are borne, and how long they are counted together. */
export interface AttemptLimits {
  /** At one account from one network. */
  readonly failedLoginsPerAccount: number
  /** At one account, wherever they come from. */
  readonly failedLoginsPerAccountOverall: number
  /** From one network, at whatever account. */
  readonly failedLoginsPerAddress: number
  readonly windowSeconds: number
}

/** Who tries to log in, and from where. */
export interface Attempt {
  readonly identifier: string
  readonly address: string
}

/** `isLast`: a wrong password would be the last one that is borne at this account. Exactly one attempt is told so. */
export type Admission = { readonly kind: 'admitted'; readonly isLast: boolean } | { readonly kind: 'locked' }

/** The counters of an attempt. What is tried is counted as it was typed: a name and an address that lock together would tell that they belong together. */
export function keysOf({ identifier, address }: Attempt) {
  const network = networkOf(address)
  const account = identifier.toLowerCase()
  return {
    // Under the network too, so that a stranger elsewhere does not lock the owner out with a few guesses.
    account: `login:account:${hashed(`${account}\n${network}`)}`,
    overall: `login:overall:${hashed(account)}`,
    network: `login:address:${hashed(network)}`,
  }
}

/** Counts an attempt before its password is looked at, so that parallel guesses do not slip through. */
export async function admit(attempt: Attempt, limits: AttemptLimits, call: TenantCall): Promise<Admission> {
  const { account, overall, network } = keysOf(attempt)
  const hit = (key: string) => call.store.counters.hit(key, limits.windowSeconds, call.now)
  const [byNetwork, byAccount] = await Promise.all([hit(network), hit(account)])
  if (byNetwork > limits.failedLoginsPerAddress) return { kind: 'locked' }
  if (byAccount > limits.failedLoginsPerAccount) return lockedWithout([network], call)
  // Last, so that somebody who is locked already does not lock the account for everybody.
  const inAll = await hit(overall)
  if (inAll > limits.failedLoginsPerAccountOverall) return lockedWithout([network, account], call)
  const isLast = byAccount === limits.failedLoginsPerAccount || inAll === limits.failedLoginsPerAccountOverall
  return { kind: 'admitted', isLast }
}

// An attempt that is refused unseen is no failed login.
async function lockedWithout(keys: readonly string[], call: TenantCall): Promise<Admission> {
  await giveBack(keys, call)
  return { kind: 'locked' }
}

/** Forgets the failures at the account from here; to everybody else only this attempt was none. */
export async function noteSuccess(attempt: Attempt, call: TenantCall): Promise<void> {
  const { account, overall, network } = keysOf(attempt)
  await Promise.all([call.store.counters.reset(account), giveBack([overall, network], call)])
}

/** Takes back an attempt whose password was not looked at. */
export async function noteUnchecked(attempt: Attempt, call: TenantCall): Promise<void> {
  await giveBack(Object.values(keysOf(attempt)), call)
}

async function giveBack(keys: readonly string[], call: TenantCall): Promise<void> {
  await Promise.all(keys.map((key) => call.store.counters.giveBack(key, call.now)))
}
