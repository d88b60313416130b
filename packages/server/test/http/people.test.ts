import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { StoreUnavailable } from '../../src/domain/store.ts'
import { openSqlite } from '../../src/stores/sqlite/sqlite.ts'
import { startTestServer } from '../../src/testkit/testkit.ts'

const server = await startTestServer()
after(() => server.close())
const local = await startTestServer({ settings: { publicUrl: 'http://localhost:4400' } })
after(() => local.close())

test('the bare address says what is here and leads on', async () => {
  const page = await server.browser().open(server.issuer)
  assert.equal(page.status, 200)
  assert.match(page.html, /href="\/\.well-known\/openid-configuration"/)
  assert.match(page.html, /href="\/account\/applications"/)
})

const wrongMethods = {
  '/authorize': 'GET, POST',
  '/u/login': 'GET, POST',
  '/u/consent': 'GET, POST',
  '/setup': 'GET, POST',
  '/u/unblock': 'GET, POST',
  '/account/applications': 'GET, POST',
  '/': 'GET',
}
for (const [path, allow] of Object.entries(wrongMethods)) {
  test(`RFC 9110 §15.5.6: a wrong method at ${path} learns the right ones, on a page`, async () => {
    const response = await server.fetch(new URL(path, server.issuer), { method: 'DELETE' })
    assert.deepEqual([response.status, response.headers.get('allow')], [405, allow])
    assert.match(response.headers.get('content-type') ?? '', /^text\/html/)
  })
}

test('RFC 9110 §15.5.5: what is nowhere is 404 whatever the method', async () => {
  const response = await server.fetch(`${server.issuer}nowhere`, { method: 'DELETE' })
  assert.deepEqual([response.status, response.headers.get('allow')], [404, null])
})

test('RFC 9110 §12.5.1: what this version has no endpoint for is answered to programs in JSON', async () => {
  const paths = ['dbconnections/signup', 'passwordless/start', 'mfa/challenge', 'api/v2/clients']
  for (const path of paths) {
    const response = await server.fetch(server.issuer + path, { method: 'POST' })
    assert.deepEqual([response.status, response.headers.get('content-type')], [404, 'application/json'], path)
  }
  const accept = { accept: 'application/json, text/plain, */*' }
  const asked = await server.fetch(`${server.issuer}co/authenticate`, { headers: accept })
  assert.deepEqual([asked.status, asked.headers.get('content-type')], [404, 'application/json'])
  const browser = await server.fetch(`${server.issuer}nowhere`, {
    headers: { accept: 'text/html,application/json;q=0.9' },
  })
  assert.match(browser.headers.get('content-type') ?? '', /^text\/html/)
})

test('RFC 9110 §15.5.6: a wrong method at one of many paths learns the right ones', async () => {
  const response = await server.fetch(`${server.issuer}oidc/register/tpc_x`, { method: 'PATCH' })
  assert.deepEqual([response.status, response.headers.get('allow')], [405, 'DELETE, GET, PUT'])
  assert.equal(response.headers.get('content-type'), 'application/json')
  const nobody = await server.fetch(`${server.issuer}oidc/register/`, { method: 'PATCH' })
  assert.equal(nobody.status, 404)
})

const elsewhere = {
  'another name of this machine': [
    'http://127.0.0.1:4400/authorize?client_id=a&state=%2F%26',
    'http://localhost:4400/authorize?client_id=a&state=%2F%26',
  ],
  'a path that looks like a host': [
    'http://127.0.0.1:4400//evil.example/x',
    'http://localhost:4400//evil.example/x',
  ],
  'a name in IPv6': ['http://[::1]:4400/', 'http://localhost:4400/'],
}
for (const [name, [asked, sentTo]] of Object.entries(elsewhere)) {
  test(`RFC 9700 §4.11: a page under ${name} is opened at the issuer`, async () => {
    const response = await local.fetch(asked ?? '', { redirect: 'manual' })
    assert.deepEqual([response.status, response.headers.get('location')], [307, sentTo])
  })
}

test('programs are answered under any name, and so are forms and an issuer with TLS', async () => {
  const discovery = '.well-known/openid-configuration'
  assert.equal((await local.fetch(`http://127.0.0.1:4400/${discovery}`)).status, 200)
  const form = await local.fetch('http://127.0.0.1:4400/u/login', { method: 'POST', redirect: 'manual' })
  assert.equal(form.headers.get('location'), null)
  for (const other of ['http://evil.example:4400/', 'http://127.0.0.1:4499/'])
    assert.equal((await local.fetch(other, { redirect: 'manual' })).status, 200)
  assert.equal((await server.fetch('http://10.0.0.5:4400/', { redirect: 'manual' })).status, 200)
})

test('RFC 9110 §15.6.4: an outage of the store is a page to a person and JSON to a program', async () => {
  const engine = openSqlite()
  const outage = { is: false }
  const find: typeof engine.tenants.find = async (id) => {
    if (outage.is) throw new StoreUnavailable(new Error('away'))
    return engine.tenants.find(id)
  }
  const broken = await startTestServer({ store: { ...engine, tenants: { ...engine.tenants, find } } })
  try {
    outage.is = true
    const page = await broken.fetch(`${broken.issuer}authorize?client_id=x`)
    const html = await page.text()
    assert.deepEqual([page.status, page.headers.get('retry-after')], [503, '2'])
    assert.match(html, /^<!doctype html>[\s\S]*Something went wrong on our side/)
    const stylesheet = /rel="stylesheet" href="([^"]+)"/.exec(html)?.[1] ?? ''
    assert.equal((await broken.fetch(new URL(stylesheet, broken.issuer))).status, 200)
    const headers = { origin: 'https://app.test' }
    const json = await broken.fetch(`${broken.issuer}oauth/token`, { method: 'POST', headers })
    assert.equal(json.status, 503)
    // A page of any origin may read what says nothing about any client.
    assert.equal(json.headers.get('access-control-allow-origin'), '*')
    assert.equal(json.headers.get('access-control-allow-credentials'), null)
    assert.match(json.headers.get('access-control-expose-headers') ?? '', /retry-after/)
    assert.equal(((await json.json()) as { error: string }).error, 'temporarily_unavailable')
  } finally {
    await broken.close()
  }
})
