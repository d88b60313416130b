import type { Client } from '../../domain/client.ts'
import type { Call } from '../call.ts'

/**
 * Keeps a client that registered itself from being removed as unused: it got something. One write in its life; where another
 * change was faster, the next tokens tell.
 */
export async function noteUse({ unusedUntil, ...client }: Client, call: Call): Promise<void> {
  if (unusedUntil !== undefined) await call.store.clients.update(client)
}
