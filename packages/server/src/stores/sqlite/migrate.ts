import type { DatabaseSync } from 'node:sqlite'
import { type Applied, missingMigrations, readMigrations } from '../sql/migrations.ts'
import { patiently } from './patience.ts'

/** Another process may be migrating a large database. */
const PATIENCE_MS = 60_000

/** Applies the missing migrations in one exclusive transaction and answers their names. */
export async function migrate(database: DatabaseSync): Promise<readonly string[]> {
  const ours = readMigrations(new URL('./migrations/', import.meta.url))
  await patiently(() => database.exec('begin exclusive'), PATIENCE_MS)
  try {
    database.exec(
      'create table if not exists schema_migration (name text not null primary key, checksum text not null) strict',
    )
    const rows = database.prepare('select name, checksum from schema_migration').all()
    const applied = rows.map((row): Applied => ({ name: String(row.name), checksum: String(row.checksum) }))
    const missing = missingMigrations(ours, applied)
    const remember = database.prepare('insert into schema_migration (name, checksum) values (?, ?)')
    for (const { name, checksum, text } of missing) {
      database.exec(text)
      remember.run(name, checksum)
    }
    database.exec('commit')
    return missing.map(({ name }) => name)
  } catch (error) {
    if (database.isTransaction) database.exec('rollback')
    throw error
  }
}
