// A second process on the same database file: the test calls `anotherProcess`, the process runs this very file.
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { artifactKind } from '../../src/domain/artifact.ts'
import { hashed } from '../../src/domain/secrets.ts'
import type { SqlStore } from '../../src/stores/sql/store.ts'
import { openSqlite } from '../../src/stores/sqlite/sqlite.ts'
import { aTenant, NOW } from './nouns.ts'

type Task = 'redeem' | 'migrate' | 'write-and-die'

/** Runs a task in a process of its own and answers the lines it printed. */
export async function anotherProcess(task: Task, file: string): Promise<readonly string[]> {
  const run = promisify(execFile)(process.execPath, [import.meta.filename, task, file])
  const { stdout } = await run.catch((error) => (error.signal === 'SIGKILL' ? error : Promise.reject(error)))
  return String(stdout).split('\n').filter(Boolean)
}

const tasks: Readonly<Record<string, (store: SqlStore) => Promise<readonly string[]>>> = {
  async redeem(store) {
    const { artifacts, counters } = store.forTenant(aTenant().id)
    const names = Array.from({ length: 60 }, (_, index) => `code ${index}`)
    const redeem = async (name: string) => {
      await counters.hit('redemptions', 60, NOW)
      return (await artifacts.redeem(artifactKind<string>('code'), hashed(name), NOW)).kind
    }
    return Promise.all(names.map(redeem))
  },
  migrate: (store) => store.migrate(),
  async 'write-and-die'(store) {
    await store.migrate()
    await store.tenants.create(aTenant())
    process.stdout.write('written\n', () => process.kill(process.pid, 'SIGKILL'))
    return new Promise(() => undefined)
  },
}

if (import.meta.main) {
  const [name = '', file = ''] = process.argv.slice(2)
  const store = openSqlite({ file })
  const lines = await tasks[name]?.(store)
  await store.close()
  for (const line of lines ?? []) console.log(line)
}
