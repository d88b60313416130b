// The public command line: `valetkey` with the extensions of another program.
import type { Plug } from '../oauth/registry.ts'
import { run } from './cli.ts'
import type { ExitCode } from './command.ts'

export interface CliOptions {
  /** Plugs beside the built-in ones: `start` serves them, `apply` knows their names. */
  readonly extensions?: readonly Plug[]
  /** What stands after the program's name; else what this process was called with. */
  readonly args?: readonly string[]
}

/**
 * Runs `start`, `apply` and every other command of `valetkey` in this process, with its messages, signals and exit codes.
 * Answers the exit code, which is also that of the process. Never throws.
 */
export async function runCli({
  extensions = [],
  args = process.argv.slice(2),
}: CliOptions = {}): Promise<ExitCode> {
  const line = (text: string) => process.stdout.write(`${text}\n`)
  const problem = (text: string) => process.stderr.write(`${text}\n`)
  const code = await run(args, { line, problem }, extensions)
  process.exitCode = code
  return code
}
