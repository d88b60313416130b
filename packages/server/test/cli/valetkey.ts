import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import { fileURLToPath } from 'node:url'

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url))

export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** A place of its own for one test file; everything in it and every process started from it ends with the file. */
export function aPlace() {
  const directory = mkdtempSync(join(tmpdir(), 'valetkey-cli-'))
  const children = new Set<ChildProcess>()
  after(() => {
    for (const child of children) child.kill('SIGKILL')
    rmSync(directory, { recursive: true, force: true })
  })

  function start(args: readonly string[], environment: NodeJS.ProcessEnv = {}, input = '') {
    const child = spawn(process.execPath, [main, ...args], {
      cwd: directory,
      env: { PATH: process.env.PATH, NO_COLOR: '1', ...environment },
      stdio: 'pipe',
    })
    children.add(child)
    const text = { stdout: '', stderr: '' }
    child.stdout.setEncoding('utf8').on('data', (chunk) => {
      text.stdout += chunk
    })
    child.stderr.setEncoding('utf8').on('data', (chunk) => {
      text.stderr += chunk
    })
    child.stdin.end(input)
    const ended = once(child, 'close').then(([code]): Ended => {
      children.delete(child)
      return { code, ...text }
    })
    return { child, text, ended }
  }

  return {
    directory,
    start,
    run: (args: readonly string[], environment?: NodeJS.ProcessEnv, input?: string) =>
      start(args, environment, input).ended,
    /** Starts the server and waits until it says that it is ready. */
    async serve(environment: NodeJS.ProcessEnv) {
      const running = start(['start'], environment)
      while (!running.text.stdout.includes('Discovery: ')) {
        const event = await Promise.race([once(running.child.stdout, 'data'), running.ended])
        if ('code' in event) throw new Error(`the server ended with ${event.code}: ${event.stderr}`)
      }
      return running
    },
  }
}

/** A port of the loopback address that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (typeof address !== 'object' || address === null) throw new Error('no port')
  return address.port
}
