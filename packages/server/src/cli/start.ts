import { issueSetupLink } from '../accounts/setup.ts'
import type { Config } from '../config/config.ts'
import type { Plug } from '../oauth/registry.ts'
import { createServer, type Server } from '../server.ts'
import { collectGarbage } from './collect-garbage.ts'
import { type Command, configOption, type ExitCode, type Output } from './command.ts'
import { makeDirectories, withConfig } from './with-config.ts'

export const startCommand: Command = {
  name: 'start',
  summary: 'Starts the server.',
  details: [
    'The first start makes the database, its master key, the tenant and its signing keys, and prints a link with which',
    'the first administrator sets a password. SIGTERM and SIGINT stop it after the requests that were begun; a second',
    'signal stops it at once.',
  ].join('\n'),
  arguments: [],
  ...configOption,
  run: (given, output, extensions) =>
    withConfig(given, output, (config) => start(config, extensions, output)),
}

async function start(config: Config, extensions: readonly Plug[], output: Output): Promise<ExitCode> {
  makeDirectories(config)
  const server = await createServer(config, { extensions })
  const stopping = firstSignal()
  try {
    await listen(server, output)
    await collectGarbage()
    await stopping.received
    await server.close()
    return 0
  } catch (error) {
    await server.close()
    throw error
  } finally {
    stopping.ignore()
  }
}

async function listen(server: Server, output: Output): Promise<void> {
  const { host, port } = await server.listen()
  const link = await issueSetupLink(await server.call())
  output.line(`Valetkey is ready at ${server.issuer} (listening on ${host}:${port})`)
  output.line(`Discovery: ${server.issuer}.well-known/openid-configuration`)
  if (link !== undefined) output.line(`Set up the first administrator, once and within a day: ${link}`)
}

/** The first signal to stop resolves `received`; a second one ends the process at once. */
function firstSignal() {
  const { promise: received, resolve } = Promise.withResolvers<void>()
  const signals = ['SIGTERM', 'SIGINT'] as const
  const onSecond = () => process.exit(1)
  const onFirst = () => {
    ignore()
    for (const signal of signals) process.on(signal, onSecond)
    resolve()
  }
  const ignore = () => {
    for (const signal of signals) process.off(signal, onFirst).off(signal, onSecond)
  }
  for (const signal of signals) process.on(signal, onFirst)
  return { received, ignore }
}
