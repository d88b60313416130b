import type { Client } from '../../domain/client.ts'
import type { Login } from '../../domain/session.ts'
import type { Call } from '../call.ts'
import { sessionIdFor } from '../subject.ts'
import type { Delivery } from './delivery.ts'
import { mintLogoutToken } from './logout-token.ts'

/** The clients that took part in a session, before it is deleted. */
export async function participants({ session }: Login, call: Call): Promise<readonly Client[]> {
  const ids = await call.store.sessions.clientsOf(session.id)
  const clients = await Promise.all(ids.map((id) => call.store.clients.find(id)))
  return clients.filter((client) => client !== undefined)
}

/** The pages of clients that end their sessions when they are loaded in a frame (OpenID Connect Front-Channel Logout §3). */
export function frontChannelUrls(
  clients: readonly Client[],
  { session }: Login,
  call: Call,
): readonly string[] {
  return clients.flatMap((client) => {
    const { logout } = client
    const url = URL.parse(logout?.frontchannelUri ?? '')
    if (url === null) return []
    if (logout?.frontchannelSessionRequired === true) {
      url.searchParams.set('iss', call.issuer)
      url.searchParams.set('sid', sessionIdFor(session.id, client, call))
    }
    return [url.href]
  })
}

/**
 * Sends one message with a token of its own, so that a repeated one is no replay (OpenID Connect Back-Channel Logout §2.5).
 * Answers whether the client took it, or is not to be told any more; throws `FetchRefused` where it could not be asked.
 */
export async function sendBackChannel(
  { clientId, userId, sessionId }: Delivery,
  call: Call,
): Promise<boolean> {
  const client = await call.store.clients.find(clientId)
  const url = client?.logout?.backchannelUri
  if (client === undefined || url === undefined) return true
  const token = await mintLogoutToken(client, userId, sessionId, call)
  const { status } = await call.ports.fetcher.fetch({
    url,
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ logout_token: token }).toString(),
  })
  // §2.8: 200; some frameworks answer 204 where there is no body.
  if (status === 200 || status === 204) return true
  call.ports.logger.warn('logout.back_channel_refused', { client_id: client.id, status })
  return false
}
