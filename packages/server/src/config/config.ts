// Owns what an operator may set and its defaults. Knows no environment (load.ts does) and opens nothing.
import { join, resolve } from 'node:path'
import type { TenantId } from '../domain/ids.ts'
import { isLoopback } from './kinds.ts'
import { type Settings, settings } from './settings.ts'

/** What the server runs with: complete, checked and frozen. Paths are absolute. */
export interface Config {
  /** The issuer: an origin with a trailing slash. */
  readonly publicUrl: string
  readonly listen: { readonly host: string; readonly port: number; readonly tls?: TlsFiles }
  readonly tenant: TenantId
  readonly dataDirectory: string
  readonly store: StoreConfig
  /** 32 bytes in base64url; absent when it lives in a file beside the database. */
  readonly masterKey?: string
  /** The number of proxies in front, or their addresses and networks in CIDR notation. */
  readonly trustedProxies: number | readonly string[]
  /** Whether those proxies, named by their addresses, say which certificate a client showed. */
  readonly clientCertificateHeaders: 'none' | 'auth0'
  readonly attackProtection: {
    readonly failedLoginsPerAccount: number
    readonly failedLoginsPerAccountOverall: number
    readonly failedLoginsPerAddress: number
    readonly userCodesPerUser: number
    readonly userCodesPerAddress: number
    readonly windowSeconds: number
    readonly failedClientSecretsPerAddress: number
    readonly clientSecretWindowSeconds: number
    readonly registrationsPerAddress: number
    readonly registrationWindowSeconds: number
  }
  readonly shutdownGraceSeconds: number
  readonly mail: { readonly smtpUrl?: string; readonly from: string }
  readonly outgoing: { readonly allowedHosts: readonly string[] }
  readonly log: { readonly level: 'info' | 'warn' | 'error' | 'silent' }
  readonly limits: { readonly requestBodyBytes: number }
}

/** Names of PEM files; absolute. */
export interface TlsFiles {
  readonly certificateFile: string
  readonly keyFile: string
  readonly clientCaFile?: string
}

/** SQLite without a file keeps everything in memory. */
export type StoreConfig =
  | { readonly engine: 'sqlite'; readonly sqlite: { readonly file?: string } }
  | { readonly engine: 'postgres'; readonly postgres: { readonly url: string; readonly poolSize: number } }

/** A setting that does not hold: where, and what was expected. Never holds the value, which may be a secret. */
export interface ConfigMistake {
  readonly path: readonly string[]
  readonly message: string
}

export type Resolved =
  | { readonly kind: 'resolved'; readonly config: Config }
  | { readonly kind: 'mistaken'; readonly mistakes: readonly ConfigMistake[] }

/** Checks raw settings and fills in defaults; answers every mistake at once. */
export function resolveConfig(raw: unknown): Resolved {
  const parsed = settings.safeParse(raw)
  const mistakes = [
    ...(parsed.error?.issues.flatMap(mistakesOf) ?? []),
    ...contradictions((path) => valueAt(raw, path.split('.'))),
  ]
  if (parsed.data === undefined || mistakes.length > 0) return { kind: 'mistaken', mistakes }
  return { kind: 'resolved', config: deepFreeze(configOf(parsed.data)) }
}

interface Issue {
  readonly code?: string
  readonly path: readonly PropertyKey[]
  readonly message: string
  readonly keys?: readonly string[]
}

function mistakesOf(issue: Issue): readonly ConfigMistake[] {
  const path = issue.path.map(String)
  if (issue.keys === undefined) return [{ path, message: issue.message }]
  return issue.keys.map((key) => ({ path: [...path, key], message: 'is no setting' }))
}

