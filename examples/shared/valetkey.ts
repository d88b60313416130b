// What every example begins with: an authorization server with the tenant of the example's file.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createServer, loadConfig } from 'valetkey'
import { parse } from 'yaml'

/** The part of a tenant file that an example reads back. */
export interface TenantFile {
  readonly clients: readonly { readonly client_id: string; readonly client_secret: string }[]
  readonly resourceServers: readonly { readonly identifier: string }[]
  readonly users: readonly { readonly email: string; readonly password: string }[]
}

export interface Running {
  close(): Promise<void>
}

export interface StartedServer extends Running {
  readonly issuer: string
  readonly file: TenantFile
  readonly dataDirectory: string
}

export interface ServerPlace {
  /** Below the folder of all data, so that nothing of an example is found in a server that was started for real. */
  readonly folder: string
  readonly tenantFile: URL
  /** How far from the first port. */
  readonly offset?: number
  /** Another address for everybody, such as that of a tunnel. */
  readonly publicUrl?: string | undefined
}

/** The port of an example at this distance from its first one, which `VALETKEY_LISTEN_PORT` moves. */
export function portAt(offset: number): number {
  return Number(process.env.VALETKEY_LISTEN_PORT ?? 4400) + offset
}

/** Starts a server, and brings its tenant to what the file says. Ports 44xx in the file move with the first one. */
export async function startValetkey(place: ServerPlace): Promise<StartedServer> {
  const { folder, tenantFile, offset = 0 } = place
  const port = portAt(offset)
  const publicUrl = place.publicUrl ?? `http://localhost:${port}`
  const loaded = loadConfig(undefined, {
    ...process.env,
    VALETKEY_DATA_DIRECTORY: join(process.env.VALETKEY_DATA_DIRECTORY ?? './data', folder),
    VALETKEY_LISTEN_PORT: String(port),
    VALETKEY_PUBLIC_URL: publicUrl,
  })
  if (loaded.kind === 'mistaken') fail(loaded.mistakes.join('\n'))
  const server = await createServer(loaded.config)
  const text = readFileSync(tenantFile, 'utf8')
  const file: TenantFile = parse(
    text.replaceAll(/(?<=http:\/\/localhost:)44(\d\d)/g, (_, number) => String(portAt(Number(number)))),
  )
  const applied = await server.apply(file)
  if (applied.kind === 'mistaken')
    fail(applied.mistakes.map(({ path, message }) => `${path.join('.')}: ${message}`).join('\n'))
  await server.listen().catch(failOnPort)
  const { dataDirectory } = loaded.config
  return { issuer: server.issuer, file, dataDirectory, close: () => server.close() }
}

/** Says that everything runs, and closes it in this order when the program is told to stop. */
export function untilStopped(running: readonly Running[], banner: string): void {
  const stop = async () => {
    for (const one of running) await one.close()
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop)
  console.log(banner)
}

/** For the start of a server: says in one sentence that its port is taken. */
export function failOnPort(reason: { readonly code?: string; readonly port?: number }): never {
  if (reason.code !== 'EADDRINUSE') throw reason
  return fail(`Port ${reason.port} is taken: stop the program that listens there, and start again.`)
}

function fail(message: string): never {
  console.error(message)
  process.exit(1)
}
