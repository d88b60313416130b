import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { startTestServer } from '../../src/testkit/testkit.ts'
import {
  assertJsonRefusal,
  basic,
  codeFor,
  credentials,
  form,
  type Given,
  granted,
  json,
  token,
  verifier,
} from './requests.ts'

const server = await startTestServer()
after(() => server.close())
const client = await server.aClient()
const user = await server.aUser()
const api = await server.anApi()
await server.aClientGrant({ clientId: client.id, audience: api.identifier, scope: ['read:contacts'] })
const machine = {
  grant_type: 'client_credentials',
  ...credentials(client),
  audience: api.identifier,
}

function post(body: string | Uint8Array<ArrayBuffer>, type: string | undefined): Promise<Response> {
  return server.fetch(`${server.issuer}oauth/token`, {
    method: 'POST',
    body: new Blob([body]),
    headers: { ...(type !== undefined && { 'content-type': type }) },
  })
}

test('RFC 6749 §5.1: a success is JSON that no cache keeps', async () => {
  const response = await token(server, machine)
  assert.deepEqual(
    ['content-type', 'cache-control', 'pragma', 'x-content-type-options'].map((name) =>
      response.headers.get(name),
    ),
    ['application/json', 'no-store', 'no-cache', 'nosniff'],
  )
  const tokens = await json(response)
  assert.deepEqual([tokens.token_type, tokens.expires_in, tokens.scope], ['Bearer', 86_400, 'read:contacts'])
})

test('RFC 6749 §5.2: a refusal is JSON that no cache keeps, whatever its status', async (t) => {
  const rows = [
    { name: 'the request', given: { grant_type: undefined }, status: 400 },
    { name: 'the client', given: { client_secret: 'wrong' }, status: 401 },
    { name: 'the API', given: { audience: 'https://unknown.test/' }, status: 403 },
  ]
  for (const { name, given, status } of rows)
    await t.test(name, async () => {
      const response = await token(server, { ...machine, ...given })
      const headers = ['content-type', 'cache-control', 'pragma', 'x-content-type-options']
      assert.deepEqual(
        [response.status, ...headers.map((header) => response.headers.get(header))],
        [status, 'application/json', 'no-store', 'no-cache', 'nosniff'],
      )
      assert.deepEqual(Object.keys(await json(response)), ['error', 'error_description'])
    })
})

test('RFC 6749 §5.1: the answer of a code says what it got, in fixed members', async () => {
  const code = await codeFor(server, { client, user }, { scope: 'openid offline_access nonsense' })
  const tokens = await granted(
    await token(server, {
      grant_type: 'authorization_code',
      ...credentials(client),
      code,
      redirect_uri: client.redirectUris[0],
      code_verifier: verifier,
    }),
  )
  assert.deepEqual(Object.keys(tokens).sort(), [
    'access_token',
    'expires_in',
    'id_token',
    'refresh_token',
    'scope',
    'token_type',
  ])
  assert.equal(tokens.scope, 'openid offline_access')
  assert.match(tokens.refresh_token ?? '', /^[\x20-\x7e]+$/)
})

test('RFC 6749 §3.2: the endpoint is POST alone, and says so in JSON', async () => {
  for (const method of ['GET', 'PUT', 'DELETE', 'PATCH']) {
    const response = await server.fetch(`${server.issuer}oauth/token?${form(machine)}`, { method })
    assert.equal(response.status, 405)
    assert.equal(response.headers.get('allow'), 'POST')
    assert.equal((await json(response)).error, 'invalid_request')
  }
})

test('RFC 6749 §5.2: a path that is no endpoint is 404 in JSON', async () => {
  const response = await server.fetch(`${server.issuer}oauth/nothing`, { method: 'POST' })
  assert.equal(response.status, 404)
  assert.equal((await json(response)).error, 'invalid_request')
})

test('RFC 6749 §3.2: parameters of the query are not read', async () => {
  const response = await server.fetch(`${server.issuer}oauth/token?${form(machine)}`, {
    method: 'POST',
    body: new URLSearchParams(),
  })
  await assertJsonRefusal(server, response, { error: 'invalid_request', rule: 'parameter.missing' })
})

test('RFC 6749 §3.2: a JSON object is taken as a form is, as Auth0 does', async () => {
  const { expires_in } = await granted(await post(JSON.stringify(machine), 'application/json'))
  assert.equal(expires_in, 86_400)
})

test('RFC 6749 §3.2: parameters of the content type do no harm', async () => {
  await granted(await post(JSON.stringify(machine), 'Application/JSON; charset=utf-8'))
  await granted(await post(form(machine).toString(), 'application/x-www-form-urlencoded;charset=UTF-8'))
})

