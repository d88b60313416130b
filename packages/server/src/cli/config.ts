import { reference } from '../config/reference.ts'
import { redact } from '../ports/redact.ts'
import { type Command, configOption } from './command.ts'
import { withConfig } from './with-config.ts'

export const configCommand: Command = {
  name: 'config',
  summary: 'Checks the configuration and shows it without secrets.',
  arguments: [],
  options: { ...configOption.options, reference: { type: 'boolean' } },
  optionHelp: {
    ...configOption.optionHelp,
    '--reference': 'Prints the reference of all settings in Markdown instead.',
  },
  async run(given, output) {
    if (given.options.reference === true) {
      output.line(reference().trimEnd())
      return 0
    }
    return withConfig(given, output, async (config) => {
      output.line(JSON.stringify(redact({ ...config }), undefined, 2))
      return 0
    })
  },
}
