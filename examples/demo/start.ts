// `npm start`: an authorization server, an application and an API, ready to be clicked through.
import { startContactsApi } from '@valetkey-examples/contacts-api'
import { startDemoApp } from '@valetkey-examples/demo-app'
import { failOnPort, portAt, startValetkey, untilStopped } from '@valetkey-examples/shared/valetkey'

const tenantFile = new URL('tenant.yaml', import.meta.url)
const valetkey = await startValetkey({ folder: 'demo', tenantFile })
const { issuer, file } = valetkey
const [[client], [api], [user]] = [file.clients, file.resourceServers, file.users]
if (!client || !api || !user) throw new Error('tenant.yaml has a client, an API and a user')

const apiUrl = `http://localhost:${portAt(2)}`
const contacts = await startContactsApi({ issuer, audience: api.identifier, port: portAt(2) }).catch(
  failOnPort,
)
const app = await startDemoApp({
  issuer,
  clientId: client.client_id,
  clientSecret: client.client_secret,
  audience: api.identifier,
  apiUrl,
  port: portAt(1),
}).catch(failOnPort)

untilStopped(
  [app, contacts, valetkey],
  `
  Valetkey is running.

  Open the demo application    http://localhost:${portAt(1)}
  and log in as                ${user.email}
  with the password            ${user.password}

  Issuer                       ${issuer}
  Discovery                    ${issuer}.well-known/openid-configuration
  Contacts API                 ${apiUrl}/contacts

  Everything is kept in ${valetkey.dataDirectory}. Stop with Ctrl+C.
`,
)
