import type { ClientEntry } from '@valetkey/api'
import type { Client, ClientLogout } from '../domain/client.ts'
import type { Contradiction } from './client-contradictions.ts'
import { compact } from './step.ts'

/** How the client learns of a logout: what the entry says, else what is stored. */
export function logoutFrom(entry: ClientEntry, stored: Client | undefined): Pick<Client, 'logout'> {
  const own = entry.valetkey
  const before = stored?.logout
  const urls = entry.oidc_logout?.backchannel_logout_urls
  const backchannelUri = urls === undefined ? before?.backchannelUri : urls[0]
  const frontchannelUri = own?.frontchannel_logout_uri ?? before?.frontchannelUri
  const logout: ClientLogout = compact({
    backchannelUri,
    backchannelSessionRequired:
      own?.backchannel_logout_session_required ?? before?.backchannelSessionRequired,
    frontchannelUri: frontchannelUri === '' ? undefined : frontchannelUri,
    frontchannelSessionRequired:
      own?.frontchannel_logout_session_required ?? before?.frontchannelSessionRequired,
  })
  return logout.backchannelUri === undefined && logout.frontchannelUri === undefined ? {} : { logout }
}

/** OpenID Connect Front-Channel Logout §2: the page in the frame must be of an origin that the client proved to be its own. */
export function logoutMistakes({ logout, redirectUris }: Client): readonly Contradiction[] {
  const origin = URL.parse(logout?.frontchannelUri ?? '')?.origin
  if (origin === undefined || redirectUris.some((uri) => URL.parse(uri)?.origin === origin)) return []
  const message = 'must have scheme, host and port of one of the callbacks'
  return [{ member: ['valetkey', 'frontchannel_logout_uri'], message }]
}
