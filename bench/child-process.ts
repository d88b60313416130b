// Owns the processes of the benchmark: starting one, asking it, ending it. Knows nothing of what they measure.
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** The questions that a process answers. */
export type Asks = Readonly<Record<string, (input: never) => Promise<unknown>>>

interface Question {
  readonly id: number
  readonly name: string
  readonly input: unknown
}

interface Reply {
  readonly id: number
  readonly output?: unknown
  readonly error?: string
}

/** A process that answers `Known`. */
export interface Asked<Known extends Asks> {
  ask<Name extends keyof Known & string>(
    name: Name,
    ...input: Parameters<Known[Name]>
  ): Promise<Awaited<ReturnType<Known[Name]>>>
  stop(): Promise<void>
}

/** Starts `file`, which lies beside this one. All processes get the same flags of Node, so that none has an advantage. */
export function startProcess<Known extends Asks>(
  file: string,
  parameters: readonly string[] = [],
): Asked<Known> {
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), parameters, {
    execArgv: ['--disable-warning=ExperimentalWarning'],
    env: { ...process.env, NODE_ENV: 'production' },
    serialization: 'advanced',
    silent: true,
  })
  // Notices of third parties would tear the table; they are shown when the process fails.
  child.stdout?.resume()
  let said = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  const waiting = new Map<number, PromiseWithResolvers<unknown>>()
  let lastId = 0
  child.on('message', (message) => {
    const { id, output, error } = message as Reply
    const asked = waiting.get(id)
    waiting.delete(id)
    if (error === undefined) asked?.resolve(output)
    else asked?.reject(new Error(`${file}: ${error}`))
  })
  child.on('exit', (code) => {
    for (const { reject } of waiting.values()) reject(new Error(`${file} ended with code ${code}: ${said}`))
  })
  return {
    ask(name, ...[input]) {
      const asked = Promise.withResolvers<unknown>()
      lastId += 1
      waiting.set(lastId, asked)
      child.send({ id: lastId, name, input } satisfies Question)
      // `answerParent` is typed by the same `Known`.
      return asked.promise as ReturnType<typeof this.ask>
    },
    stop: () => stop(child),
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exit = once(child, 'exit')
  child.disconnect()
  await exit
}

/** The other side: answers the parent's questions until it goes away, then calls `close` and ends. */
export function answerParent<Known extends Asks>(
  known: Known,
  close: () => Promise<void> = async () => undefined,
): void {
  process.on('message', async (message) => {
    const { id, name, input } = message as Question
    try {
      const answer = known[name]
      if (answer === undefined) throw new Error(`nobody answers ${name}`)
      reply({ id, output: await answer(input as never) })
    } catch (error) {
      reply({ id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) })
    }
  })
  process.on('disconnect', async () => {
    await close()
    process.exit()
  })
}

function reply(message: Reply): void {
  process.send?.(message)
}
