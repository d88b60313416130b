import type { Client } from '../domain/client.ts'
import type { User } from '../domain/user.ts'
import type { Call } from './call.ts'

/**
 * The `sub` by which a client knows a user (OpenID Connect Core §8): the user's id, or for a pairwise client a value that
 * no other sector can link to it (§8.1).
 */
export function subjectFor(user: User, client: Client, call: Call): string {
  if (client.pairwise === undefined) return user.id
  return call.ports.sealer.mac(`${sectorOf(client)}\n${user.id}`, 'pairwise_subject')
}

// OpenID Connect Core §8.1: the host of the sector identifier, or else of the redirection URIs.
function sectorOf(client: Client): string {
  const uri = client.pairwise?.sectorIdentifierUri ?? client.redirectUris[0] ?? ''
  return URL.parse(uri)?.host ?? client.id
}
