// `node examples/tv-device/start.ts`: a television that is logged in with a telephone.
import { listen } from '@valetkey-examples/shared/listen'
import { portAt, startValetkey, untilStopped } from '@valetkey-examples/shared/valetkey'
import { television } from './television.ts'

const tenantFile = new URL('tenant.yaml', import.meta.url)
const publicUrl = process.env.VALETKEY_PUBLIC_URL
const valetkey = await startValetkey({ folder: 'tv-device', tenantFile, publicUrl })
const { issuer, file } = valetkey
const [[client], [api], [user]] = [file.clients, file.resourceServers, file.users]
if (!client || !api || !user) throw new Error('tenant.yaml has a client, an API and a user')

const app = television({ issuer, clientId: client.client_id, audience: api.identifier })

const localOnly = `
  No telephone reaches ${issuer}: open the address of the QR code in another window here.
  For a real telephone, start with the https address of a tunnel or proxy to port ${portAt(0)}: VALETKEY_PUBLIC_URL=https://…
`

untilStopped(
  [await listen(app, portAt(1)), valetkey],
  `
  The television               http://localhost:${portAt(1)}
  On the telephone you are     ${user.email}
  with the password            ${user.password}
${publicUrl === undefined ? localOnly : ''}
  Everything is kept in ${valetkey.dataDirectory}. Stop with Ctrl+C.
`,
)
