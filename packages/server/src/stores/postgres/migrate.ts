import type { Pool } from 'pg'
import { type Applied, missingMigrations, readMigrations } from '../sql/migrations.ts'

/** Any number that no other program on this database uses for its advisory locks. */
const LOCK = 7_238_216_509

/** Applies the missing migrations in one transaction under an advisory lock and answers their names. */
export async function migrate(pool: Pool): Promise<readonly string[]> {
  const ours = readMigrations(new URL('./migrations/', import.meta.url))
  const client = await pool.connect()
  try {
    await client.query('begin')
    await client.query('set local statement_timeout = 0')
    await client.query(`select pg_advisory_xact_lock(${LOCK})`)
    await client.query(
      'create table if not exists schema_migration (name text not null primary key, checksum text not null)',
    )
    const { rows } = await client.query<Applied>('select name, checksum from schema_migration')
    const missing = missingMigrations(ours, rows)
    for (const { name, checksum, text } of missing) {
      await client.query(text)
      await client.query('insert into schema_migration (name, checksum) values ($1, $2)', [name, checksum])
    }
    await client.query('commit')
    client.release()
    return missing.map(({ name }) => name)
  } catch (error) {
    // A connection of which we do not know where it stands is closed, and its transaction with it.
    client.release(true)
    throw error
  }
}