test('RFC 6749 §3.2: another content type is refused with invalid_request', async (t) => {
  const rows = [
    { name: 'none', type: undefined },
    { name: 'text', type: 'text/plain' },
    { name: 'multipart', type: 'multipart/form-data; boundary=x' },
    { name: 'a JSON dialect', type: 'application/ld+json' },
    { name: 'nonsense', type: ';;;' },
  ]
  for (const { name, type } of rows) {
    await t.test(name, async () => {
      const response = await post(form(machine).toString(), type)
      await assertJsonRefusal(server, response, { error: 'invalid_request', rule: 'body.content_type' })
    })
  }
})

test('RFC 6749 §3.2: a JSON object that says something twice is refused', async (t) => {
  const rows = {
    'the same name': '{"grant_type":"client_credentials","scope":"a","scope":"b"}',
    'a name written in another way': '{"scope":"a","sc\\u006fpe":"b"}',
    'behind a group': '{"scope":"a","x":{"y":[{"scope":"c"}]}, "scope" : "b"}',
  }
  for (const [name, body] of Object.entries(rows)) {
    await t.test(name, async () => {
      const response = await post(body, 'application/json')
      await assertJsonRefusal(server, response, { error: 'invalid_request', rule: 'body.repeated_member' })
    })
  }
  const once = `${JSON.stringify(machine).slice(0, -1)},"x":"\\"scope\\":","y":{"x":["x","x"],"audience":1}}`
  await granted(await post(once, 'application/json'))
})

test('RFC 6749 Appendix B: a malformed body is refused with invalid_request', async (t) => {
  const bytes = (text: string) => new Uint8Array(Buffer.from(text, 'latin1'))
  const rows = [
    {
      name: 'a form that is not UTF-8',
      body: bytes('grant_type=\xff\xfe'),
      type: 'application/x-www-form-urlencoded',
    },
    { name: 'JSON that is not UTF-8', body: bytes('{"grant_type":"\xc3\x28"}'), type: 'application/json' },
    {
      name: 'an overlong encoding',
      body: bytes('grant_type=\xc0\xaf'),
      type: 'application/x-www-form-urlencoded',
    },
    { name: 'no JSON', body: bytes('grant_type=x'), type: 'application/json', rule: 'body.malformed_json' },
    { name: 'empty JSON', body: bytes(''), type: 'application/json', rule: 'body.malformed_json' },
    {
      name: 'half an object',
      body: bytes('{"grant_type":'),
      type: 'application/json',
      rule: 'body.malformed_json',
    },
    {
      name: 'an array',
      body: bytes('[{"grant_type":"x"}]'),
      type: 'application/json',
      rule: 'body.no_object',
    },
    { name: 'null', body: bytes('null'), type: 'application/json', rule: 'body.no_object' },
    { name: 'a string', body: bytes('"grant_type"'), type: 'application/json', rule: 'body.no_object' },
    {
      name: 'arrays without end',
      body: bytes('['.repeat(60_000)),
      type: 'application/json',
      rule: 'body.malformed_json',
    },
  ]
  for (const { name, body, type, rule = 'body.malformed' } of rows) {
    await t.test(name, async () => {
      await assertJsonRefusal(server, await post(body, type), { error: 'invalid_request', rule })
    })
  }
})

test('RFC 6749 §5.2: a body over the limit is refused', async () => {
  const response = await post(
    form({ ...machine, x: 'x'.repeat(70_000) }).toString(),
    'application/x-www-form-urlencoded',
  )
  await assertJsonRefusal(server, response, { error: 'invalid_request', rule: 'body.too_large' })
})

test('RFC 6749 §5.2: a body without a length is read no further than the limit', async () => {
  let sent = 0
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      sent += 16_384
      if (sent > 50_000_000) controller.close()
      else controller.enqueue(new Uint8Array(16_384).fill(0x61))
    },
  })
  const init: RequestInit & { duplex: 'half' } = { method: 'POST', body, duplex: 'half' }
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  const response = await server.fetch(`${server.issuer}oauth/token`, { ...init, headers })
  await assertJsonRefusal(server, response, { error: 'invalid_request', rule: 'body.too_large' })
  assert.ok(sent < 200_000, `${sent} bytes were read`)
})

test('RFC 6749 §5.2: without grant_type the request is invalid', async () => {
  const response = await token(server, { ...machine, grant_type: undefined })
  await assertJsonRefusal(server, response, { error: 'invalid_request', rule: 'parameter.missing' })
})

test('RFC 6749 §3.2: a repeated parameter is refused', async (t) => {
  const rows: readonly { readonly name: string; readonly given: Given }[] = [
    { name: 'grant_type', given: { grant_type: ['client_credentials', 'client_credentials'] } },
    { name: 'client_id', given: { client_id: [client.id, client.id] } },
    { name: 'client_secret', given: { client_secret: [client.secret, client.secret] } },
    { name: 'audience', given: { audience: [api.identifier, api.identifier] } },
    { name: 'scope', given: { scope: ['read:contacts', 'read:contacts'] } },
    { name: 'code', given: { grant_type: 'authorization_code', code: ['a', 'b'] } },
    {
      name: 'redirect_uri',
      given: { grant_type: 'authorization_code', code: 'a', redirect_uri: ['a', 'b'] },
    },
    {
      name: 'code_verifier',
      given: { grant_type: 'authorization_code', code: 'a', code_verifier: ['a', 'b'] },
    },
    { name: 'refresh_token', given: { grant_type: 'refresh_token', refresh_token: ['a', 'b'] } },
  ]
  for (const { name, given } of rows) {
    await t.test(name, async () => {
      const response = await token(server, { ...machine, ...given })
      await assertJsonRefusal(server, response, { error: 'invalid_request', rule: 'parameter.repeated' })
    })
  }
})