/** What single settings cannot see. Works on raw values, so that it is reported together with their mistakes. */
function contradictions(given: (path: string) => unknown): readonly ConfigMistake[] {
  const found: ConfigMistake[] = []
  const report = (path: string, message: string) => found.push({ path: path.split('.'), message })
  const isSet = (path: string) => given(path) !== undefined
  const engine = given('store.engine') ?? (isSet('store.postgres.url') ? 'postgres' : 'sqlite')
  if (engine === 'postgres') {
    if (!isSet('store.postgres.url')) report('store.postgres.url', 'is required with store.engine postgres')
    if (!isSet('masterKey')) report('masterKey', 'is required with PostgreSQL, the same on every node')
    if (isSet('store.sqlite.file')) report('store.sqlite.file', 'contradicts store.engine postgres')
  }
  if (engine === 'sqlite') {
    if (isSet('store.postgres.url')) report('store.postgres.url', 'contradicts store.engine sqlite')
    if (isSet('store.postgres.poolSize')) report('store.postgres.poolSize', 'needs store.engine postgres')
  }
  const tls = ['listen.tls.certificateFile', 'listen.tls.keyFile', 'listen.tls.clientCaFile']
  if (tls.some(isSet))
    for (const path of tls.slice(0, 2).filter((needed) => !isSet(needed)))
      report(path, 'is required with the other members of listen.tls')
  found.push(...certificateContradictions(given))
  if (isSet('mail.smtpUrl') && !isSet('mail.from')) report('mail.from', 'is required with mail.smtpUrl')
  if (!isSet('publicUrl')) {
    const host = given('listen.host')
    if (typeof host === 'string' && !isLoopback(host))
      report(
        'publicUrl',
        'is required when listen.host is not a loopback address: set it to the https address',
      )
    if (given('listen.port') === 0) report('publicUrl', 'is required when listen.port is 0')
  }
  return found
}

// RFC 8705 §6.3: whoever may say which certificate a client showed may be any client.
function certificateContradictions(given: (path: string) => unknown): readonly ConfigMistake[] {
  const proxies = given('trustedProxies') ?? 0
  const found: ConfigMistake[] = []
  if (given('clientCertificateHeaders') === 'auth0' && !(Array.isArray(proxies) && proxies.length > 0))
    found.push({
      path: ['clientCertificateHeaders'],
      message: 'needs trustedProxies to name the proxies: a number would believe whoever connects',
    })
  if (given('listen.tls.clientCaFile') !== undefined && typeof proxies === 'number' && proxies > 0)
    found.push({
      path: ['listen', 'tls', 'clientCaFile'],
      message:
        "needs trustedProxies to name the proxies, or 0: behind a number of them every certificate is a proxy's",
    })
  return found
}

function configOf(given: Settings): Config {
  const dataDirectory = resolve(given.dataDirectory)
  const tls = tlsOf(given.listen.tls)
  return {
    publicUrl: new URL(given.publicUrl ?? `${tls ? 'https' : 'http'}://localhost:${given.listen.port}/`).href,
    listen: { host: given.listen.host, port: given.listen.port, ...(tls !== undefined && { tls }) },
    tenant: given.tenant as TenantId,
    dataDirectory,
    store: storeOf(given.store, dataDirectory),
    ...(given.masterKey !== undefined && { masterKey: given.masterKey }),
    trustedProxies: given.trustedProxies,
    clientCertificateHeaders: given.clientCertificateHeaders,
    outgoing: given.outgoing,
    attackProtection: given.attackProtection,
    shutdownGraceSeconds: given.shutdownGraceSeconds,
    mail: {
      from: given.mail.from ?? 'Valetkey <no-reply@localhost>',
      ...(given.mail.smtpUrl !== undefined && { smtpUrl: given.mail.smtpUrl }),
    },
    log: given.log,
    limits: given.limits,
  }
}

function tlsOf({ certificateFile, keyFile, clientCaFile }: Settings['listen']['tls']): TlsFiles | undefined {
  if (certificateFile === undefined || keyFile === undefined) return undefined
  return {
    certificateFile: resolve(certificateFile),
    keyFile: resolve(keyFile),
    ...(clientCaFile !== undefined && { clientCaFile: resolve(clientCaFile) }),
  }
}

function storeOf(given: Settings['store'], dataDirectory: string): StoreConfig {
  if (given.postgres.url !== undefined)
    return {
      engine: 'postgres',
      postgres: { url: given.postgres.url, poolSize: given.postgres.poolSize ?? 10 },
    }
  const file = given.sqlite.file ?? join(dataDirectory, 'valetkey.db')
  return { engine: 'sqlite', sqlite: file === ':memory:' ? {} : { file: resolve(file) } }
}

/** The value at a path of nested objects, or `undefined`. */
export function valueAt(root: unknown, path: readonly string[]): unknown {
  let value = root
  for (const member of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, member)) return undefined
    value = (value as Record<string, unknown>)[member]
  }
  return value
}

function deepFreeze<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null)
    for (const member of Object.values(value)) deepFreeze(member)
  return Object.freeze(value)
}
