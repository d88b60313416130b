import { endSession } from '../accounts/sessions.ts'
import type { Client } from '../domain/client.ts'
import type { Login } from '../domain/session.ts'
import type { Call } from '../oauth/call.ts'
import {
  claimDelivery,
  type Delivery,
  dropDelivery,
  type KeptDelivery,
  keepDeliveries,
  retryAfter,
  waitingDeliveries,
} from '../oauth/logout/delivery.ts'
import { participants, sendBackChannel } from '../oauth/logout/notify.ts'
import { beginCall, type ServerContext } from './server-context.ts'

/**
 * Ends a session and tells the clients that took part in it, beside the answer to the browser: a client that is down must
 * not hold it up (OpenID Connect Back-Channel Logout §2.5). Of two logouts at once, one tells. Answers the clients.
 */
export async function endLogin(login: Login, context: ServerContext, call: Call): Promise<readonly Client[]> {
  const clients = await participants(login, call)
  // Before the session ends: were the process to die in between, nobody would ever be told.
  const deliveries = await keepDeliveries(clients, login, call)
  if (!(await endSession(login, call))) {
    await Promise.all(deliveries.map((kept) => dropDelivery(kept, call)))
    return []
  }
  for (const kept of deliveries) context.ports.background.run(() => attempt(kept, context))
  return clients
}

/** How many clients are told at once of what another process left. */
const pageSize = 20

/** Goes on with messages whose processes were stopped, as long as this one may. Never rejects. */
export async function takeUpDeliveries(context: ServerContext, isStopping: () => boolean): Promise<void> {
  try {
    const call = await beginCall(context)
    let after: string | undefined
    do {
      const page = await waitingDeliveries({ limit: pageSize, ...(after !== undefined && { after }) }, call)
      const due = page.items.filter(({ delivery }) => delivery.dueAt <= call.now)
      await Promise.all(due.map((kept) => attempt(kept, context)))
      after = page.next
    } while (after !== undefined && !isStopping())
  } catch (error) {
    context.ports.logger.warn('logout.back_channel_not_taken_up', { reason: reasonOf(error) })
  }
}

// Nobody waits for this work, so that whatever goes wrong ends here, in the log; what stays in the store is taken up later.
async function attempt(kept: KeptDelivery, context: ServerContext): Promise<void> {
  const { background, logger } = context.ports
  const { delivery } = kept
  try {
    const call = await beginCall(context)
    const claimed = await claimDelivery(kept, call)
    if (claimed === undefined) return
    const { next } = claimed
    if (await hasTaken(delivery, call)) {
      if (next !== undefined) await dropDelivery(next, call)
    } else if (next === undefined) {
      logger.error('logout.back_channel_given_up', { client_id: delivery.clientId })
    } else {
      background.run(() => attempt(next, context), retryAfter(delivery))
    }
  } catch (error) {
    logger.warn('logout.back_channel_failed', { client_id: delivery.clientId, reason: reasonOf(error) })
  }
}

async function hasTaken(delivery: Delivery, call: Call): Promise<boolean> {
  try {
    return await sendBackChannel(delivery, call)
  } catch (error) {
    const reason = reasonOf(error)
    call.ports.logger.warn('logout.back_channel_failed', { client_id: delivery.clientId, reason })
    return false
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
