// Owns HTTP: reads requests, calls the core, writes responses. Takes no protocol decision of its own.
import type { Context } from 'hono'
import { type LoginGuard, logIn } from '../accounts/log-in.ts'
import type { TenantId } from '../domain/ids.ts'
import type { Ports } from '../domain/ports.ts'
import { type Store, StoreUnavailable } from '../domain/store.ts'
import type { Tenant } from '../domain/tenant.ts'
import type { TenantCall } from '../domain/tenant-call.ts'
import type { Call, Passwords } from '../oauth/call.ts'
import type { SecretGuesses } from '../oauth/client-auth/secret-guesses.ts'
import type { ClientKeys } from '../oauth/client-keys.ts'
import type { KeyRing } from '../oauth/keys/key-ring.ts'
import type { Limits } from '../oauth/limits.ts'
import type { Registry } from '../oauth/registry.ts'
import { clientAddress, type TrustedProxies } from './client-address.ts'
import type { CertificateSources } from './client-certificate.ts'
import type { DeliveryLine } from './delivery-line.ts'

/** What every route leans on; made once, at the start of the server. */
export interface ServerContext {
  readonly issuer: string
  readonly tenantId: TenantId
  readonly store: Store
  readonly ports: Ports
  readonly registry: Registry
  readonly keys: KeyRing
  readonly clientKeys: ClientKeys
  readonly secretGuesses: SecretGuesses
  readonly logins: LoginGuard
  readonly limits: Limits
  /** What clients are told beside the answers to browsers. */
  readonly deliveries: DeliveryLine
  readonly requestBodyBytes: number
  readonly proxies: TrustedProxies
  readonly certificates: CertificateSources
}

/** Whether browsers reach the server through TLS, so that cookies can demand it. */
export function isSecure(context: ServerContext): boolean {
  return context.issuer.startsWith('https:')
}

/** The tenant that every request is for. */
export async function tenantOf({ store, tenantId }: ServerContext): Promise<Tenant> {
  const tenant = await store.tenants.find(tenantId)
  if (tenant === undefined) throw new StoreUnavailable(new Error(`tenant ${tenantId} is missing`))
  return tenant
}

/** Begins a call: one tenant, one instant, and the address of the request that it answers. */
export async function beginCall(context: ServerContext, c?: Context): Promise<Call> {
  const { issuer, ports, store, tenantId, registry, keys, clientKeys, secretGuesses, limits } = context
  const tenant = await tenantOf(context)
  const address = c === undefined ? '' : clientAddress(c, context)
  const call: TenantCall = { tenant, issuer, store: store.forTenant(tenantId), ports, now: ports.clock.now() }
  const passwords = passwordsOf(call, address, context)
  return { ...call, keys, clientKeys, secretGuesses, registry, limits, address, passwords }
}

// The protocol and the accounts do not know each other; this is where they meet.
function passwordsOf(call: TenantCall, address: string, context: ServerContext): Passwords {
  return {
    async verify({ connection, username, password, clientId }) {
      const login = { identifier: username, password, clientId, connectionId: connection.id, address }
      const result = await logIn(login, context.logins, call)
      call.ports.logger.info('login', { result: result.kind, client_id: clientId, address })
      return result
    },
  }
}
