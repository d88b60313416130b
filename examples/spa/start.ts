// `node examples/spa/start.ts`: a single-page application that keeps its token in memory and renews it silently.
import { listen } from '@valetkey-examples/shared/listen'
import { portAt, startValetkey, untilStopped } from '@valetkey-examples/shared/valetkey'
import { notesApi } from './notes-api.ts'
import { staticFiles } from './static-files.ts'

const tenantFile = new URL('tenant.yaml', import.meta.url)
const valetkey = await startValetkey({ folder: 'spa', tenantFile })
const { issuer, file } = valetkey
const [[client], [api], [user]] = [file.clients, file.resourceServers, file.users]
if (!client || !api || !user) throw new Error('tenant.yaml has a client, an API and a user')

const [url, apiUrl] = [`http://localhost:${portAt(1)}`, `http://localhost:${portAt(2)}`]
const { origin: domain } = new URL(issuer)
const pages = staticFiles({ domain, clientId: client.client_id, audience: api.identifier, apiUrl })

untilStopped(
  [await listen(pages, portAt(1)), await listen(notesApi(issuer, api.identifier, url), portAt(2)), valetkey],
  `
  Open the application         ${url}
  and log in as                ${user.email}
  with the password            ${user.password}

  Everything is kept in ${valetkey.dataDirectory}. Stop with Ctrl+C.
`,
)
