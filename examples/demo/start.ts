// `npm start`: an authorization server, an application and an API, ready to be clicked through.
import { readFileSync } from 'node:fs'
import { startContactsApi } from '@valetkey-examples/contacts-api'
import { startDemoApp } from '@valetkey-examples/demo-app'
import { createServer, loadConfig } from 'valetkey'
import { parse } from 'yaml'

// A folder of its own: what the demo publishes must not be found in a server that was started for real.
const loaded = loadConfig(undefined, { VALETKEY_DATA_DIRECTORY: './data/demo', ...process.env })
if (loaded.kind === 'mistaken') fail(loaded.mistakes.join('\n'))
// Beside the server, so that setting another `listen.port` moves all three.
const appPort = loaded.config.listen.port + 1
const apiPort = loaded.config.listen.port + 2
const server = await createServer(loaded.config)
const file = parse(readFileSync(new URL('tenant.yaml', import.meta.url), 'utf8'))
file.clients[0].callbacks = [`http://localhost:${appPort}/callback`]
const applied = await server.apply(file)
if (applied.kind === 'mistaken') fail('examples/demo/tenant.yaml does not fit this version')

const [client] = file.clients
const [api] = file.resourceServers
const [user] = file.users
const { issuer } = server
const listening = await Promise.allSettled([
  server.listen(),
  startContactsApi({ issuer, audience: api.identifier, port: apiPort }),
  startDemoApp({
    issuer,
    clientId: client.client_id,
    clientSecret: client.client_secret,
    audience: api.identifier,
    apiUrl: `http://localhost:${apiPort}`,
    port: appPort,
  }),
])
for (const outcome of listening) if (outcome.status === 'rejected') fail(whyNot(outcome.reason))

console.log(`
  Valetkey is running.

  Open the demo application    http://localhost:${appPort}
  and log in as                ${user.email}
  with the password            ${user.password}

  Issuer                       ${issuer}
  Discovery                    ${issuer}.well-known/openid-configuration
  Contacts API                 http://localhost:${apiPort}/contacts

  Everything is kept in ${loaded.config.dataDirectory}. Stop with Ctrl+C.
`)

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop)

async function stop(): Promise<void> {
  for (const outcome of listening.slice(1)) {
    if (outcome.status === 'fulfilled' && 'close' in outcome.value) await outcome.value.close()
  }
  await server.close()
}

function whyNot(reason: unknown): string {
  const { code, port } = reason as { readonly code?: string; readonly port?: number }
  if (code !== 'EADDRINUSE') return String(reason)
  return `Port ${port} is taken: stop the program that listens there, and start again.`
}

function fail(message: string): never {
  console.error(message)
  process.exit(1)
}
