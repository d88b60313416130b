import { FetchRefused } from '../../../domain/ports.ts'
import { sectorHost } from '../../../domain/sector-host.ts'
import type { Call } from '../../call.ts'
import { refuse } from '../../refusal.ts'
import { rule } from '../../rule.ts'
import { defineRegistrationPolicy } from '../policy.ts'

const unreadable = rule({
  id: 'registration.sector_unreadable',
  clause: 'OIDC Registration §5',
  error: 'invalid_client_metadata',
  description: 'sector_identifier_uri must answer with a JSON array of redirection URIs',
})
const notListed = rule({
  id: 'registration.sector_lacks_redirect_uri',
  clause: 'OIDC Registration §5',
  error: 'invalid_client_metadata',
  description: 'Every redirection URI must be listed at sector_identifier_uri',
})
const ambiguous = rule({
  id: 'registration.sector_missing',
  clause: 'OIDC Core §8.1',
  error: 'invalid_client_metadata',
  description: 'Pairwise subjects for redirection URIs of several hosts need a sector_identifier_uri',
})

/** Who shares the pairwise subjects of a client. */
export const sectorPolicy = defineRegistrationPolicy({
  name: 'sector',
  rules: [ambiguous, unreadable, notListed],
  async review({ subject_type, sector_identifier_uri: uri, redirect_uris }, _context, call) {
    const hosts = new Set(redirect_uris.map(sectorHost))
    if (subject_type === 'pairwise' && uri === undefined && hosts.size > 1) throw refuse(ambiguous)
    if (uri === undefined) return {}
    const listed = await fetchList(uri, call)
    if (!redirect_uris.every((redirectUri) => listed.includes(redirectUri))) throw refuse(notListed)
    return {}
  },
})

async function fetchList(url: string, call: Call): Promise<readonly unknown[]> {
  try {
    const answer = await call.ports.fetcher.fetch({ url, headers: { accept: 'application/json' } })
    const list: unknown = answer.status === 200 ? JSON.parse(answer.text) : undefined
    if (Array.isArray(list)) return list
  } catch (error) {
    if (!(error instanceof FetchRefused || error instanceof SyntaxError)) throw error
    throw refuse(unreadable, error.message)
  }
  throw refuse(unreadable, 'no array')
}
