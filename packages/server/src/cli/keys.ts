import { type SigningAlgorithm, type SigningKey, signingAlgorithms } from '../domain/signing-key.ts'
import type { TenantStore } from '../domain/store.ts'
import { nextKeyKnownAt, revokeKey, rotateKeys } from '../oauth/keys/signing-keys.ts'
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
    'key is made. Older keys stay published for what they signed, and are removed by a rotation 30 days after they signed',
    'last. A next key younger than 10 minutes is not rotated in.',
  ].join('\n'),
  arguments: [],
  options: { ...configOption.options, algorithm: { type: 'string' }, now: { type: 'boolean' } },
  optionHelp: {
    ...configOption.optionHelp,
    '--algorithm NAME': `One of ${signingAlgorithms.join(', ')}; RS256 when absent.`,
    '--now': 'Also when verifiers may not know the next key yet: they refuse its tokens for a while.',
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
        const knownAt = await nextKeyKnownAt(store, algorithm)
        if (now < knownAt && given.options.now !== true) {
          output.problem(
            `valetkey keys rotate: verifiers may not know the next key before ${shown(knownAt)}; wait until then, or say --now.`,
          )
          return 1
        }
        await rotateKeys(store, ports, algorithm, now)
        await printKeys(store, output, algorithm)
        return 0
      } finally {
        await server.close()
      }
    }),
}

export const keysRevokeCommand: Command = {
  name: 'keys revoke',
  summary: 'Withdraws a signing key and all that it signed.',
  details: [
    'KID is what keys list shows: a previous key, or the current one, whose place the next key takes at once. It leaves the',
    'key set, and this server refuses its tokens within two seconds; others do when they fetch the set again.',
  ].join('\n'),
  arguments: ['KID'],
  ...configOption,
  run: (given, output) =>
    withConfig(given, output, async (config) => {
      makeDirectories(config)
      const server = await createServer(config)
      try {
        const { store, ports, now } = await server.call()
        const [kid = ''] = given.arguments
        const revoked = await revokeKey(store, ports, kid, now)
        if (revoked === 'revoked') {
          await printKeys(store, output)
          return 0
        }
        output.problem(
          revoked === 'unknown'
            ? 'valetkey keys revoke: there is no key of this KID; see valetkey keys list.'
            : 'valetkey keys revoke: this is the next key, which has signed nothing; rotate it in first, then revoke it.',
        )
        return 1
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
  return `${algorithm.padEnd(6)}  ${state.padEnd(8)}  ${kid.padEnd(22)}  made ${shown(createdAt)}`
}

function shown(epochSeconds: number): string {
  return new Date(epochSeconds * 1000).toISOString()
}