test('RFC 6749 §3.2: an unknown parameter is ignored, also when it is repeated', async () => {
  await granted(await token(server, { ...machine, unknown: ['a', 'b'], code_verifier: ['a', 'b'] }))
})

test('RFC 6749 Appendix A: a JSON value that is no string is refused', async (t) => {
  const rows: readonly { readonly name: string; readonly value: unknown }[] = [
    { name: 'a number', value: 1 },
    { name: 'true', value: true },
    { name: 'an array', value: ['client_credentials'] },
    { name: 'an object', value: { toString: 'client_credentials' } },
  ]
  for (const { name, value } of rows) {
    await t.test(name, async () => {
      const response = await post(JSON.stringify({ ...machine, grant_type: value }), 'application/json')
      await assertJsonRefusal(server, response, { error: 'invalid_request', rule: 'parameter.malformed' })
    })
  }
})

test('RFC 6749 §5.2: an over-long parameter is refused', async () => {
  const response = await token(server, { ...machine, scope: 'x'.repeat(4097) })
  await assertJsonRefusal(server, response, { error: 'invalid_request', rule: 'parameter.too_long' })
})

test('RFC 6749 §5.2: an unknown grant type is refused, whoever asks', async (t) => {
  const rows = [
    { name: 'a word', value: 'banana' },
    { name: 'another case', value: 'Client_Credentials' },
    { name: 'a member of every object', value: '__proto__' },
    { name: 'a method of every object', value: 'constructor' },
    { name: 'the implicit grant', value: 'implicit' },
    { name: 'a one-time code', value: 'http://auth0.com/oauth/grant-type/passwordless/otp' },
    { name: 'an authenticator application', value: 'http://auth0.com/oauth/grant-type/mfa-otp' },
    { name: 'a code by another channel', value: 'http://auth0.com/oauth/grant-type/mfa-oob' },
    { name: 'a recovery code', value: 'http://auth0.com/oauth/grant-type/mfa-recovery-code' },
  ]
  for (const { name, value } of rows) {
    await t.test(name, async () => {
      await assertJsonRefusal(server, await token(server, { grant_type: value }), {
        error: 'unsupported_grant_type',
        rule: 'token.grant_type_unsupported',
      })
    })
  }
})

test('RFC 6749 §5.2: a grant that the client may not use is refused with unauthorized_client', async () => {
  const narrow = await server.aClient({ grantTypes: ['authorization_code'] })
  const response = await token(server, { ...machine, ...credentials(narrow) })
  await assertJsonRefusal(server, response, {
    error: 'unauthorized_client',
    rule: 'token.grant_type_not_allowed',
  })
})

test('RFC 6749 §5.2: the client is proven before anything is said about its grants', async () => {
  const narrow = await server.aClient({ grantTypes: [] })
  const response = await token(server, { ...machine, client_id: narrow.id, client_secret: 'wrong' })
  await assertJsonRefusal(server, response, {
    status: 401,
    error: 'invalid_client',
    rule: 'client_auth.wrong_proof',
  })
})

test('RFC 6749 §5.2: a preflight is answered, and the answer is for origins of the client alone', async () => {
  const url = `${server.issuer}oauth/token`
  const preflight = await server.fetch(url, { method: 'OPTIONS', headers: { origin: 'https://app.test' } })
  assert.equal(preflight.status, 204)
  assert.equal(preflight.headers.get('access-control-allow-credentials'), null)
  const own = await token(server, machine, { origin: 'https://app.test' })
  assert.equal(own.headers.get('access-control-allow-origin'), 'https://app.test')
  const foreign = await token(server, machine, { origin: 'https://evil.test' })
  assert.equal(foreign.headers.get('access-control-allow-origin'), null)
  const opaque = await token(server, machine, { origin: 'null' })
  assert.equal(opaque.headers.get('access-control-allow-origin'), null)
})

test('RFC 6749 §5.2: a refused request of the client can be read by its own origin too', async () => {
  const response = await token(
    server,
    { grant_type: 'refresh_token', refresh_token: 'x', client_id: client.id },
    { origin: 'https://app.test', ...basic(client.id, client.secret) },
  )
  assert.equal(response.headers.get('access-control-allow-origin'), 'https://app.test')
  await assertJsonRefusal(server, response, { error: 'invalid_grant', rule: 'refresh.unknown' })
})
