import type { Client } from '../../domain/client.ts'
import type { ClientId } from '../../domain/ids.ts'
import { networkOf } from '../../domain/network.ts'
import { hashed, sameSecret } from '../../domain/secrets.ts'
import type { Tenant } from '../../domain/tenant.ts'
import type { Call } from '../call.ts'
import { refuse, refuseForNow } from '../refusal.ts'
import { rule } from '../rule.ts'

const closed = rule({
  id: 'registration.closed',
  clause: 'RFC 7591 §3',
  error: 'access_denied',
  description: 'Dynamic client registration is disabled: ask the operator of this server for a client',
})
const noInitialToken = rule({
  id: 'registration.initial_token_invalid',
  clause: 'RFC 7591 §3',
  error: 'invalid_token',
  description: 'Registration needs an initial access token that the operator of this server gave out',
  status: 401,
})
const tooMany = rule({
  id: 'registration.too_many',
  clause: 'RFC 7591 §3',
  error: 'too_many_requests',
  description: 'Too many clients were registered from this address. Try again later.',
})
const noRegistrationToken = rule({
  id: 'registration.token_invalid',
  clause: 'RFC 7592 §2',
  error: 'invalid_token',
  description: 'The registration access token is not the one of this client',
  status: 401,
})
export const registrationAccessRules = [closed, tooMany, noInitialToken] as const
export const configurationAccessRules = [noRegistrationToken] as const

/** Who may register: nobody, holders of an initial access token, or everybody (RFC 7591 §3). */
export function registrationMode({ settings }: Tenant): 'closed' | 'initial_access_token' | 'open' {
  if (settings.registration === undefined) return 'closed'
  return settings.registration.initialAccessTokens.length > 0 ? 'initial_access_token' : 'open'
}

/** Whether an initial access token came along. Throws where one is needed, or one that came is wrong. */
export async function admitRegistration(token: string | undefined, call: Call): Promise<boolean> {
  const mode = registrationMode(call.tenant)
  if (mode === 'closed') throw refuse(closed)
  if (mode === 'open') {
    await countRegistration(call)
    return false
  }
  const known = call.tenant.settings.registration?.initialAccessTokens ?? []
  const presented = hashed(token ?? '')
  if (token === undefined || !known.some((one) => sameSecret(one, presented))) throw refuse(noInitialToken)
  return true
}

// Before the metadata is looked at: checking it may make this server fetch what it names.
async function countRegistration({ store, address, now, limits: { registrations } }: Call): Promise<void> {
  const { perAddress, windowSeconds } = registrations
  const key = `registration:${hashed(networkOf(address))}`
  if ((await store.counters.hit(key, windowSeconds, now)) > perAddress)
    // When the window began is not told, so that this is at most how long it takes.
    throw refuseForNow(tooMany, windowSeconds)
}

/** A client that registered itself, with the token that lets it read and change its registration. */
export interface Registrant {
  readonly client: Client & Required<Pick<Client, 'registration'>>
  readonly token: string
}

/** Finds the client that the registration access token is for. Whoever has none learns nothing, not even that it exists. */
export async function findRegistrant(
  clientId: string,
  token: string | undefined,
  call: Call,
): Promise<Registrant> {
  const client = await call.store.clients.find(clientId as ClientId)
  const registration = client?.registration
  if (client === undefined || registration === undefined || token === undefined)
    throw refuse(noRegistrationToken)
  if (!sameSecret(registration.accessToken, hashed(token))) throw refuse(noRegistrationToken)
  return { client: { ...client, registration }, token }
}
