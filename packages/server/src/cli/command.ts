import type { ParseArgsOptionsConfig } from 'node:util'
import type { Plug } from '../oauth/registry.ts'

/** Where a command writes. Results go to `line`, what went wrong to `problem`. */
export interface Output {
  line(text: string): void
  problem(text: string): void
}

/** 0: done. 1: a problem, told on standard error. 2: the command line itself is wrong. */
export type ExitCode = 0 | 1 | 2

export interface Given {
  readonly options: Readonly<Record<string, string | boolean | undefined>>
  readonly arguments: readonly string[]
}

/** One command of `valetkey`. */
export interface Command {
  /** One or two words. */
  readonly name: string
  readonly summary: string
  /** Shown by `--help` below the summary. */
  readonly details?: string
  readonly arguments: readonly string[]
  readonly options: ParseArgsOptionsConfig
  /** How each option is written and what it does. */
  readonly optionHelp: Readonly<Record<string, string>>
  run(given: Given, output: Output, extensions: readonly Plug[]): Promise<ExitCode>
}

/** What every command that reads the configuration takes. */
export const configOption = {
  options: { config: { type: 'string' } },
  optionHelp: {
    '--config FILE': 'The configuration file; else VALETKEY_CONFIG, else the environment alone.',
  },
} as const

/** The value of an option that takes one. */
export function optionText({ options }: Given, name: string): string | undefined {
  const value = options[name]
  return typeof value === 'string' ? value : undefined
}
