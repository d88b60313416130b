import type { Client } from '../domain/client.ts'
import type { SessionId } from '../domain/ids.ts'
import type { User } from '../domain/user.ts'
import type { Call } from './call.ts'
import { sectorOf } from './sector.ts'

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
