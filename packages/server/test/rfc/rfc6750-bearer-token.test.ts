import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { startTestServer } from '../../src/testkit/testkit.ts'
import { assertJsonRefusal, json, rowsOf, userInfo } from './requests.ts'

const server = await startTestServer()
after(() => server.close())
const user = await server.aUser()
const client = await server.aClient()
const api = await server.anApi()
const { access_token: opaque } = await server.signIn({ client, user })
const url = `${server.issuer}userinfo`
const invalid = { status: 401, error: 'invalid_token', rule: 'userinfo.invalid_token' } as const

function asForm(fields: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
  const type = { 'content-type': 'application/x-www-form-urlencoded' }
  return server.fetch(url, { method: 'POST', body: fields, headers: { ...type, ...headers } })
}

test('RFC 6750 §2.1: the Authorization header, by GET and POST', async () => {
  assert.equal((await json(await userInfo(server, opaque))).sub, user.id)
  assert.equal((await json(await userInfo(server, opaque, { method: 'POST' }))).sub, user.id)
})

test('RFC 6750 §2.1: the scheme is compared without regard to case', async () => {
  const response = await server.fetch(url, { headers: { authorization: `bEARER ${opaque}` } })
  assert.equal(response.status, 200)
})

test('RFC 6750 §2.2: a form-encoded body by POST', async () => {
  assert.equal((await json(await asForm(`access_token=${opaque}`))).sub, user.id)
})

test('RFC 6750 §2.3: a token in the query is not read', async () => {
  const response = await server.fetch(`${url}?access_token=${opaque}`)
  assert.equal(response.status, 401)
  assert.equal(server.lastRefusal(), 'userinfo.no_token')
})

async function readQuery(userInfoQueryToken: boolean): Promise<void> {
  const [tenant] = (await server.store.tenants.list({ limit: 1 })).items
  assert.ok(tenant)
  await server.store.tenants.update({ ...tenant, settings: { ...tenant.settings, userInfoQueryToken } })
}

test('RFC 6750 §2.3: a tenant can have GET read the query; it is warned of and not cached', async (t) => {
  await readQuery(true)
  t.after(() => readQuery(false))
  const response = await server.fetch(`${url}?access_token=${opaque}`)
  assert.equal((await json(response)).sub, user.id)
  assert.equal(response.headers.get('cache-control'), 'private, no-store')
  const warning = server.log.findLast(({ event }) => event === 'userinfo.query_token_used')
  assert.deepEqual([warning?.level, warning?.fields.client_id], ['warn', client.id])
  const posted = await server.fetch(`${url}?access_token=${opaque}`, { method: 'POST' })
  await assertJsonRefusal(server, posted, {
    status: 401,
    error: 'invalid_request',
    rule: 'userinfo.no_token',
  })
  const rows = [
    {
      name: 'query and header',
      query: `access_token=${opaque}`,
      headers: { authorization: `Bearer ${opaque}` },
    },
    { name: 'twice in the query', query: `access_token=${opaque}&access_token=${opaque}`, headers: {} },
  ]
  for (const { name, query, headers } of rows) {
    await t.test(name, async () => {
      const refused = await server.fetch(`${url}?${query}`, { headers })
      await assertJsonRefusal(server, refused, { error: 'invalid_request', rule: 'userinfo.two_tokens' })
    })
  }
  await t.test('a token that is none', async () => {
    await assertJsonRefusal(server, await server.fetch(`${url}?access_token=none`), invalid)
  })
})

test('RFC 6750 §3.1: without a token the answer is 401 and a challenge without an error', async (t) => {
  const rows = [
    { name: 'no header', headers: {} },
    { name: 'another scheme', headers: { authorization: 'Basic YTpi' } },
    { name: 'the scheme alone', headers: { authorization: 'Bearer' } },
    { name: 'the scheme and spaces', headers: { authorization: 'Bearer    ' } },
  ]
  for (const { name, headers } of rows) {
    await t.test(name, async () => {
      const response = await server.fetch(url, { headers })
      assert.equal(response.headers.get('www-authenticate'), 'Bearer realm="Users"')
      await assertJsonRefusal(server, response, {
        status: 401,
        error: 'invalid_request',
        rule: 'userinfo.no_token',
      })
    })
  }
})

test('RFC 6750 §2: two tokens in one request are refused', async (t) => {
  const rows = [
    {
      name: 'header and body',
      send: () => asForm(`access_token=${opaque}`, { authorization: `Bearer ${opaque}` }),
    },
    { name: 'twice in the body', send: () => asForm(`access_token=${opaque}&access_token=${opaque}`) },
  ]
  for (const { name, send } of rows) {
    await t.test(name, async () => {
      const response = await send()
      assert.match(response.headers.get('www-authenticate') ?? '', /error="invalid_request"/)
      await assertJsonRefusal(server, response, { error: 'invalid_request', rule: 'userinfo.two_tokens' })
    })
  }
})

