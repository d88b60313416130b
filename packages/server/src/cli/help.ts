import type { Command } from './command.ts'

/** What `valetkey --help` prints. */
export function overview(commands: readonly Command[]): string {
  const width = Math.max(...commands.map((command) => usage(command).length))
  return [
    'A self-hosted OAuth 2.0 and OpenID Connect authorization server.',
    '',
    'Usage: valetkey COMMAND [OPTIONS]',
    '',
    ...commands.map((command) => `  ${usage(command).padEnd(width)}  ${command.summary}`),
    '',
    'valetkey COMMAND --help says more; valetkey --version prints the version.',
  ].join('\n')
}

/** What `valetkey COMMAND --help` prints. */
export function commandHelp(command: Command): string {
  const options = { ...command.optionHelp, '--help': 'Shows this text.' }
  const width = Math.max(...Object.keys(options).map((name) => name.length))
  return [
    `Usage: valetkey ${usage(command)} [OPTIONS]`,
    '',
    command.summary,
    ...(command.details === undefined ? [] : ['', command.details]),
    '',
    ...Object.entries(options).map(([name, text]) => `  ${name.padEnd(width)}  ${text}`),
  ].join('\n')
}

function usage({ name, arguments: names }: Command): string {
  return [name, ...names].join(' ')
}
