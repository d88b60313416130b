// `node examples/machine-to-machine/start.ts`: an API, and a job that reads there now and every night.
import { join } from 'node:path'
import { startContactsApi } from '@valetkey-examples/contacts-api'
import { failOnPort, portAt, startValetkey, untilStopped } from '@valetkey-examples/shared/valetkey'
import { backUp, everyNight } from './nightly-backup.ts'

const tenantFile = new URL('tenant.yaml', import.meta.url)
const valetkey = await startValetkey({ folder: 'machine-to-machine', tenantFile })
const { issuer, file } = valetkey
const [[client], [api]] = [file.clients, file.resourceServers]
if (!client || !api) throw new Error('tenant.yaml has a client and an API')

const apiUrl = `http://localhost:${portAt(1)}`
const contacts = await startContactsApi({ issuer, audience: api.identifier, port: portAt(1) }).catch(
  failOnPort,
)

const options = {
  issuer,
  clientId: client.client_id,
  clientSecret: client.client_secret,
  audience: api.identifier,
  apiUrl,
  folder: join(valetkey.dataDirectory, 'backups'),
}

async function run(): Promise<void> {
  const backup = await backUp(options)
  console.log(`  ${backup.contacts} contacts saved in ${backup.file}`)
}

await run()
const end = everyNight(() => run().catch(console.error))

untilStopped(
  [{ close: async () => end() }, contacts, valetkey],
  `
  The job ran, and runs again every night at three.

  Issuer                       ${issuer}
  Contacts API                 ${apiUrl}/contacts

  Everything is kept in ${valetkey.dataDirectory}. Stop with Ctrl+C.
`,
)