test('RFC 6750 §3.1: what is no living token is invalid_token, with its challenge', async (t) => {
  const rows = [
    { name: 'a word', value: 'banana' },
    { name: 'the token with a character more', value: `${opaque}x` },
    { name: 'the token in other case', value: opaque.toUpperCase() },
    { name: 'two tokens with a comma', value: `${opaque}, Bearer ${opaque}` },
    { name: 'two dots', value: '..' },
    { name: 'JSON without a signature', value: `${btoa('{}')}.${btoa('{}')}.` },
    { name: '20,000 characters', value: 'a.'.repeat(10_000) },
    { name: 'bytes beyond ASCII', value: 'caf\u00e9' },
  ]
  for (const { name, value } of rows) {
    await t.test(name, async () => {
      const response = await userInfo(server, value)
      assert.match(
        response.headers.get('www-authenticate') ?? '',
        /^Bearer realm="Users", error="invalid_token"/,
      )
      await assertJsonRefusal(server, response, invalid)
    })
  }
})

test('RFC 6750 §3.1: a body that is not UTF-8 holds no token', async () => {
  await assertJsonRefusal(server, await asForm('access_token=%ff'), invalid)
  await assertJsonRefusal(server, await asForm('access_token='), invalid)
})

test('RFC 6750 §3.1: a body over the limit is refused in JSON', async () => {
  const response = await asForm(`access_token=${'a'.repeat(70_000)}`)
  await assertJsonRefusal(server, response, { error: 'invalid_request', rule: 'body.too_large' })
})

test('RFC 6750 §3.1: an expired token is refused, opaque and JWT', async () => {
  const signedIn = await server.signIn({ client, user })
  const short = await server.anApi({ identifier: 'https://short.test/', tokenLifetimeSeconds: 60 })
  const jwt = await server.signIn({ client, user, api: short, scope: 'openid read:contacts' })
  server.advance('59s')
  assert.equal((await userInfo(server, jwt.access_token)).status, 200)
  server.advance('1s')
  await assertJsonRefusal(server, await userInfo(server, jwt.access_token), invalid)
  server.advance('86339s')
  assert.equal((await userInfo(server, signedIn.access_token)).status, 200)
  server.advance('1s')
  await assertJsonRefusal(server, await userInfo(server, signedIn.access_token), invalid)
})

test('RFC 9068 §4: a token of an API that is not for UserInfo is refused', async () => {
  const { access_token } = await server.signIn({ client, user, api, scope: 'read:contacts' })
  await assertJsonRefusal(server, await userInfo(server, access_token), {
    status: 401,
    error: 'invalid_token',
    rule: 'userinfo.other_audience',
  })
})

test('OIDC Core §5.3: a token without openid is insufficient_scope', async () => {
  const { access_token } = await server.signIn({ client, user, scope: 'profile' })
  const response = await userInfo(server, access_token)
  assert.match(response.headers.get('www-authenticate') ?? '', /error="insufficient_scope"/)
  await assertJsonRefusal(server, response, {
    status: 403,
    error: 'insufficient_scope',
    rule: 'userinfo.insufficient_scope',
  })
})

test('OIDC Core §5.3: the token of a user who was blocked or deleted is refused', async () => {
  const ghost = await server.aUser({ email: 'ghost@example.com' })
  const { access_token } = await server.signIn({ client, user: ghost })
  const stored = await rowsOf(server).users.find(ghost.id)
  assert.ok(stored)
  await rowsOf(server).users.update({ ...stored, blocked: true })
  await assertJsonRefusal(server, await userInfo(server, access_token), invalid)
  await rowsOf(server).users.delete(ghost.id)
  await assertJsonRefusal(server, await userInfo(server, access_token), invalid)
})

test('RFC 6750 §5.3: the answer is for every page and for no cache', async () => {
  const { access_token } = await server.signIn({ client, user })
  const response = await userInfo(server, access_token, { headers: { origin: 'https://any.test' } })
  assert.equal(response.headers.get('cache-control'), 'no-store')
  assert.equal(response.headers.get('access-control-allow-origin'), '*')
  assert.equal(response.headers.get('access-control-allow-credentials'), null)
})

test('OIDC Core §5.3.1: other methods are refused in JSON', async () => {
  for (const method of ['PUT', 'DELETE', 'PATCH']) {
    const response = await server.fetch(url, { method })
    assert.equal(response.status, 405)
    assert.equal(response.headers.get('allow'), 'GET, POST')
    assert.equal((await json(response)).error, 'invalid_request')
  }
})
