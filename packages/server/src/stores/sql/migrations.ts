import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { StoreInvalid } from '../../domain/store.ts'

/** A numbered `.sql` file. */
export interface Migration {
  readonly name: string
  readonly text: string
  readonly checksum: string
}

/** What a database remembers of a migration. */
export type Applied = Pick<Migration, 'name' | 'checksum'>

/** Reads the migrations of a folder, oldest first. */
export function readMigrations(folder: URL): readonly Migration[] {
  const files = readdirSync(folder).filter((file) => file.endsWith('.sql'))
  return files.sort().map((file) => {
    // A checkout may have changed the line ends.
    const text = readFileSync(new URL(file, folder), 'utf8').replaceAll('\r\n', '\n')
    const checksum = createHash('sha256').update(text).digest('hex')
    return { name: file.slice(0, -'.sql'.length), text, checksum }
  })
}

/** The migrations that a database lacks. Throws `StoreInvalid` when it was made by other ones than ours. */
export function missingMigrations(
  ours: readonly Migration[],
  applied: readonly Applied[],
): readonly Migration[] {
  for (const { name, checksum } of applied) {
    const known = ours.find((migration) => migration.name === name)
    if (!known) {
      throw new StoreInvalid('database', `has migration ${name} of a newer version, so start that version`)
    }
    if (known.checksum !== checksum) {
      throw new StoreInvalid(
        'database',
        `has another migration ${name} than this version, so it cannot be used`,
      )
    }
  }
  return ours.filter(({ name }) => !applied.some((migration) => migration.name === name))
}
