import { parseArgs } from 'node:util'
import { type ScenarioName, scenarioNames } from './contract.ts'

export type Part = ScenarioName | 'start-up'

export interface Options {
  /** Length of one window. */
  readonly seconds: number
  readonly rounds: number
  readonly connections: number
  readonly parts: readonly Part[]
  /** Where to write the JSON; absent writes none. */
  readonly json?: string
}

export const usage = `node bench/bench.ts [--seconds 2] [--rounds 5] [--connections 16] [--json FILE] [--only PART]…
parts: ${[...scenarioNames, 'start-up'].join(', ')}`

/** Reads the command line. Throws an error whose message is for the person at the terminal. */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seconds: { type: 'string', default: '2' },
      rounds: { type: 'string', default: '5' },
      connections: { type: 'string', default: '16' },
      json: { type: 'string' },
      only: { type: 'string', multiple: true },
    },
  })
  return {
    seconds: positive('seconds', values.seconds),
    rounds: Math.ceil(positive('rounds', values.rounds)),
    connections: Math.ceil(positive('connections', values.connections)),
    parts: values.only?.map(partNamed) ?? [...scenarioNames, 'start-up'],
    ...(values.json !== undefined && { json: values.json }),
  }
}

function positive(name: string, text: string): number {
  const number = Number(text)
  if (!(number > 0 && number <= 600)) throw new Error(`--${name} takes a number above 0, at most 600`)
  return number
}

function partNamed(name: string): Part {
  const part = [...scenarioNames, 'start-up' as const].find((candidate) => candidate === name)
  if (part === undefined) throw new Error(`--only ${name}: there is no such part`)
  return part
}
