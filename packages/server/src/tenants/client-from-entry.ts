import type { ClientEntry } from '@valetkey/api'
import type { Client, RefreshTokenPolicy } from '../domain/client.ts'
import type { ClientId } from '../domain/ids.ts'
import type { Sealed } from '../domain/secrets.ts'
import {
  defaultApplicationType,
  defaultAuthMethod,
  defaultGrantTypes,
  defaultRefreshToken,
  expiringLifetimes,
  idTokenLifetimeSeconds,
} from './client-defaults.ts'
import { delegationFrom } from './client-delegation.ts'
import { idTokenEncryption, keysFrom } from './client-keys.ts'
import { logoutFrom } from './client-logout.ts'
import { compact } from './step.ts'
import { keepsOf, type Target } from './target.ts'

/** The client that an entry asks for: what it says, else what is stored, else the defaults. Has no secrets yet. */
export function clientFromEntry(
  entry: ClientEntry,
  stored: Client | undefined,
  id: ClientId,
  target: Pick<Target, 'known' | 'ports'>,
): Client {
  const now = target.ports.clock.now()
  const type = entry.app_type ?? stored?.applicationType ?? defaultApplicationType
  const method =
    entry.token_endpoint_auth_method ?? stored?.tokenEndpointAuthMethod ?? defaultAuthMethod(type)
  const isPublic = keepsOf(method, target) === 'nothing'
  return compact({
    id,
    name: entry.name,
    description: orRemoved(entry.description, stored?.description),
    applicationType: type,
    isFirstParty: entry.is_first_party ?? stored?.isFirstParty ?? true,
    secrets: [] as readonly Sealed[],
    tokenEndpointAuthMethod: method,
    grantTypes: entry.grant_types ?? stored?.grantTypes ?? defaultGrantTypes(type),
    ...addresses(entry, stored),
    ...logoutFrom(entry, stored),
    ...delegationFrom(entry, stored),
    ...keysFrom(entry, stored),
    ...unsaid(stored),
    idToken: compact({
      signingAlgorithm: entry.jwt_configuration?.alg ?? stored?.idToken.signingAlgorithm ?? 'RS256',
      lifetimeSeconds:
        entry.jwt_configuration?.lifetime_in_seconds ??
        stored?.idToken.lifetimeSeconds ??
        idTokenLifetimeSeconds,
      encryption: idTokenEncryption(entry, stored),
    }),
    refreshToken: refreshTokenPolicy(
      entry.refresh_token,
      stored?.refreshToken ?? defaultRefreshToken(isPublic),
    ),
    pkce: {
      // RFC 9700 §2.1.1 demands it of public clients, and Auth0's own applications of other types may lack it.
      required: entry.valetkey?.pkce?.required ?? stored?.pkce.required ?? isPublic,
      allowPlain: entry.valetkey?.pkce?.allow_plain ?? stored?.pkce.allowPlain ?? false,
    },
    resourceServerIdentifier: orRemoved(entry.resource_server_identifier, stored?.resourceServerIdentifier),
    metadata: entry.client_metadata ?? stored?.metadata ?? {},
    createdAt: stored?.createdAt ?? now,
    updatedAt: now,
    version: stored?.version ?? 1,
  })
}

// What a client registered itself and no file has a member for: a file must not take it away.
function unsaid(stored: Client | undefined) {
  return {
    pairwise: stored?.pairwise,
    defaultMaxAgeSeconds: stored?.defaultMaxAgeSeconds,
    requireAuthTime: stored?.requireAuthTime,
    defaultAcrValues: stored?.defaultAcrValues,
    registration: stored?.registration,
  }
}

function addresses(entry: ClientEntry, stored: Client | undefined) {
  return {
    redirectUris: entry.callbacks ?? stored?.redirectUris ?? [],
    allowSubdomainWildcards:
      entry.valetkey?.allow_subdomain_wildcards ?? stored?.allowSubdomainWildcards ?? false,
    allowedOrigins: entry.allowed_origins ?? stored?.allowedOrigins ?? [],
    webOrigins: entry.web_origins ?? stored?.webOrigins ?? [],
    allowedLogoutUrls: entry.allowed_logout_urls ?? stored?.allowedLogoutUrls ?? [],
    logoUri: orRemoved(entry.logo_uri, stored?.logoUri),
    policyUri: orRemoved(entry.policy_uri, stored?.policyUri),
    tosUri: orRemoved(entry.tos_uri, stored?.tosUri),
    initiateLoginUri: orRemoved(entry.initiate_login_uri, stored?.initiateLoginUri),
  }
}

/** Empty text removes what is stored. */
export function orRemoved(given: string | undefined, stored: string | undefined): string | undefined {
  return given === '' ? undefined : (given ?? stored)
}

function refreshTokenPolicy(
  given: ClientEntry['refresh_token'],
  base: RefreshTokenPolicy,
): RefreshTokenPolicy {
  if (given === undefined) return base
  const policies = given.policies ?? base.policies
  const rotating = given.rotation_type === undefined ? base.rotating : given.rotation_type === 'rotating'
  const leewaySeconds = given.leeway ?? base.leewaySeconds
  const wasExpiring = base.lifetimeSeconds !== undefined || base.idleLifetimeSeconds !== undefined
  const isExpiring = given.expiration_type ? given.expiration_type === 'expiring' : rotating || wasExpiring
  if (!isExpiring) return compact({ rotating, leewaySeconds, policies })
  const from = wasExpiring ? base : expiringLifetimes
  return compact({
    rotating,
    leewaySeconds,
    policies,
    lifetimeSeconds: given.infinite_token_lifetime
      ? undefined
      : (given.token_lifetime ?? from.lifetimeSeconds),
    idleLifetimeSeconds: given.infinite_idle_token_lifetime
      ? undefined
      : (given.idle_token_lifetime ?? from.idleLifetimeSeconds),
  })
}
