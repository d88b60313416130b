import { openSqlite } from '../../src/stores/sqlite/sqlite.ts'
import { storeContract } from './contract.ts'
import { temporaryDirectory } from './temporary-directory.ts'

storeContract('SQLite in memory', async () => {
  const store = openSqlite()
  await store.migrate()
  return { stores: [store], close: () => store.close() }
})

storeContract('SQLite in a file that two processes share', async () => {
  const directory = temporaryDirectory()
  const stores = [openSqlite({ file: directory.file }), openSqlite({ file: directory.file })] as const
  for (const store of stores) await store.migrate()
  return {
    stores,
    async close() {
      for (const store of stores) await store.close()
      directory.remove()
    },
  }
})
