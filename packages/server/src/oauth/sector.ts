// Owns whose users a pairwise client shares its names with (OpenID Connect Core §8.1).
import type { Client } from '../domain/client.ts'
import { sectorHost } from '../domain/sector-host.ts'
import { deviceGrantType } from './device/device-authorization.ts'

/** The sector of a client: the host of its sector identifier, or else of its redirection URIs; itself where no host is its own. */
export function sectorOf(client: Client): string {
  if (isUnproven(client)) return client.id
  return sectorHost(client.pairwise?.sectorIdentifierUri ?? client.redirectUris[0] ?? '') ?? client.id
}

// What goes to a redirection URI proves its host; a device collects its answer itself, whatever host its registration names.
function isUnproven({ registration, grantTypes }: Client): boolean {
  return registration !== undefined && grantTypes.includes(deviceGrantType)
}
