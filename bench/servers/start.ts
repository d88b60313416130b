// Starts a server from its settings in the environment and nothing else.
import { createServer } from 'valetkey'
import { loadConfig } from '../../packages/server/src/config/load.ts'

const loaded = loadConfig()
if (loaded.kind === 'mistaken') throw new Error(loaded.mistakes.join('\n'))
const server = await createServer(loaded.config)
await server.listen()
process.once('SIGTERM', () => server.close())
