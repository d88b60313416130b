import { loadConfig } from '../config/load.ts'
import { type Command, configOption, optionText } from './command.ts'
import { type Finding, findings } from './findings.ts'

export const doctorCommand: Command = {
  name: 'doctor',
  summary: 'Checks configuration, master key, store, clock and public address.',
  details: 'Changes nothing. Notes are worth knowing; a problem makes the exit code 1.',
  arguments: [],
  ...configOption,
  async run(given, output) {
    const loaded = loadConfig(optionText(given, 'config'))
    const found =
      loaded.kind === 'loaded'
        ? [
            { state: 'ok', what: 'configuration', detail: 'no mistakes' } as const,
            ...(await findings(loaded.config)),
          ]
        : loaded.mistakes.map((detail): Finding => ({ state: 'problem', what: 'configuration', detail }))
    for (const { state, what, detail } of found)
      output.line(`${state.padEnd(8)} ${what.padEnd(15)} ${detail}`)
    return found.some(({ state }) => state === 'problem') ? 1 : 0
  },
}
