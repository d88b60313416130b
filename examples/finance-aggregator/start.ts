// `node examples/finance-aggregator/start.ts`: a bank with its API, and an application that reads there for its owner.
import { listen } from '@valetkey-examples/shared/listen'
import { portAt, startValetkey, untilStopped } from '@valetkey-examples/shared/valetkey'
import { aggregator } from './aggregator.ts'
import { bankApi } from './bank-api.ts'

const tenantFile = new URL('tenant.yaml', import.meta.url)
const bank = await startValetkey({ folder: 'finance-aggregator', tenantFile })
const { issuer, file } = bank
const [[client, caller], [api], [user]] = [file.clients, file.resourceServers, file.users]
if (!client || !caller || !api || !user) throw new Error('tenant.yaml has two clients, an API and a user')

const [url, apiUrl] = [`http://localhost:${portAt(1)}`, `http://localhost:${portAt(2)}`]
const app = aggregator({
  issuer,
  clientId: client.client_id,
  clientSecret: client.client_secret,
  audience: api.identifier,
  url,
  apiUrl,
})
const accounts = bankApi({
  issuer,
  audience: api.identifier,
  introspection: { clientId: caller.client_id, clientSecret: caller.client_secret, jwt: true },
})

untilStopped(
  [await listen(app, portAt(1)), await listen(accounts, portAt(2)), bank],
  `
  Pennywise, the aggregator    ${url}
  log in at the bank as        ${user.email}
  with the password            ${user.password}

  End its access at the bank   ${issuer}account/applications

  Everything is kept in ${bank.dataDirectory}. Stop with Ctrl+C.
`,
)
