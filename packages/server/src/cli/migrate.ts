import { openPorts } from '../ports/ports.ts'
import { openStore } from '../server.ts'
import { type Command, configOption } from './command.ts'
import { makeDirectories, withConfig } from './with-config.ts'

export const migrateCommand: Command = {
  name: 'migrate',
  summary: 'Brings the database to this version.',
  details: 'start does the same; with many nodes it is calmer to do it once, before they start.',
  arguments: [],
  ...configOption,
  run: (given, output) =>
    withConfig(given, output, async (config) => {
      makeDirectories(config)
      // The key is older than the database: a database without one is refused later.
      openPorts(config)
      const store = await openStore(config)
      try {
        const applied = await store.migrate()
        for (const name of applied) output.line(`applied ${name}`)
        if (applied.length === 0) output.line('nothing to do')
        return 0
      } finally {
        await store.close()
      }
    }),
}
