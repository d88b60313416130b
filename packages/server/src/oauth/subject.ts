import type { Client } from '../domain/client.ts'
import type { SessionId } from '../domain/ids.ts'
import type { User } from '../domain/user.ts'
import type { Call } from './call.ts'

/**
 * The `sub` by which a client knows a user (OpenID Connect Core §8): the user's id, or for a pairwise client a value that
 * no other sector can link to it (§8.1).
 */
export function subjectFor({ id }: Pick<User, 'id'>, client: Client, call: Call): string {
  if (client.pairwise === undefined) return id
  return call.ports.sealer.mac(`${sectorOf(client)}\n${id}`, 'pairwise_subject')
}

/**
 * The `sid` by which a client knows a session (OpenID Connect Back-Channel Logout §2.1): a pairwise client must not find
 * its users in the session ids of another sector either.
 */
export function sessionIdFor(id: SessionId, client: Client, call: Call): string {
  if (client.pairwise === undefined) return id
  return call.ports.sealer.mac(`${sectorOf(client)}\n${id}`, 'pairwise_session')
}

// OpenID Connect Core §8.1: the host of the sector identifier, or else of the redirection URIs. A private scheme has no host
// that would be anybody's own: such a client is a sector by itself.
function sectorOf(client: Client): string {
  const url = URL.parse(client.pairwise?.sectorIdentifierUri ?? client.redirectUris[0] ?? '')
  const hasHost = url?.protocol === 'https:' || url?.protocol === 'http:'
  return hasHost ? url.hostname : client.id
}
