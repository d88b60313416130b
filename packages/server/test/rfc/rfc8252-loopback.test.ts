import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { startTestServer } from '../../src/testkit/testkit.ts'
import { assertPageRefusal, authorize, codeFor, granted, redeem } from './requests.ts'

const server = await startTestServer()
after(() => server.close())
const user = await server.aUser()
const native = await server.aClient({
  applicationType: 'native',
  tokenEndpointAuthMethod: 'none',
  redirectUris: ['http://127.0.0.1/cb', 'http://[::1]:4000/cb?x=1', 'http://localhost:4000/cb'],
})

test('RFC 8252 §7.3: a native app may use any port of its loopback address', async (t) => {
  const rows = [
    { name: 'IPv4 with a port', uri: 'http://127.0.0.1:51004/cb' },
    { name: 'IPv4 without one', uri: 'http://127.0.0.1/cb' },
    { name: 'IPv6 with another port', uri: 'http://[::1]:61023/cb?x=1' },
    { name: 'IPv6 without one', uri: 'http://[::1]/cb?x=1' },
    { name: 'localhost as it was registered', uri: 'http://localhost:4000/cb' },
  ]
  for (const { name, uri } of rows) {
    await t.test(name, async () => {
      const response = await authorize(server, native, { redirect_uri: uri })
      assert.match(response.headers.get('location') ?? '', /\/u\/login/)
    })
  }
})

test('RFC 8252 §7.3: nothing but the port may differ', async (t) => {
  const rows = [
    { name: 'another path', uri: 'http://127.0.0.1:5000/other' },
    { name: 'a query', uri: 'http://127.0.0.1:5000/cb?x=1' },
    { name: 'a fragment', uri: 'http://127.0.0.1:5000/cb#x' },
    { name: 'https', uri: 'https://127.0.0.1:5000/cb' },
    { name: 'another loopback address', uri: 'http://127.0.0.2:5000/cb' },
    { name: 'the other family', uri: 'http://[::1]:5000/cb' },
    { name: 'the long form of IPv6', uri: 'http://[0:0:0:0:0:0:0:1]:5000/cb?x=1' },
    { name: 'a decimal address', uri: 'http://2130706433:5000/cb' },
    { name: 'a short address', uri: 'http://127.1:5000/cb' },
    { name: 'user information', uri: 'http://127.0.0.1:5000@evil.test/cb' },
    { name: 'a password', uri: 'http://127.0.0.1:x@evil.test/cb' },
    { name: 'a backslash', uri: 'http://127.0.0.1:5000\\@evil.test/cb' },
    { name: 'a longer host', uri: 'http://127.0.0.1.evil.test:5000/cb' },
    { name: 'a port that is no number', uri: 'http://127.0.0.1:evil/cb' },
    { name: 'a signed port', uri: 'http://127.0.0.1:-1/cb' },
    { name: 'no port after the colon', uri: 'http://127.0.0.1:/cb' },
    { name: 'a port of six digits', uri: 'http://127.0.0.1:100000/cb' },
    { name: 'a port beyond 65535', uri: 'http://127.0.0.1:65536/cb' },
    {
      name: 'another port of localhost, which may resolve elsewhere (§8.3)',
      uri: 'http://localhost:5000/cb',
    },
  ]
  for (const { name, uri } of rows) {
    await t.test(name, async () => {
      const response = await authorize(server, native, { redirect_uri: uri })
      await assertPageRefusal(server, response, 'authorize.redirect_uri_not_registered')
    })
  }
})

test('RFC 8252 §7.3: a web application has the port that it registered, and no other', async () => {
  const web = await server.aClient({ redirectUris: ['http://127.0.0.1:4000/cb'] })
  const response = await authorize(server, web, { redirect_uri: 'http://127.0.0.1:4001/cb' })
  await assertPageRefusal(server, response, 'authorize.redirect_uri_not_registered')
})

test('RFC 8252 §7.3: the token request names the port of the authorization request', async () => {
  const port = { redirect_uri: 'http://127.0.0.1:50001/cb' }
  const other = { redirect_uri: 'http://127.0.0.1:50002/cb' }
  const code = await codeFor(server, { client: native, user }, port)
  assert.equal((await redeem(server, native, code, other)).status, 400)
  assert.equal(server.lastRefusal(), 'code.redirect_uri_differs')
  await granted(await redeem(server, native, code, port))
})
