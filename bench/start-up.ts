// How long until a started server answers, and how much memory it needs when nobody asks it anything.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { get } from 'node:http'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Options } from './options.ts'
import { discoveryRequest } from './servers/world.ts'

export interface StartUp {
  /** From the start of the process to its first answer, on a database that exists; one for each round. */
  readonly readySeconds: readonly number[]
  /** The same in an empty directory, where the database and the keys are made first. */
  readonly firstReadySeconds: number
  /** A while after the first answer. */
  readonly idleRssMegabytes: number
}

const limitMs = 30_000

/** Starts the server as an operator would, again and again. */
export async function measureStartUp(options: Options): Promise<StartUp> {
  const directory = await mkdtemp(join(tmpdir(), 'valetkey-bench-'))
  try {
    const first = await start(directory)
    await stop(first.child)
    const readySeconds: number[] = []
    let idleRssMegabytes = Number.NaN
    for (let round = 0; round < options.rounds; round += 1) {
      const { child, seconds } = await start(directory)
      readySeconds.push(seconds)
      if (round === 0) {
        await pause(options.seconds * 2000)
        idleRssMegabytes = rssMegabytes(child.pid ?? 0)
      }
      await stop(child)
    }
    return { readySeconds, firstReadySeconds: first.seconds, idleRssMegabytes }
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

async function start(directory: string): Promise<{ child: ChildProcess; seconds: number }> {
  const port = await freePort()
  const begun = performance.now()
  const child = spawn(process.execPath, command(), {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      PATH: process.env.PATH,
      VALETKEY_DATA_DIRECTORY: directory,
      VALETKEY_LISTEN_PORT: String(port),
      VALETKEY_LOG_LEVEL: 'error',
    },
  })
  while (!(await answers(port))) {
    if (child.exitCode !== null) throw new Error(`the server ended with code ${child.exitCode}`)
    if (performance.now() - begun > limitMs) throw new Error('the server does not answer')
    await pause(4)
  }
  return { child, seconds: (performance.now() - begun) / 1000 }
}

function command(): string[] {
  const main = fileURLToPath(new URL('../packages/server/src/main.ts', import.meta.url))
  return existsSync(main) ? [main, 'start'] : [fileURLToPath(new URL('servers/start.ts', import.meta.url))]
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get(
      { host: '127.0.0.1', port, path: discoveryRequest.path, agent: false },
      (response) => {
        response.resume()
        resolve(response.statusCode === 200)
      },
    )
    request.on('error', () => resolve(false))
  })
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

async function stop(child: ChildProcess): Promise<void> {
  const exit = once(child, 'exit')
  child.kill('SIGTERM')
  await exit
}

function rssMegabytes(pid: number): number {
  const status = `/proc/${pid}/status`
  const kilobytes = existsSync(status)
    ? /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(status, 'utf8'))?.[1]
    : execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })
  return (Number(kilobytes) * 1024) / 1e6
}
