import { artifactKind } from '../domain/artifact.ts'
import { randomToken } from '../domain/ports.ts'
import { hashed } from '../domain/secrets.ts'
import type { TenantCall } from '../domain/tenant-call.ts'
import type { User } from '../domain/user.ts'

/** How many failed logins are borne, and how long they are counted together. */
export interface AttemptLimits {
  readonly failedLoginsPerAccount: number
  readonly failedLoginsPerAddress: number
  readonly windowSeconds: number
}

/** Who tries to log in, and from where. */
export interface Attempt {
  readonly identifier: string
  readonly address: string
}

const unblockTicket = artifactKind<{ readonly key: string }>('unblock')

// Counted under the account and the address together, so that a stranger elsewhere cannot lock the owner out.
function accountKey({ identifier, address }: Attempt): string {
  return `login:account:${hashed(`${identifier.toLowerCase()}\n${address}`)}`
}

function addressKey({ address }: Attempt): string {
  return `login:address:${hashed(address)}`
}

/** Counts an attempt before its password is looked at, so that parallel guesses do not slip through. */
export async function admit(
  attempt: Attempt,
  limits: AttemptLimits,
  call: TenantCall,
): Promise<'admitted' | 'locked'> {
  const [byAccount, byAddress] = await Promise.all([
    call.store.counters.hit(accountKey(attempt), limits.windowSeconds, call.now),
    call.store.counters.read(addressKey(attempt), call.now),
  ])
  const isLocked = byAccount > limits.failedLoginsPerAccount || byAddress >= limits.failedLoginsPerAddress
  return isLocked ? 'locked' : 'admitted'
}

/** Notes a wrong password. The owner is told once, with a way out, when the last attempt was used up. */
export async function noteFailure(
  attempt: Attempt,
  user: User | undefined,
  limits: AttemptLimits,
  call: TenantCall,
): Promise<void> {
  await call.store.counters.hit(addressKey(attempt), limits.windowSeconds, call.now)
  const used = await call.store.counters.read(accountKey(attempt), call.now)
  if (used === limits.failedLoginsPerAccount && user?.email !== undefined)
    await mailUnblock(attempt, user.email, limits, call)
}

export async function noteSuccess(attempt: Attempt, call: TenantCall): Promise<void> {
  await call.store.counters.reset(accountKey(attempt))
}

async function mailUnblock(
  attempt: Attempt,
  to: string,
  limits: AttemptLimits,
  call: TenantCall,
): Promise<void> {
  const ticket = randomToken(call.ports.random)
  const artifact = { body: { key: accountKey(attempt) }, expiresAt: call.now + limits.windowSeconds }
  await call.store.artifacts.put(unblockTicket, hashed(ticket), artifact, call.now)
  const name = call.tenant.settings.friendlyName
  await call.ports.mailer.send({
    to,
    subject: `${name}: too many failed logins`,
    text: [
      `Somebody at ${attempt.address} tried to log in to your ${name} account with wrong passwords.`,
      'Further attempts from there are refused for a while.',
      '',
      'If that was you, open this link to try again at once:',
      `${call.issuer}u/unblock?ticket=${ticket}`,
      '',
      'If it was not, there is nothing you have to do.',
    ].join('\n'),
  })
}

/** Uses an unblock link. Answers whether it was one. */
export async function unblock(ticket: string, call: TenantCall): Promise<boolean> {
  const found = await call.store.artifacts.take(unblockTicket, hashed(ticket), call.now)
  if (found !== undefined) await call.store.counters.reset(found.key)
  return found !== undefined
}
