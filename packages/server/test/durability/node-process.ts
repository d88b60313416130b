// A server in a process of its own, started as an operator starts it, so that it can be killed.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Reachable } from '../../src/testkit/browser.ts'
import type { Settings } from './scene.ts'

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url))
const ready = /listening on \S+:(\d+)\)/

export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

/** A running server process. `fetch` takes URLs of the issuer and sends them to the port that it listens on. */
export interface NodeProcess extends Reachable {
  readonly port: number
  /** Sends a signal and answers how the process ended. */
  end(signal: NodeJS.Signals): Promise<Ended>
  /** What it logged. */
  log(): string
}

/** Starts a server process and waits until it listens. It ends with this process, at the latest. */
export async function startNode(settings: Settings): Promise<NodeProcess> {
  const file = join(settings.dataDirectory, 'settings.json')
  await writeFile(file, JSON.stringify(settings))
  const child = spawn(process.execPath, [main, 'start', '--config', file], {
    env: environment(),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const killWithUs = () => child.kill('SIGKILL')
  process.once('exit', killWithUs)
  const exit = once(child, 'exit').then(([code, signal]): Ended => {
    process.off('exit', killWithUs)
    return { code, signal }
  })
  let log = ''
  child.stderr.setEncoding('utf8').on('data', (text) => {
    log += text
  })
  const port = await portOf(child.stdout, () => log)
  return {
    port,
    issuer: `${settings.publicUrl}/`,
    log: () => log,
    end(signal) {
      child.kill(signal)
      return exit
    },
    async fetch(request) {
      const url = new URL(request.url)
      const body = request.method === 'GET' ? null : await request.text()
      return fetch(`http://127.0.0.1:${port}${url.pathname}${url.search}`, {
        method: request.method,
        headers: request.headers,
        redirect: 'manual',
        body,
      })
    },
  }
}

async function portOf(output: NodeJS.ReadableStream, log: () => string): Promise<number> {
  for await (const line of createInterface(output)) {
    const [, port] = ready.exec(line) ?? []
    if (port === undefined) continue
    // What else it prints must not fill the pipe.
    output.resume()
    return Number(port)
  }
  throw new Error(`the server process ended before it listened:\n${log()}`)
}

/** Only the file configures it. */
function environment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('VALETKEY_')))
}
