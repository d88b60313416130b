import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { after, test } from 'node:test'
import { startTestServer } from '../../src/testkit/testkit.ts'
import { authorizationUrl } from '../rfc/requests.ts'

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  assert.ok(address !== null && typeof address === 'object')
  return address.port
}

/** A server on a free port; as behind a proxy that speaks TLS where `publicUrl` is https. */
async function listening(publicUrl?: string) {
  const port = await freePort()
  const server = await startTestServer({
    settings: { publicUrl: publicUrl ?? `http://localhost:${port}`, listen: { port } },
  })
  await server.listen()
  return { server, port }
}

const behindTls = await listening('https://valetkey.test')
after(() => behindTls.server.close())
const client = await behindTls.server.aClient()

/** Sends a request as it is, and answers the head of what came back. */
async function headOf(port: number, request: string, host = 'valetkey.test'): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  socket.write(`${request} HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`)
  let answer = ''
  for await (const chunk of socket) answer += chunk
  return answer.split('\r\n\r\n')[0] ?? ''
}

const { pathname, search } = new URL(authorizationUrl(behindTls.server, client))
const rows: readonly { name: string; request: string; host?: string; status: number }[] = [
  { name: 'a page', request: 'GET /', status: 200 },
  { name: 'a redirect', request: `GET ${pathname}${search}`, status: 302 },
  { name: 'a page that refuses', request: 'GET /authorize', status: 400 },
  { name: 'a refused token request', request: 'POST /oauth/token', status: 400 },
  { name: 'UserInfo without a token', request: 'GET /userinfo', status: 401 },
  { name: 'discovery', request: 'GET /.well-known/openid-configuration', status: 200 },
  { name: 'keys', request: 'GET /.well-known/jwks.json', status: 200 },
  { name: 'a preflight', request: 'OPTIONS /oauth/token', status: 204 },
  { name: 'nothing there', request: 'GET /.well-known/nothing', status: 404 },
  { name: 'what the adapter refuses', request: 'GET /', host: 'a@b', status: 400 },
]
for (const { name, request, host, status } of rows) {
  test(`RFC 6797 §7.1: over a socket every answer of an https issuer demands TLS: ${name}`, async () => {
    const head = await headOf(behindTls.port, request, host)
    assert.match(head, new RegExp(`^HTTP/1.1 ${status} `))
    const found = head.match(/^strict-transport-security: .*$/gim)
    assert.deepEqual(found, ['strict-transport-security: max-age=31536000'])
  })
}

test('RFC 6797 §7.1: so does every answer in-process', async () => {
  for (const path of ['', 'userinfo', '.well-known/jwks.json', 'nowhere']) {
    const { headers } = await behindTls.server.fetch(`${behindTls.server.issuer}${path}`)
    assert.equal(headers.get('strict-transport-security'), 'max-age=31536000', path)
  }
})

test('RFC 6797 §7.2: over plain http nothing is demanded', async () => {
  const { server, port } = await listening()
  try {
    for (const request of ['GET /', 'GET /userinfo', 'GET /.well-known/jwks.json'])
      assert.doesNotMatch(await headOf(port, request), /strict-transport/i)
    const { headers } = await server.fetch(`${server.issuer}userinfo`)
    assert.equal(headers.get('strict-transport-security'), null)
  } finally {
    await server.close()
  }
})
