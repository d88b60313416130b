import { type BackChannelMessage, sendBackChannel } from '../oauth/logout/notify.ts'
import { beginCall, type ServerContext } from './server-context.ts'

/** How long to wait before each attempt to tell a client, in milliseconds. */
const attemptsAfter = [0, 1000, 5000, 30_000] as const

/** Tells clients that a session ended, beside the answer to the browser: a client that is down must not hold it up. */
export function deliverLogoutTokens(messages: readonly BackChannelMessage[], context: ServerContext): void {
  for (const message of messages) attempt(message, 0, context)
}

function attempt(message: BackChannelMessage, count: number, context: ServerContext): void {
  const delay = attemptsAfter[count]
  if (delay === undefined) {
    context.ports.logger.error('logout.back_channel_given_up', { client_id: message.client.id })
    return
  }
  const timer = setTimeout(() => void deliver(message, count, context), delay)
  // A retry must not keep a stopping process alive; the first attempt is under way before.
  if (count > 0) timer.unref()
}

async function deliver(message: BackChannelMessage, count: number, context: ServerContext): Promise<void> {
  try {
    if (await sendBackChannel(message, await beginCall(context))) return
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    context.ports.logger.error('logout.back_channel_failed', { client_id: message.client.id, reason })
  }
  attempt(message, count + 1, context)
}
