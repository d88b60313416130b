// Owns the command line: names, help, exit codes, and which command does what. The work itself is elsewhere.
import { parseArgs } from 'node:util'
import { didYouMean } from '@valetkey/api/words'
import { applyCommand } from './apply.ts'
import type { Command, ExitCode, Given, Output } from './command.ts'
import { configCommand } from './config.ts'
import { doctorCommand } from './doctor.ts'
import { explain } from './explain.ts'
import { commandHelp, overview } from './help.ts'
import { keysListCommand, keysRevokeCommand, keysRotateCommand } from './keys.ts'
import { migrateCommand } from './migrate.ts'
import { startCommand } from './start.ts'
import { version } from './version.ts'

const commands: readonly Command[] = [
  startCommand,
  applyCommand,
  migrateCommand,
  keysListCommand,
  keysRotateCommand,
  keysRevokeCommand,
  doctorCommand,
  configCommand,
]

/** Runs one command and answers the exit code. Never throws. */
export async function run(args: readonly string[], output: Output): Promise<ExitCode> {
  const [first] = args
  if (first === '--version') return print(output, version())
  if (first === '--help' || first === '-h' || first === 'help') return print(output, overview(commands))
  const command = commandFor(args)
  if (command === undefined) return unknownCommand(args, output)
  const parsed = parse(command, args.slice(command.name.split(' ').length))
  if (parsed.kind === 'mistaken') return wrongUse(output, command.name, parsed.message)
  if (parsed.given.options.help === true) return print(output, commandHelp(command))
  try {
    return await command.run(parsed.given, output)
  } catch (error) {
    output.problem(`valetkey ${command.name}: ${explain(error)}`)
    return 1
  }
}

function commandFor(args: readonly string[]): Command | undefined {
  return commands.find(({ name }) => name.split(' ').every((word, index) => word === args[index]))
}

function unknownCommand(args: readonly string[], output: Output): ExitCode {
  const [first, second] = args
  const group = commands.filter(({ name }) => name.startsWith(`${first} `))
  if (first === undefined) return wrongUse(output, '', 'a command is missing')
  if (first.startsWith('-')) return wrongUse(output, '', 'the command comes before its options')
  if (group.length > 0) {
    if (args.includes('--help')) return print(output, group.map(commandHelp).join('\n'))
    const names = group.map(({ name }) => name)
    return wrongUse(
      output,
      '',
      `expected one of ${names.join(', ')}${didYouMean(`${first} ${second}`, names)}`,
    )
  }
  const names = commands.map(({ name }) => name)
  return wrongUse(output, '', `unknown command ${first}${didYouMean(first, names)}`)
}

function wrongUse(output: Output, name: string, message: string): ExitCode {
  const called = ['valetkey', name].filter((word) => word !== '').join(' ')
  output.problem(`${called}: ${message}${message.endsWith('?') ? '' : '.'} See ${called} --help.`)
  return 2
}

function print(output: Output, text: string): ExitCode {
  output.line(text)
  return 0
}

type Parsed =
  | { readonly kind: 'parsed'; readonly given: Given }
  | { readonly kind: 'mistaken'; readonly message: string }

/** The id of a key (RFC 7638 §3.1) that looks like options, because its first character is a dash. */
const thumbprint = /^-[A-Za-z0-9_-]{42}$/

function parse(command: Command, args: readonly string[]): Parsed {
  const options = { ...command.options, help: { type: 'boolean', short: 'h' } } as const
  const unknown = args.find((arg) => isUnknownOption(arg, Object.keys(options)))
  if (unknown !== undefined) {
    const name = unknown.split('=')[0] ?? unknown
    const known = Object.keys(options).map((option) => `--${option}`)
    return { kind: 'mistaken', message: `unknown option ${name}${didYouMean(name, known)}` }
  }
  try {
    const named = args.filter((arg) => thumbprint.test(arg))
    const rest = args.filter((arg) => !thumbprint.test(arg))
    const parsed = parseArgs({ args: rest, options, allowPositionals: true })
    const values: Given['options'] = parsed.values
    const positionals = [...parsed.positionals, ...named]
    const given = { options: values, arguments: positionals }
    const isComplete = values.help === true || positionals.length === command.arguments.length
    return isComplete
      ? { kind: 'parsed', given }
      : { kind: 'mistaken', message: countMessage(command, positionals) }
  } catch (error) {
    return { kind: 'mistaken', message: (error as Error).message.split(/\.\s|\.$|\n/)[0] ?? 'wrong options' }
  }
}

function isUnknownOption(arg: string, known: readonly string[]): boolean {
  if (!arg.startsWith('-') || thumbprint.test(arg) || arg === '-' || arg === '--' || arg === '-h')
    return false
  return !known.some((name) => arg === `--${name}` || arg.startsWith(`--${name}=`))
}

function countMessage(command: Command, given: readonly string[]): string {
  const missing = command.arguments.slice(given.length)
  if (missing.length > 0) return `${missing.join(' ')} is missing`
  return `unexpected argument ${given[command.arguments.length]}`
}
