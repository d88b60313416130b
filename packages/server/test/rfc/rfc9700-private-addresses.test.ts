// Every address of a client that the server fetches × every way to write an address inside. Counted are TCP connections: an
// https address of a server that speaks no TLS would never be a request.
import assert from 'node:assert/strict'
import dns from 'node:dns'
import { syncBuiltinESMExports } from 'node:module'
import { after, mock, test } from 'node:test'
import { startTestServer, type TestServer } from '../../src/testkit/testkit.ts'
import { loopbackListener } from '../support/listener.ts'
import { assertionClaims, clientKey, jwtBearer, signedBy } from './client-keys.ts'
import { allowRegistration, callback, openToAll, register } from './registrations.ts'
import { form, throughPages, token } from './requests.ts'

// Names of the table below; the system answers for all others. 2d00::1 is public, and nobody's.
const names = new Map([
  ['inside.test', ['127.0.0.1']],
  ['mixed.test', ['2d00::1', '127.0.0.1']],
])
const systemLookup: unknown = dns.lookup
const resolver = mock.method(dns, 'lookup', (name: string, options: object, callback: unknown) => {
  assert.ok(typeof callback === 'function' && typeof systemLookup === 'function')
  const addresses = names.get(name)
  if (addresses === undefined) return systemLookup(name, options, callback)
  const found = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))
  process.nextTick(() => callback(null, found))
})
syncBuiltinESMExports()
after(() => {
  resolver.mock.restore()
  syncBuiltinESMExports()
})

const inside = await loopbackListener((_request, response) => response.end('{}'))
const redirecting = await loopbackListener((request, response) => {
  response.writeHead(302, { location: `http://${inside.host}${request.url}` }).end()
})
const strict = await startTestServer()
const open = await startTestServer({
  settings: { outgoing: { allowedHosts: [inside.host, redirecting.host] } },
})
after(() => Promise.all([strict.close(), open.close()]))
const users = new Map([
  [strict, await strict.aUser()],
  [open, await open.aUser()],
])
const key = await clientKey('ES256')
await allowRegistration(strict, openToAll)
await allowRegistration(open, openToAll)

type Fetched = (server: TestServer, url: string) => Promise<unknown>

const fetched: Readonly<Record<string, Fetched>> = {
  async 'jwks_uri of a client assertion'(server, jwksUri) {
    const client = await server.aClient({ tokenEndpointAuthMethod: 'private_key_jwt', jwksUri })
    await token(server, {
      grant_type: 'client_credentials',
      client_assertion: await signedBy(key, assertionClaims(server, client.id)),
      client_assertion_type: jwtBearer,
    })
  },
  async 'jwks_uri of a request object'(server, jwksUri) {
    const client = await server.aClient({ jwksUri })
    const request = await signedBy(key, { iss: client.id, aud: server.issuer, client_id: client.id })
    await server.fetch(`${server.issuer}authorize?${form({ client_id: client.id, request })}`)
  },
  async request_uri(server, requestUri) {
    const client = await server.aClient({ requestUris: [requestUri] })
    const outside = { client_id: client.id, response_type: 'code', scope: 'openid', request_uri: requestUri }
    await server.fetch(`${server.issuer}authorize?${form(outside)}`)
  },
  async sector_identifier_uri(server, uri) {
    const metadata = { redirect_uris: [callback], subject_type: 'pairwise', sector_identifier_uri: uri }
    await register(server, metadata)
  },
  async backchannel_logout_uri(server, backchannelUri) {
    const client = await server.aClient({ logout: { backchannelUri } })
    const [user, browser] = [users.get(server), server.browser()]
    assert.ok(user)
    await throughPages(server, { client, user, browser })
    await browser.open(`${server.issuer}v2/logout`)
    await server.idle()
  },
}

/** Why the latest fetch came to nothing, as the log has it. */
function reason(server: TestServer): unknown {
  const of = ({ fields }: TestServer['log'][number]) => fields.reason ?? fields.message ?? fields.detail
  return server.log.map(of).findLast((text) => typeof text === 'string')
}

test('RFC 9700 §4.12: every address that a client gives is fetched where the operator allows it', async (t) => {
  for (const [name, visit] of Object.entries(fetched))
    await t.test(name, async () => {
      const before = inside.connections()
      // A sector identifier is https in any case.
      const scheme = name === 'sector_identifier_uri' ? 'https' : 'http'
      await visit(open, `${scheme}://${inside.host}/${crypto.randomUUID()}`)
      assert.equal(inside.connections(), before + 1)
    })
})

test('RFC 9700 §4.12: no address that a client gives opens a connection to the inside', async (t) => {
  const { port } = inside
  const hosts = [
    `127.0.0.1:${port}`,
    `localhost:${port}`,
    `2130706433:${port}`,
    `[::ffff:127.0.0.1]:${port}`,
    `inside.test:${port}`,
    `mixed.test:${port}`,
    '10.0.0.1',
    '169.254.169.254',
    '[fd00:ec2::254]',
  ]
  const before = inside.connections()
  for (const [name, visit] of Object.entries(fetched))
    for (const host of hosts)
      await t.test(`${name} at ${host.replace(`:${port}`, '')}`, async () => {
        await visit(strict, `https://${host}/${crypto.randomUUID()}`)
        assert.equal(reason(strict), 'the address is not public')
        assert.equal(inside.connections(), before)
      })
})

test('RFC 9700 §4.12: no address that a client gives leads on by a redirect', async (t) => {
  const before = inside.connections()
  for (const [name, visit] of Object.entries(fetched)) {
    if (name === 'sector_identifier_uri') continue
    await t.test(name, async () => {
      await visit(open, `http://${redirecting.host}/${crypto.randomUUID()}`)
      assert.equal(reason(open), 'redirects are not followed')
      assert.equal(inside.connections(), before)
    })
  }
})
