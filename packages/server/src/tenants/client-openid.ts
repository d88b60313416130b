import type { ClientEntry } from '@valetkey/api'
import type { Client } from '../domain/client.ts'
import { sectorHost } from '../domain/sector-host.ts'
import type { Contradiction } from './client-contradictions.ts'
import { compact } from './step.ts'

type OpenidMembers = Pick<
  Client,
  'pairwise' | 'defaultMaxAgeSeconds' | 'requireAuthTime' | 'defaultAcrValues'
>

/** What an entry says about the logins of the client (OpenID Connect Registration §2); absent members keep what is stored. */
export function openidFrom({ valetkey: own }: ClientEntry, stored: Client | undefined): OpenidMembers {
  const acrValues = own?.default_acr_values ?? stored?.defaultAcrValues
  return compact({
    pairwise: pairwiseFrom(own, stored),
    defaultMaxAgeSeconds: own?.default_max_age ?? stored?.defaultMaxAgeSeconds,
    requireAuthTime: own?.require_auth_time ?? stored?.requireAuthTime,
    defaultAcrValues: acrValues?.length === 0 ? undefined : acrValues,
  })
}

function pairwiseFrom(own: ClientEntry['valetkey'], stored: Client | undefined): Client['pairwise'] {
  const type = own?.subject_type ?? (stored?.pairwise === undefined ? 'public' : 'pairwise')
  if (type === 'public') return undefined
  const uri = own?.sector_identifier_uri ?? stored?.pairwise?.sectorIdentifierUri
  return compact({ sectorIdentifierUri: uri === '' ? undefined : uri })
}

/** OpenID Connect Core §8.1: what the `sub` of a pairwise client is made of must be one host. */
export function sectorMistakes({ pairwise, redirectUris }: Client): readonly Contradiction[] {
  const hosts = new Set(redirectUris.map(sectorHost))
  if (pairwise === undefined || pairwise.sectorIdentifierUri !== undefined || hosts.size < 2) return []
  const message = 'callbacks of several hosts need a sector_identifier_uri (OpenID Connect Core §8.1)'
  return [{ member: ['valetkey', 'subject_type'], message }]
}
