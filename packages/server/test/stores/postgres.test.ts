import { openPostgres } from '../../src/stores/postgres/postgres.ts'
import { freshDatabase } from '../support/postgres.ts'
import { storeContract } from './contract.ts'

storeContract('PostgreSQL that two processes share', async () => {
  const database = await freshDatabase()
  const stores = [
    openPostgres({ url: database.url }),
    openPostgres({ url: database.url, poolSize: 3 }),
  ] as const
  for (const store of stores) await store.migrate()
  return {
    stores,
    async close() {
      for (const store of stores) await store.close()
      await database.drop()
    },
  }
})
