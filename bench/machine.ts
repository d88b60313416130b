import { readFileSync, statfsSync } from 'node:fs'
import { cpus, loadavg, tmpdir, totalmem } from 'node:os'

const tmpfs = 0x01021994

/** What a reader needs to know to judge the absolute numbers. */
export interface Machine {
  readonly processor: string
  readonly cores: number
  readonly memoryGigabytes: number
  readonly platform: string
  readonly node: string
  readonly openssl: string
  readonly oidcProvider: string
  /** Of the last minute before the start: other work on the machine. */
  readonly load: number
  /** A database in memory answers a durable commit at once. */
  readonly databaseInMemory: boolean
}

export function machine(): Machine {
  const manifest = new URL(import.meta.resolve('oidc-provider/package.json'))
  return {
    processor: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryGigabytes: Math.round(totalmem() / 1e9),
    platform: `${process.platform} ${process.arch}`,
    node: process.version,
    openssl: process.versions.openssl,
    oidcProvider: JSON.parse(readFileSync(manifest, 'utf8')).version,
    load: loadavg()[0] ?? Number.NaN,
    databaseInMemory: statfsSync(tmpdir()).type === tmpfs,
  }
}

/** One line for the terminal. */
export function machineLine(of: Machine): string {
  const parts = [
    `${of.processor} × ${of.cores}`,
    `Node ${of.node}`,
    `OpenSSL ${of.openssl}`,
    `oidc-provider ${of.oidcProvider}`,
    `load ${of.load.toFixed(1)}`,
    ...(of.databaseInMemory ? ['the temporary directory is in memory: commits cost nothing'] : []),
  ]
  return parts.join(', ')
}
