// Owns whose users a pairwise client shares its names with (OpenID Connect Core §8.1).
import type { Client } from '../domain/client.ts'
import { deviceGrantType } from './device/device-authorization.ts'
import { isLoopbackHost } from './redirect-uri.ts'

/** The sector of a client: the host of its sector identifier, or else of its redirection URIs; itself where no host is its own. */
export function sectorOf(client: Client): string {
  if (isUnproven(client)) return client.id
  return sectorHost(client.pairwise?.sectorIdentifierUri ?? client.redirectUris[0] ?? '') ?? client.id
}

/** The host that a URI speaks for; `undefined` for a loopback host or a private scheme, which everybody has. */
export function sectorHost(uri: string): string | undefined {
  const url = URL.parse(uri)
  const hasHost = url?.protocol === 'https:' || url?.protocol === 'http:'
  return hasHost && !isLoopbackHost(url.hostname) ? url.hostname : undefined
}

// What goes to a redirection URI proves its host; a device collects its answer itself, whatever host its registration names.
function isUnproven({ registration, grantTypes }: Client): boolean {
  return registration !== undefined && grantTypes.includes(deviceGrantType)
}
