import type { Client } from '../domain/client.ts'
import type { User } from '../domain/user.ts'
import type { Call } from './call.ts'
import { sectorOf } from './sector.ts'

/**
 * The `sub` by which a client knows a user (OpenID Connect Core §8): the user's id, or for a pairwise client a value that
 * no other sector can link to it (§8.1).
 */
export function subjectFor(user: User, client: Client, call: Call): string {
  if (client.pairwise === undefined) return user.id
  return call.ports.sealer.mac(`${sectorOf(client)}\n${user.id}`, 'pairwise_subject')
}
