import { existsSync, statSync } from 'node:fs'
import type { Config } from '../config/config.ts'
import type { Ports } from '../domain/ports.ts'
import type { SigningKey } from '../domain/signing-key.ts'
import { type Store, StoreUnavailable } from '../domain/store.ts'
import { openPrivateKey } from '../oauth/keys/signing-keys.ts'
import { masterKeyFile } from '../ports/master-key.ts'
import { openPorts } from '../ports/ports.ts'
import { openStore } from '../server.ts'
import { explain } from './explain.ts'

/** One thing that was looked at. */
export interface Finding {
  readonly state: 'ok' | 'note' | 'problem'
  readonly what: string
  readonly detail: string
}

/** Looks at everything that the configuration points to, and changes nothing. */
export async function findings(config: Config): Promise<readonly Finding[]> {
  return [
    publicUrlFinding(config),
    await discoveryFinding(config),
    mailFinding(config),
    ...(await storeFindings(config)),
  ]
}

function publicUrlFinding({ publicUrl, listen }: Config): Finding {
  const what = 'public address'
  if (publicUrl.startsWith('https://')) return { state: 'ok', what, detail: publicUrl }
  if (!/^(?:localhost|127\..*|::1)$/.test(listen.host))
    return {
      state: 'note',
      what,
      detail: `${publicUrl} leads other machines to themselves, though ${listen.host} lets them in: set publicUrl to an https address`,
    }
  return { state: 'note', what, detail: `${publicUrl} can be reached from this machine only` }
}

/** Asks the public address who it is, the way a client would. */
async function discoveryFinding({ publicUrl }: Config): Promise<Finding> {
  const what = 'discovery'
  const url = `${publicUrl}.well-known/openid-configuration`
  try {
    const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(3000) })
    const document: unknown = await response.json()
    const issuer =
      typeof document === 'object' && document !== null && 'issuer' in document && document.issuer
    if (issuer === publicUrl) return { state: 'ok', what, detail: `${url} answers` }
    return { state: 'problem', what, detail: `${url} is answered by another server` }
  } catch {
    return { state: 'note', what, detail: `${url} does not answer; expected while the server is stopped` }
  }
}

function mailFinding({ mail, dataDirectory }: Config): Finding {
  const what = 'mail'
  if (mail.smtpUrl !== undefined)
    return { state: 'ok', what, detail: `sent through ${new URL(mail.smtpUrl).host}` }
  return {
    state: 'note',
    what,
    detail: `written to ${dataDirectory}/outbox and sent to nobody: set mail.smtpUrl`,
  }
}

async function storeFindings(config: Config): Promise<readonly Finding[]> {
  const { store } = config
  if (store.engine === 'sqlite') {
    const { file } = store.sqlite
    const what = 'store'
    if (file === undefined)
      return [{ state: 'note', what, detail: 'in memory: everything ends with the process' }]
    const key = masterKeyFile(config)
    const isNew = !existsSync(file) && (key === undefined || !existsSync(key))
    if (isNew) return [{ state: 'note', what, detail: `${file} is made at the first start` }]
    if (!existsSync(file))
      return [{ state: 'problem', what, detail: `${file} is missing, but its master key is there` }]
  }
  return [...fileFindings(config), ...(await openFindings(config))]
}

function fileFindings({ store }: Config): readonly Finding[] {
  if (store.engine !== 'sqlite' || store.sqlite.file === undefined || process.platform === 'win32') return []
  const { file } = store.sqlite
  const mode = statSync(file).mode & 0o777
  if ((mode & 0o077) === 0) return []
  return [{ state: 'problem', what: 'store', detail: `${file} may be read by others: run chmod 600` }]
}

async function openFindings(config: Config): Promise<readonly Finding[]> {
  let ports: Ports
  try {
    ports = openPorts(config)
  } catch (error) {
    return [{ state: 'problem', what: 'master key', detail: explain(error) }]
  }
  const detail = masterKeyFile(config) ?? 'the setting masterKey'
  const key: Finding = { state: 'ok', what: 'master key', detail }
  let store: Store | undefined
  try {
    store = await openStore(config)
    return [key, ...(await contentFindings(config, store, ports))]
  } catch (error) {
    return [key, { state: 'problem', what: 'store', detail: storeProblem(error) }]
  } finally {
    await store?.close()
  }
}

function storeProblem(error: unknown): string {
  if (error instanceof StoreUnavailable) return explain(error)
  return `cannot be read by this version; run valetkey migrate (${explain(error).split('\n')[0]})`
}

async function contentFindings(config: Config, store: Store, ports: Ports): Promise<readonly Finding[]> {
  const tenant = await store.tenants.find(config.tenant)
  if (tenant === undefined)
    return [
      {
        state: 'note',
        what: 'store',
        detail: `answers; the tenant ${config.tenant} is made at the next start`,
      },
    ]
  const keys = await store.forTenant(tenant.id).signingKeys.list()
  const newest = Math.max(tenant.createdAt, ...keys.map((key) => key.createdAt))
  return [
    { state: 'ok', what: 'store', detail: `${config.store.engine} answers and has the tenant ${tenant.id}` },
    sealFinding(keys, ports),
    clockFinding(ports.clock.now(), newest),
    tenant.settings.administrators.length > 0
      ? { state: 'ok', what: 'administrator', detail: 'is set up' }
      : { state: 'note', what: 'administrator', detail: 'nobody yet: valetkey start prints a link' },
  ]
}

/** Whether the master key is the one that the database was sealed with. */
function sealFinding(keys: readonly SigningKey[], { sealer }: Ports): Finding {
  const what = 'signing keys'
  try {
    for (const key of keys) openPrivateKey(key, sealer)
    return { state: 'ok', what, detail: `${keys.length}, all readable with this master key` }
  } catch {
    return { state: 'problem', what, detail: 'cannot be read: this is not the master key of this database' }
  }
}

/** A clock that runs behind makes tokens that nobody accepts and never ends what should end. */
function clockFinding(now: number, newest: number): Finding {
  const what = 'clock'
  const shown = new Date(now * 1000).toISOString()
  if (now >= newest) return { state: 'ok', what, detail: shown }
  return { state: 'problem', what, detail: `${shown} is before the database was last changed: set the clock` }
}
