// `node examples/tv-device/start.ts`: a television that is logged in with a telephone.
import { listen } from '@valetkey-examples/shared/listen'
import { portAt, startValetkey, untilStopped } from '@valetkey-examples/shared/valetkey'
import { television } from './television.ts'

const tenantFile = new URL('tenant.yaml', import.meta.url)
const valetkey = await startValetkey({ folder: 'tv-device', tenantFile })
const { issuer, file } = valetkey
const [[client], [api], [user]] = [file.clients, file.resourceServers, file.users]
if (!client || !api || !user) throw new Error('tenant.yaml has a client, an API and a user')

const app = television({ issuer, clientId: client.client_id, audience: api.identifier })

untilStopped(
  [await listen(app, portAt(1)), valetkey],
  `
  The television               http://localhost:${portAt(1)}
  On the telephone you are     ${user.email}
  with the password            ${user.password}

  Everything is kept in ${valetkey.dataDirectory}. Stop with Ctrl+C.
`,
)
