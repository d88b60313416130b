import { cached } from '../../src/stores/cached.ts'
import { openPostgres } from '../../src/stores/postgres/postgres.ts'
import { openSqlite } from '../../src/stores/sqlite/sqlite.ts'
import { freshDatabase } from '../support/postgres.ts'
import { storeContract } from './contract.ts'

storeContract('SQLite behind the cache', async () => {
  const store = cached(openSqlite())
  await store.migrate()
  return { stores: [store], close: () => store.close() }
})

storeContract('PostgreSQL behind the cache', async () => {
  const database = await freshDatabase()
  const store = cached(openPostgres({ url: database.url }))
  await store.migrate()
  return {
    stores: [store],
    async close() {
      await store.close()
      await database.drop()
    },
  }
})
