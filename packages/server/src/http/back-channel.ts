import { endSession } from '../accounts/sessions.ts'
import type { Client } from '../domain/client.ts'
import type { Login } from '../domain/session.ts'
import type { Call } from '../oauth/call.ts'
import {
  type BackChannelMessage,
  backChannelMessages,
  participants,
  sendBackChannel,
} from '../oauth/logout/notify.ts'
import { beginCall, type ServerContext } from './server-context.ts'

/** How long to wait before each further attempt to tell a client. */
const retryAfterSeconds = [1, 5, 30] as const

/**
 * Ends a session and tells the clients that took part in it, beside the answer to the browser: a client that is down must
 * not hold it up (OpenID Connect Back-Channel Logout §2.5). Of two logouts at once, one tells. Answers the clients.
 */
export async function endLogin(login: Login, context: ServerContext, call: Call): Promise<readonly Client[]> {
  const clients = await participants(login, call)
  if (!(await endSession(login, call))) return []
  for (const message of backChannelMessages(clients, login)) attempt(message, 0, context)
  return clients
}

function attempt(message: BackChannelMessage, count: number, context: ServerContext): void {
  const { background, logger } = context.ports
  const delay = count === 0 ? 0 : retryAfterSeconds[count - 1]
  if (delay === undefined) logger.error('logout.back_channel_given_up', { client_id: message.client.id })
  else background.run(() => inTurn(message, () => send(message, count, context), context), delay)
}

function inTurn(
  { client }: BackChannelMessage,
  work: () => Promise<void>,
  { deliveries }: ServerContext,
): Promise<void> {
  return deliveries.run(URL.parse(client.logout?.backchannelUri ?? '')?.host ?? '', work)
}

async function send(message: BackChannelMessage, count: number, context: ServerContext): Promise<void> {
  if (await hasTaken(message, context)) return
  attempt(message, count + 1, context)
}

// Nobody waits for this work, so that whatever goes wrong ends here, in the log.
async function hasTaken(message: BackChannelMessage, context: ServerContext): Promise<boolean> {
  try {
    return await sendBackChannel(message, await beginCall(context))
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    context.ports.logger.warn('logout.back_channel_failed', { client_id: message.client.id, reason })
    return false
  }
}
