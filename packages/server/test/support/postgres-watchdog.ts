// Ends one test server and removes its directory as soon as whoever started it closes our standard input: on stop, and
// just as well when the starting process crashes, is killed or forgets.
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const PATIENCE_MS = 10_000

const directory = process.argv[2]
if (directory === undefined) throw new Error('usage: postgres-watchdog.ts DIRECTORY')
const pidFile = join(directory, 'data', 'postmaster.pid')

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined)
process.stdin.resume().on('close', end)

async function end(): Promise<void> {
  signalServer('SIGINT')
  const patienceEnds = performance.now() + PATIENCE_MS
  while (existsSync(pidFile) && performance.now() < patienceEnds) await sleep(20)
  signalServer('SIGQUIT')
  rmSync(directory ?? '', { recursive: true, force: true, maxRetries: 10, retryDelay: 50 })
  process.exit()
}

// The file is there exactly while the server runs; its first line is the process id.
function signalServer(signal: NodeJS.Signals): void {
  if (!existsSync(pidFile)) return
  try {
    process.kill(Number.parseInt(readFileSync(pidFile, 'utf8'), 10), signal)
  } catch {
    // It ended in this moment.
  }
}
