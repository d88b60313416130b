// Owns the real PostgreSQL of the tests: one server per test run, one database per test file. Knows no schema.
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { chown, open, readFile, writeFile } from 'node:fs/promises'
import { createServer, Socket } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import pg from 'pg'
import { type Installation, installPostgres } from './postgres-install.ts'

/** A PostgreSQL server of our own. It ends with the process that started it, at the latest. */
export interface PostgresServer extends AsyncDisposable {
  /** Connection string of the administrative database. */
  readonly url: string
  /** Ends the server at once and without a checkpoint, as a power cut would. */
  crash(): Promise<void>
  /** Starts a crashed server again, same address; it recovers from its write-ahead log. */
  restart(): Promise<void>
  /** Ends the server and removes its data. */
  stop(): Promise<void>
}

/** An empty database. */
export interface FreshDatabase extends AsyncDisposable {
  readonly url: string
  /** Removes the database and closes whatever is still connected to it. */
  drop(): Promise<void>
}

interface RunningServer {
  readonly port: number
  readonly server: ChildProcess
}

const USER = 'valetkey'
const START_LIMIT_MS = 30_000
const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
  // What a client was told must survive: tests of durability rely on both.
  fsync: 'on',
  synchronous_commit: 'on',
}

/** Starts a dedicated server on a free port of the loopback interface, with its data in a temporary directory. */
export async function startPostgres(): Promise<PostgresServer> {
  const installation = await installPostgres()
  const watchdog = startWatchdog(installation.directory)
  const stop = async () => {
    watchdog.stdin.end()
    await ended(watchdog)
  }
  try {
    const password = randomBytes(16).toString('hex')
    await createCluster(installation, password)
    const { port, ...first } = await startOnFreePort(installation)
    let server = first.server
    return {
      url: `postgres://${USER}:${password}@127.0.0.1:${port}/postgres`,
      crash: async () => {
        server.kill('SIGQUIT')
        await ended(server)
      },
      restart: async () => {
        server = await startServer(installation, port)
      },
      stop,
      [Symbol.asyncDispose]: stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

/**
 * Creates an empty database on the server of `VALETKEY_TEST_POSTGRES_URL`, or on a server of its own when a test file
 * is run alone.
 */
export async function freshDatabase(): Promise<FreshDatabase> {
  const shared = process.env.VALETKEY_TEST_POSTGRES_URL
  const own = shared ? undefined : await startPostgres()
  const serverUrl = own?.url ?? shared ?? ''
  const name = `valetkey_test_${randomBytes(8).toString('hex')}`
  await administer(serverUrl, `create database ${name}`)
  const url = new URL(serverUrl)
  url.pathname = `/${name}`
  const drop = async () => {
    if (own) await own.stop()
    else await administer(serverUrl, `drop database if exists ${name} with (force)`)
  }
  return { url: url.href, drop, [Symbol.asyncDispose]: drop }
}

async function administer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}

async function createCluster({ directory, bin, account }: Installation, password: string): Promise<void> {
  const passwordFile = join(directory, 'password')
  await writeFile(passwordFile, password, { mode: 0o600 })
  if (account.uid !== undefined && account.gid !== undefined) {
    await chown(passwordFile, account.uid, account.gid)
  }
  // A linguistic collation as most servers have it: an ORDER BY that needs byte order fails here, not in production.
  const collation = ['--locale=C', '--locale-provider=icu', '--icu-locale=en-US', '--encoding=UTF8']
  const access = [`--username=${USER}`, `--pwfile=${passwordFile}`, '--auth=scram-sha-256']
  const data = join(directory, 'data')
  await promisify(execFile)(join(bin, 'initdb'), ['-D', data, '--no-sync', ...collation, ...access], account)
}

// Another process may take the port between our look and our start.
async function startOnFreePort(installation: Installation, attempts = 3): Promise<RunningServer> {
  const port = await freePort()
  try {
    return { port, server: await startServer(installation, port) }
  } catch (error) {
    if (attempts <= 1) throw error
    return startOnFreePort(installation, attempts - 1)
  }
}

async function startServer({ directory, bin, account }: Installation, port: number): Promise<ChildProcess> {
  const data = join(directory, 'data')
  const settings = Object.entries({ ...SETTINGS, port }).flatMap(([name, value]) => [
    '-c',
    `${name}=${value}`,
  ])
  const log = await open(join(directory, 'log'), 'a')
  const server = spawn(join(bin, 'postgres'), ['-D', data, ...settings], {
    ...account,
    // An interrupt of the terminal is for the test runner; the watchdog shuts the server down in order.
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
  })
  server.unref()
  await log.close()
  const limit = performance.now() + START_LIMIT_MS
  while (!(await isReady(data))) {
    if (hasEnded(server) || performance.now() > limit) {
      throw new Error(`PostgreSQL did not start:\n${await readFile(join(directory, 'log'), 'utf8')}`)
    }
    await sleep(10)
  }
  return server
}

// The eighth line of the file is the server's state.
async function isReady(data: string): Promise<boolean> {
  const lines = await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => '')
  return lines.split('\n')[7]?.trim() === 'ready'
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null
}

async function ended(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return
  child.ref()
  await once(child, 'exit')
}

function startWatchdog(directory: string): ChildProcess & { stdin: Socket } {
  const program = fileURLToPath(new URL('postgres-watchdog.ts', import.meta.url))
  const watchdog = spawn(process.execPath, [program, directory], {
    detached: true,
    stdio: ['pipe', 'ignore', 'inherit'],
  })
  watchdog.unref()
  if (!(watchdog.stdin instanceof Socket)) throw new Error('the watchdog needs a pipe to us')
  watchdog.stdin.unref()
  return Object.assign(watchdog, { stdin: watchdog.stdin })
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}
