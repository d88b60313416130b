import { artifactKind } from '../domain/artifact.ts'
import { randomToken } from '../domain/ports.ts'
import { hashed } from '../domain/secrets.ts'
import type { TenantCall } from '../domain/tenant-call.ts'
import { type Attempt, type AttemptLimits, keysOf } from './attempts.ts'

const unblockTicket = artifactKind<{ readonly keys: readonly string[] }>('unblock')

/**
 * Tells the owner that the account is locked, with a way out. The answer to the attempt does not wait for it: it would tell
 * by its time that there is such an account, and mail that cannot be sent is not the visitor's matter.
 */
export function tellOwner(attempt: Attempt, to: string, limits: AttemptLimits, call: TenantCall): void {
  call.ports.background.run(async () => {
    try {
      await mailUnblock(attempt, to, limits, call)
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error)
      call.ports.logger.error('mail.failed', { what: 'unblock', message })
    }
  })
}

async function mailUnblock(
  attempt: Attempt,
  to: string,
  limits: AttemptLimits,
  call: TenantCall,
): Promise<void> {
  const ticket = randomToken(call.ports.random)
  const { account, overall } = keysOf(attempt)
  const artifact = { body: { keys: [account, overall] }, expiresAt: call.now + limits.windowSeconds }
  await call.store.artifacts.put(unblockTicket, hashed(ticket), artifact, call.now)
  const name = call.tenant.settings.friendlyName
  await call.ports.mailer.send({
    to,
    subject: `${name}: too many failed logins`,
    text: [
      `Somebody tried to log in to your ${name} account with wrong passwords, the last time from ${attempt.address}.`,
      'Further attempts are refused for a while.',
      '',
      'If that was you, open this link to try again at once:',
      `${call.issuer}u/unblock?ticket=${ticket}`,
      '',
      'If it was not, there is nothing you have to do.',
    ].join('\n'),
  })
}

/** Whether an unblock link can still be used. Uses nothing up: programs that look at mail open its links too. */
export async function isUnblockTicket(ticket: string, call: TenantCall): Promise<boolean> {
  return (await call.store.artifacts.peek(unblockTicket, hashed(ticket), call.now)) !== undefined
}

/** Uses an unblock link. Answers whether it was one. */
export async function unblock(ticket: string, call: TenantCall): Promise<boolean> {
  const found = await call.store.artifacts.take(unblockTicket, hashed(ticket), call.now)
  if (found === undefined) return false
  await Promise.all(found.keys.map((key) => call.store.counters.reset(key)))
  return true
}
