// The composition root: the only file that sees everything.
import { mkdirSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { hashPassword, verifyPassword } from './accounts/password.ts'
import { WorkLine } from './accounts/work-line.ts'
import type { Config } from './config/config.ts'
import type { TenantId } from './domain/ids.ts'
import type { Ports } from './domain/ports.ts'
import type { Store, TenantStore } from './domain/store.ts'
import type { Tenant } from './domain/tenant.ts'
import type { TenantCall } from './domain/tenant-call.ts'
import { createApp } from './http/app.ts'
import { takeUpDeliveries } from './http/back-channel.ts'
import { trustedProxies } from './http/client-address.ts'
import type { CertificateSources } from './http/client-certificate.ts'
import { createListener, type ListenerTls } from './http/listener.ts'
import { isSecure, type ServerContext } from './http/server-context.ts'
import { demandingTls } from './http/transport-security.ts'
import { SecretGuesses } from './oauth/client-auth/secret-guesses.ts'
import { createClientKeys } from './oauth/client-keys.ts'
import { registryWith } from './oauth/extensions.ts'
import { createKeyRing } from './oauth/keys/key-ring.ts'
import { ensureSigningKeys, openPrivateKey } from './oauth/keys/signing-keys.ts'
import type { AddressLimit, Limits } from './oauth/limits.ts'
import { type Plug, withoutCertificates } from './oauth/registry.ts'
import { MasterKeyMistake } from './ports/master-key.ts'
import { openPorts } from './ports/ports.ts'
import { cached } from './stores/cached.ts'
import type { SqlStore } from './stores/sql/store.ts'
import type { Applied } from './tenants/apply.ts'
import { ensureTenant } from './tenants/create-tenant.ts'

export { loadConfig } from './config/load.ts'

export interface ServerOptions {
  /** Grants, response modes, client-authentication methods and token formats beside the built-in ones. */
  readonly extensions?: readonly Plug[]
  /** Takes the place of the store that the configuration asks for; it is closed with the server. */
  readonly store?: Store
  readonly ports?: Partial<Ports>
}

/** How often ended sessions, codes and counters are removed and undone work is taken up, and how many rows are removed at once. */
const cleanUp = { everyMilliseconds: 60_000, rows: 1000 } as const

/** How many passwords are hashed at once, which leaves threads that sign and look up names, and how many wait: a second's worth. */
const hashing = { atOnce: 2, waiting: 64 } as const

interface ApplyOptions {
  readonly dryRun?: boolean
  /** The server that the file is for may have extensions that this one lacks: their names are warned of, not refused. */
  readonly otherExtensions?: boolean
}

/** A running authorization server. */
export interface Server {
  readonly issuer: string
  readonly store: Store
  readonly ports: Ports
  /** Answers a request in-process, without a port. */
  fetch(request: Request): Promise<Response>
  /** Begins to listen and answers the local address. */
  listen(): Promise<{ readonly host: string; readonly port: number }>
  /** A call outside any request, for the command line. */
  call(): Promise<TenantCall>
  /** Brings the tenant to what a parsed tenant file says; a file with any mistake changes nothing. */
  apply(document: unknown, options?: ApplyOptions): Promise<Applied>
  /** Removes what has ended, and goes on with what a stopped process left undone; while the server listens, once a minute. */
  upkeep(): Promise<void>
  /** Stops listening, lets begun requests finish, then closes the store. */
  close(): Promise<void>
}

/** Opens the store, applies migrations, makes the tenant and its keys where they are missing, and answers the server. Throws `MasterKeyMistake`. */
export async function createServer(config: Config, options: ServerOptions = {}): Promise<Server> {
  const tls = readTls(config.listen)
  const complete = registryWith(options.extensions ?? [], config.publicUrl)
  const { headers, connection } = certificateSources(config)
  const registry = headers || connection ? complete : withoutCertificates(complete)
  const ports = openPorts(config, options.ports)
  const store = options.store ?? (await openStore(config))
  try {
    const tenant = await prepare(store, config.tenant, ports)
    return serve(contextOf(config, tenant.id, { store, ports, registry }), config, tls)
  } catch (error) {
    if (options.store === undefined) await store.close()
    throw error
  }
}

async function prepare(store: Store, id: TenantId, ports: Ports): Promise<Tenant> {
  await store.migrate()
  // Before the first write: what is sealed under two keys can be read by nobody.
  await checkMasterKey(store.forTenant(id), ports)
  const tenant = await ensureTenant(store, id, ports)
  const tenantStore = store.forTenant(tenant.id)
  await ensureSigningKeys(tenantStore, ports, ports.clock.now())
  // Once more: another node may have made the keys at the same time, under another master key.
  await checkMasterKey(tenantStore, ports)
  return tenant
}

async function checkMasterKey(store: TenantStore, { sealer }: Ports): Promise<void> {
  const keys = await store.signingKeys.list()
  try {
    for (const key of keys) openPrivateKey(key, sealer)
  } catch {
    throw new MasterKeyMistake(
      'the master key is not the one of this database: restore the key that it was made with, or use another database',
    )
  }
}

type Parts = Pick<ServerContext, 'store' | 'ports' | 'registry'>

function contextOf(config: Config, tenantId: TenantId, { store, ports, registry }: Parts): ServerContext {
  return {
    issuer: config.publicUrl,
    tenantId,
    store,
    ports,
    registry,
    keys: createKeyRing(store.forTenant(tenantId), ports.sealer),
    clientKeys: createClientKeys(),
    secretGuesses: new SecretGuesses(secretLimit(config)),
    logins: { limits: config.attackProtection, hashing: new WorkLine(hashing.atOnce, hashing.waiting) },
    limits: limitsOf(config),
    requestBodyBytes: config.limits.requestBodyBytes,
    proxies: trustedProxies(config.trustedProxies),
    certificates: certificateSources(config),
  }
}

function limitsOf({ attackProtection }: Config): Limits {
  const { registrationsPerAddress, registrationWindowSeconds } = attackProtection
  const { userCodesPerUser, userCodesPerAddress, windowSeconds } = attackProtection
  return {
    registrations: { perAddress: registrationsPerAddress, windowSeconds: registrationWindowSeconds },
    userCodes: { perUser: userCodesPerUser, perAddress: userCodesPerAddress, windowSeconds },
  }
}

function certificateSources(config: Config): CertificateSources {
  // Behind a number of proxies every connection is a proxy's.
  const isDirect = typeof config.trustedProxies !== 'number' || config.trustedProxies === 0
  return {
    headers: config.clientCertificateHeaders === 'auth0',
    connection: isDirect && config.listen.tls?.clientCaFile !== undefined,
  }
}

function secretLimit({ attackProtection }: Config): AddressLimit {
  const { failedClientSecretsPerAddress, clientSecretWindowSeconds } = attackProtection
  return { perAddress: failedClientSecretsPerAddress, windowSeconds: clientSecretWindowSeconds }
}

/** The storage engine that the configuration asks for, behind its cache. */
export async function openStore(config: Config): Promise<Store> {
  const { store } = config
  if (store.engine === 'sqlite' && store.sqlite.file !== undefined) {
    mkdirSync(dirname(store.sqlite.file), { recursive: true, mode: 0o700 })
  }
  return cached(await openEngine(store))
}

// What a server does not use is not loaded: an idle one is small.
async function openEngine(store: Config['store']): Promise<SqlStore> {
  switch (store.engine) {
    case 'sqlite': {
      const { openSqlite } = await import('./stores/sqlite/sqlite.ts')
      return openSqlite(store.sqlite)
    }
    case 'postgres': {
      const { openPostgres } = await import('./stores/postgres/postgres.ts')
      return openPostgres(store.postgres)
    }
    default:
      return store satisfies never
  }
}

function serve(context: ServerContext, config: Config, tls: ListenerTls | undefined): Server {
  const app = createApp(context)
  const listener = createListener(app.fetch, { tls, isSecure: isSecure(context) })
  let cleaning: NodeJS.Timeout | undefined
  let isStopping = false
  const keepUp = () => upkeep(context, () => isStopping)
  return {
    issuer: context.issuer,
    store: context.store,
    ports: context.ports,
    async fetch(request) {
      const response = await app.fetch(request)
      return isSecure(context) ? demandingTls(response) : response
    },
    async listen() {
      const address = await listener.listen(config.listen.host, config.listen.port)
      const { background } = context.ports
      background.run(keepUp)
      cleaning = setInterval(() => background.run(keepUp), cleanUp.everyMilliseconds).unref()
      return address
    },
    upkeep: keepUp,
    async call() {
      const tenant = await context.store.tenants.find(context.tenantId)
      if (tenant === undefined) throw new Error(`tenant ${context.tenantId} is missing`)
      const store = context.store.forTenant(tenant.id)
      return { tenant, issuer: context.issuer, store, ports: context.ports, now: context.ports.clock.now() }
    },
    async apply(document, options) {
      const { parseTenantFile } = await import('@valetkey/api')
      const { applyTenantFile } = await import('./tenants/apply.ts')
      const { store, ports, tenantId, registry } = context
      const passwords = { hash: hashPassword, verify: verifyPassword }
      return applyTenantFile(
        parseTenantFile(document),
        {
          store,
          tenant: tenantId,
          ports,
          passwords,
          known: {
            tokenFormats: [...registry.tokenFormats.keys()],
            grantTypes: [...registry.grants.keys()],
            keeps: registry.keeps,
            areAll: options?.otherExtensions !== true,
          },
        },
        options,
      )
    },
    async close() {
      clearInterval(cleaning)
      isStopping = true
      await listener.stop(config.shutdownGraceSeconds)
      await context.ports.background.stop()
      await context.store.close()
    },
  }
}

function readTls({ tls }: Config['listen']): ListenerTls | undefined {
  if (tls === undefined) return undefined
  const { certificateFile, keyFile, clientCaFile } = tls
  return {
    certificate: readFileSync(certificateFile, 'utf8'),
    key: readFileSync(keyFile, 'utf8'),
    ...(clientCaFile !== undefined && { clientAuthorities: readFileSync(clientCaFile, 'utf8') }),
  }
}

async function upkeep(context: ServerContext, isStopping: () => boolean): Promise<void> {
  await removeExpired(context)
  await takeUpDeliveries(context, isStopping)
}

async function removeExpired({ store, ports }: ServerContext): Promise<void> {
  try {
    // In batches, so that requests get their turn.
    while ((await store.removeExpired(ports.clock.now(), cleanUp.rows)) === cleanUp.rows);
  } catch (error) {
    ports.logger.warn('clean_up.failed', { message: error instanceof Error ? error.message : String(error) })
  }
}
