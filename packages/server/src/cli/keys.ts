import { type SigningAlgorithm, type SigningKey, signingAlgorithms } from '../domain/signing-key.ts'
import type { TenantStore } from '../domain/store.ts'
import { rotateKeys } from '../oauth/keys/signing-keys.ts'
import { createServer } from '../server.ts'
import { type Command, configOption, type Output, optionText } from './command.ts'
import { makeDirectories, withConfig } from './with-config.ts'

export const keysListCommand: Command = {
  name: 'keys list',
  summary: 'Lists the signing keys, newest first.',
  arguments: [],
  ...configOption,
  run: (given, output) =>
    withConfig(given, output, async (config) => {
      makeDirectories(config)
      const server = await createServer(config)
      try {
        await printKeys((await server.call()).store, output)
        return 0
      } finally {
        await server.close()
      }
    }),
}

export const keysRotateCommand: Command = {
  name: 'keys rotate',
  summary: 'Begins to sign with the next key.',
  details: [
    'The next key has been published for a while, so that verifiers know it. It becomes the current one, and a new next',
    'key is made. Older keys stay published for what they signed.',
  ].join('\n'),
  arguments: [],
  options: { ...configOption.options, algorithm: { type: 'string' } },
  optionHelp: {
    ...configOption.optionHelp,
    '--algorithm NAME': `One of ${signingAlgorithms.join(', ')}; RS256 when absent.`,
  },
  run: (given, output) =>
    withConfig(given, output, async (config) => {
      const name = optionText(given, 'algorithm') ?? 'RS256'
      const algorithm = signingAlgorithms.find((one) => one === name)
      if (algorithm === undefined) {
        output.problem(`valetkey keys rotate: --algorithm expects one of ${signingAlgorithms.join(', ')}.`)
        return 2
      }
      makeDirectories(config)
      const server = await createServer(config)
      try {
        const { store, ports, now } = await server.call()
        await rotateKeys(store, ports, algorithm, now)
        await printKeys(store, output, algorithm)
        return 0
      } finally {
        await server.close()
      }
    }),
}

async function printKeys(store: TenantStore, output: Output, only?: SigningAlgorithm): Promise<void> {
  const keys = await store.signingKeys.list()
  for (const algorithm of signingAlgorithms) {
    if (only !== undefined && algorithm !== only) continue
    const ofAlgorithm = keys.filter((key) => key.algorithm === algorithm)
    for (const [age, key] of ofAlgorithm.entries()) output.line(row(key, age))
  }
}

/** `age` counts from the newest key, which waits as the next one. */
function row({ algorithm, kid, createdAt }: SigningKey, age: number): string {
  const state = ['next', 'current'][age] ?? 'previous'
  return `${algorithm.padEnd(6)}  ${state.padEnd(8)}  ${kid.padEnd(22)}  made ${new Date(createdAt * 1000).toISOString()}`
}
