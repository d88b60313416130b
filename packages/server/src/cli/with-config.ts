import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Config } from '../config/config.ts'
import { loadConfig } from '../config/load.ts'
import { type ExitCode, type Given, type Output, optionText } from './command.ts'

/** Reads the configuration and does the work, or tells all mistakes. */
export async function withConfig(
  given: Given,
  output: Output,
  work: (config: Config) => Promise<ExitCode>,
): Promise<ExitCode> {
  const loaded = loadConfig(optionText(given, 'config'))
  if (loaded.kind === 'loaded') return work(loaded.config)
  output.problem('valetkey: the configuration has mistakes:')
  for (const mistake of loaded.mistakes) output.problem(`  ${mistake}`)
  return 1
}

/** Makes the directory of the database, which only this user may enter. */
export function makeDirectories({ store }: Config): void {
  if (store.engine !== 'sqlite' || store.sqlite.file === undefined) return
  mkdirSync(dirname(store.sqlite.file), { recursive: true, mode: 0o700 })
}
