import { type SpawnOptions, spawn } from 'node:child_process'
import { once } from 'node:events'

/** Runs Node in `root` with these arguments and our output as its own; `true` when it ended with status 0. */
export async function runProgram(
  root: string,
  args: readonly string[],
  options: SpawnOptions = {},
): Promise<boolean> {
  const child = spawn(process.execPath, args, { ...options, cwd: root, stdio: 'inherit' })
  const [status] = await once(child, 'exit')
  return status === 0
}
