// RFC 9700 §4.13: what a request or a proxy says about the host is no part of any answer; the issuer is configured.
import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { after, test } from 'node:test'
import { startTestServer } from '../../src/testkit/testkit.ts'
import { serverOnLoopback } from '../clients/scene.ts'
import { aDeviceClient } from './devices.ts'
import { authorizationUrl, credentials, form, granted } from './requests.ts'

// Behind a proxy that is trusted, which is when headers count at all.
const server = await startTestServer({ settings: { trustedProxies: 1 } })
after(() => server.close())
const client = await server.aClient()

const poisoned = {
  host: 'evil.test',
  forwarded: 'for=1.2.3.4;host=evil.test;proto=http',
  'x-forwarded-host': 'evil.test',
  'x-forwarded-proto': 'http',
  'x-forwarded-port': '81',
  'x-forwarded-prefix': '/evil.test',
  'x-forwarded-server': 'evil.test',
  'x-host': 'evil.test',
  'x-http-host-override': 'evil.test',
  'x-original-url': '/evil.test',
  'x-rewrite-url': '/evil.test',
  'x-original-host': 'evil.test',
  origin: 'https://evil.test',
  referer: 'https://evil.test/',
} as const

/** Everything that a response says, except what is random. */
async function said(response: Response): Promise<string> {
  const headers = [...response.headers].filter(([name]) => name !== 'x-request-id')
  const text = `${response.status} ${JSON.stringify(headers)} ${await response.text()}`
  return text.replaceAll(/[\w-]{43}|<code>[0-9a-f]{16}<\/code>/g, '{random}')
}

test('RFC 9700 §4.13: no header of a request changes an address, a link, a cookie or a redirect', async (t) => {
  const login = await server.browser().open(authorizationUrl(server, client))
  const rows = [
    { name: 'discovery', path: '.well-known/openid-configuration' },
    { name: 'OAuth metadata', path: '.well-known/oauth-authorization-server' },
    { name: 'to the login page', path: new URL(authorizationUrl(server, client)).href },
    { name: 'refused by redirect', path: authorizationUrl(server, client, { prompt: 'none' }) },
    { name: 'refused on a page', path: authorizationUrl(server, client, { client_id: 'nobody' }) },
    { name: 'a login page of another browser', path: login.url },
    { name: 'the page of devices', path: 'activate' },
    { name: 'logout', path: 'v2/logout' },
    { name: 'logout of OpenID Connect', path: 'oidc/logout' },
    { name: 'a path that is no endpoint', path: 'nothing/here' },
  ]
  for (const { name, path } of rows) {
    await t.test(name, async () => {
      const url = new URL(path, server.issuer).href
      const plain = await said(await server.fetch(url, { redirect: 'manual' }))
      const { origin: _, ...withoutOrigin } = poisoned
      const answer = await said(await server.fetch(url, { redirect: 'manual', headers: withoutOrigin }))
      assert.equal(answer, plain)
      const full = await server.fetch(url, { redirect: 'manual', headers: poisoned })
      assert.doesNotMatch(await said(full), /evil/)
    })
  }
})

test('RFC 9700 §4.13: what a device is told to show never comes from the Host header', async () => {
  const device = await aDeviceClient(server)
  const body = form({ ...credentials(device), scope: 'openid' })
  const url = `${server.issuer}oauth/device/code`
  const answer = await granted(await server.fetch(url, { method: 'POST', body, headers: poisoned }))
  assert.equal(answer.verification_uri, `${server.issuer}activate`)
  assert.ok(answer.verification_uri_complete?.startsWith(`${server.issuer}activate?`))
})

test('RFC 9700 §4.13: on the wire neither Host nor an absolute address moves the issuer', async (t) => {
  const listening = await serverOnLoopback(t)
  const asking = await listening.aClient()
  const { port: own } = new URL(listening.issuer)
  const query = new URL(authorizationUrl(listening, asking)).search
  const rows = [
    { name: 'another host', line: `GET /authorize${query}`, host: 'evil.test' },
    { name: 'an absolute address', line: `GET http://evil.test/authorize${query}`, host: 'evil.test' },
    { name: 'two that differ', line: `GET http://evil.test/authorize${query}`, host: `localhost:${own}` },
    { name: 'a user part', line: `GET /authorize${query}`, host: `localhost:${own}@evil.test` },
    { name: 'nothing', line: `GET /authorize${query}`, host: '' },
  ]
  for (const { name, line, host } of rows) {
    await t.test(name, async () => {
      const answer = await raw(Number(own), `${line} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)
      assert.doesNotMatch(answer, /evil/)
      const location = /^location: (.*)$/im.exec(answer)?.[1]
      if (/^HTTP\/1\.1 302/.test(answer)) assert.ok(location?.startsWith(`${listening.issuer}u/login?state=`))
      else assert.match(answer, /^HTTP\/1\.1 400/)
    })
  }
})

/** Sends bytes as they are, which `fetch` would mend, and answers what came back. */
async function raw(to: number, request: string): Promise<string> {
  const socket = connect(to, 'localhost')
  socket.write(request)
  let answer = ''
  for await (const chunk of socket) answer += chunk
  return answer
}

test('RFC 9700 §4.13: a link in a mail leads to the issuer, whatever the request that caused it says', async () => {
  const user = await server.aUser()
  const browser = server.browser()
  for (let attempt = 0; attempt < 12 && server.mails.length === 0; attempt += 1) {
    const page = await browser.open(authorizationUrl(server, client))
    const [, csrf_token] = /name="csrf_token" value="([^"]+)"/.exec(page.html) ?? []
    const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const { origin: _, referer: __, ...headers } = poisoned
    const body = form({ username: user.email, password: 'wrong', action: 'login', csrf_token })
    await server.fetch(page.url, { method: 'POST', body, headers: { ...headers, cookie } })
    await server.idle()
  }
  const [mail] = server.mails
  assert.ok(mail, 'the account was locked')
  assert.ok(mail.text.includes(server.issuer))
  assert.doesNotMatch(JSON.stringify(mail), /evil/)
})
