import type { Client, Keeps } from '../domain/client.ts'
import { keyMistakes } from './client-key-contradictions.ts'
import { logoutMistakes } from './client-logout.ts'

/** What single members of a client cannot show: pairs of member path and message. `keeps`: what its method says. */
export function clientContradictions(client: Client, keeps: Keeps): readonly Contradiction[] {
  return [
    ...(keeps === 'nothing' ? publicClientMistakes(client) : []),
    ...refreshTokenMistakes(client),
    ...wildcardMistakes(client),
    ...logoutMistakes(client),
    ...keyMistakes(client),
  ]
}

export interface Contradiction {
  readonly member: readonly (string | number)[]
  readonly message: string
}

function publicClientMistakes(client: Client): readonly Contradiction[] {
  const found: Contradiction[] = []
  if (client.grantTypes.includes('client_credentials'))
    found.push({
      member: ['grant_types'],
      message: 'client_credentials needs a client that authenticates (RFC 6749 §4.4)',
    })
  if (!client.pkce.required)
    found.push({
      member: ['valetkey', 'pkce', 'required'],
      message: 'a public client must use PKCE (RFC 9700 §2.1.1)',
    })
  if (client.grantTypes.includes('refresh_token') && !client.refreshToken.rotating)
    found.push({
      member: ['refresh_token', 'rotation_type'],
      message: 'a public client must rotate its refresh tokens (RFC 9700 §2.2.2): set rotating and expiring',
    })
  if (client.resourceServerIdentifier !== undefined)
    found.push({
      member: ['resource_server_identifier'],
      message: 'an API that asks about tokens must authenticate (RFC 7662 §2.1)',
    })
  return found
}

function refreshTokenMistakes({ refreshToken }: Client): readonly Contradiction[] {
  const { rotating, lifetimeSeconds, idleLifetimeSeconds } = refreshToken
  if (rotating && lifetimeSeconds === undefined && idleLifetimeSeconds === undefined)
    return [
      { member: ['refresh_token', 'expiration_type'], message: 'rotating refresh tokens must be expiring' },
    ]
  if (lifetimeSeconds !== undefined && (idleLifetimeSeconds ?? 0) > lifetimeSeconds)
    return [
      {
        member: ['refresh_token', 'idle_token_lifetime'],
        message: 'must not be longer than token_lifetime',
      },
    ]
  return []
}

function wildcardMistakes(client: Client): readonly Contradiction[] {
  if (client.allowSubdomainWildcards) return []
  const lists = {
    callbacks: client.redirectUris,
    allowed_origins: client.allowedOrigins,
    web_origins: client.webOrigins,
    allowed_logout_urls: client.allowedLogoutUrls,
  }
  return Object.entries(lists).flatMap(([list, values]) =>
    values.flatMap((value, index) =>
      value.includes('*')
        ? [
            {
              member: [list, index],
              message:
                'a * gives what belongs to this client to any subdomain (RFC 9700 §2.1): name the hosts, or set valetkey.allow_subdomain_wildcards',
            },
          ]
        : [],
    ),
  )
}
