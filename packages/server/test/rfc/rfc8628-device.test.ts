import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { startTestServer } from '../../src/testkit/testkit.ts'
import {
  aDeviceClient,
  approve,
  codesFor,
  deviceGrantType,
  poll,
  requestCodes,
  toConsent,
} from './devices.ts'
import {
  assertJsonRefusal,
  claimsOf,
  type Given,
  granted,
  json,
  refresh,
  rowsOf,
  userInfo,
} from './requests.ts'

const server = await startTestServer()
after(() => server.close())
const client = await aDeviceClient(server)
const user = await server.aUser()
const api = await server.anApi()

test('RFC 8628 §3.2: a device gets a code for itself and one for its owner, that no cache keeps', async () => {
  const response = await requestCodes(server, client)
  assert.equal(response.headers.get('cache-control'), 'no-store')
  const codes = await json(response)
  assert.match(String(codes.user_code), /^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/)
  assert.match(String(codes.device_code), /^[A-Za-z0-9_-]{43}$/)
  assert.deepEqual(
    [codes.expires_in, codes.interval, codes.verification_uri, codes.verification_uri_complete],
    [900, 5, `${server.issuer}activate`, `${server.issuer}activate?user_code=${codes.user_code}`],
  )
})

test('RFC 8628 §4: discovery names the endpoint and the grant', async () => {
  const document = await json(await server.fetch(`${server.issuer}.well-known/oauth-authorization-server`))
  assert.equal(document.device_authorization_endpoint, `${server.issuer}oauth/device/code`)
  assert.ok(Array.isArray(document.grant_types_supported))
  assert.ok(document.grant_types_supported.includes(deviceGrantType))
})

test('RFC 8628 §3.1: a client that may not use the grant gets no codes', async () => {
  const other = await server.aClient()
  await assertJsonRefusal(server, await requestCodes(server, other), {
    error: 'unauthorized_client',
    rule: 'device.grant_type_not_allowed',
  })
})

test('RFC 8628 §3.1: scope and audience are checked as everywhere', async () => {
  await assertJsonRefusal(server, await requestCodes(server, client, { scope: 'a"b' }), {
    error: 'invalid_scope',
    rule: 'scope.malformed',
  })
  await assertJsonRefusal(server, await requestCodes(server, client, { resource: 'https://nowhere.test/' }), {
    error: 'invalid_target',
    rule: 'target.resource_unknown',
  })
})

test('RFC 8628 §3.5: authorization_pending until the owner approved, then tokens', async () => {
  const scope = 'openid offline_access read:contacts'
  const codes = await codesFor(server, client, { scope, audience: api.identifier })
  await assertJsonRefusal(server, await poll(server, client, codes.device_code), {
    error: 'authorization_pending',
    rule: 'device.pending',
  })
  await approve(server, user, codes.user_code)
  server.advance('5s')
  const tokens = await granted(await poll(server, client, codes.device_code))
  assert.equal(tokens.scope, scope)
  assert.equal(claimsOf(tokens.access_token).sub, user.id)
  const idToken = claimsOf(tokens.id_token)
  assert.deepEqual([idToken.sub, idToken.aud, 'sid' in idToken], [user.id, client.id, false])
  assert.equal((await userInfo(server, tokens.access_token ?? '')).status, 200)
  await granted(await refresh(server, client, tokens.refresh_token))
})

test('RFC 8628 §3.3: what the owner leaves out is not in the tokens', async () => {
  const codes = await codesFor(server, client, { scope: 'openid profile email' })
  const browser = server.browser()
  await browser.allow(await toConsent(server, browser, user, codes.user_code), ['email'])
  const tokens = await granted(await poll(server, client, codes.device_code))
  assert.equal(tokens.scope, 'openid email')
})

test('RFC 8628 §3.4: an answered code is used up', async () => {
  const codes = await codesFor(server, client)
  await approve(server, user, codes.user_code)
  await granted(await poll(server, client, codes.device_code))
  server.advance('5s')
  await assertJsonRefusal(server, await poll(server, client, codes.device_code), {
    error: 'invalid_grant',
    rule: 'device.code_unknown',
  })
})

test('RFC 8628 §3.5: access_denied once when the owner declined, then invalid_grant', async () => {
  const codes = await codesFor(server, client)
  const browser = server.browser()
  const done = await browser.decline(await toConsent(server, browser, user, codes.user_code))
  assert.match(done.html, /The device was not connected/)
  await assertJsonRefusal(server, await poll(server, client, codes.device_code), {
    error: 'access_denied',
    rule: 'device.declined',
  })
  server.advance('5s')
  assert.equal((await json(await poll(server, client, codes.device_code))).error, 'invalid_grant')
})

test('RFC 8628 §3.5: expired_token once, then invalid_grant', async () => {
  const codes = await codesFor(server, client)
  server.advance('900s')
  await assertJsonRefusal(server, await poll(server, client, codes.device_code), {
    error: 'expired_token',
    rule: 'device.expired',
  })
  server.advance('5s')
  await assertJsonRefusal(server, await poll(server, client, codes.device_code), {
    error: 'invalid_grant',
    rule: 'device.code_unknown',
  })
})

test('RFC 8628 §3.5: an approval that nobody collected in time has expired', async () => {
  const codes = await codesFor(server, client)
  await approve(server, user, codes.user_code)
  server.advance('900s')
  assert.equal((await json(await poll(server, client, codes.device_code))).error, 'expired_token')
})

test('RFC 8628 §3.5: slow_down adds 5 seconds each time, from then on', async () => {
  const codes = await codesFor(server, client)
  const errorAfter = async (wait: string) => {
    server.advance(wait)
    return (await json(await poll(server, client, codes.device_code))).error
  }
  assert.equal(await errorAfter('0s'), 'authorization_pending')
  assert.equal(await errorAfter('5s'), 'authorization_pending', 'in time')
  server.advance('4s')
  await assertJsonRefusal(server, await poll(server, client, codes.device_code), {
    error: 'slow_down',
    rule: 'device.slow_down',
  })
  assert.equal(await errorAfter('9s'), 'slow_down', 'the interval is 10 seconds now')
  assert.equal(await errorAfter('14s'), 'slow_down', 'the interval is 15 seconds now')
  assert.equal(await errorAfter('20s'), 'authorization_pending')
  assert.equal(await errorAfter('20s'), 'authorization_pending')
  assert.equal(await errorAfter('19s'), 'slow_down', 'it stays that long')
})

test("RFC 8628 §3.4: another client's device code is refused, and stays whole for its own", async () => {
  const codes = await codesFor(server, client)
  const other = await aDeviceClient(server)
  await approve(server, user, codes.user_code)
  await assertJsonRefusal(server, await poll(server, other, codes.device_code), {
    error: 'invalid_grant',
    rule: 'device.other_client',
  })
  await granted(await poll(server, client, codes.device_code))
})

test('RFC 8628 §3.4: what is no device code is refused', async (t) => {
  const codes = await codesFor(server, client)
  const rows: readonly {
    readonly name: string
    readonly given: Given
    readonly refused: [string, string]
  }[] = [
    { name: 'a word', given: { device_code: 'banana' }, refused: ['invalid_grant', 'device.code_unknown'] },
    {
      name: 'the user code',
      given: { device_code: codes.user_code },
      refused: ['invalid_grant', 'device.code_unknown'],
    },
    { name: 'none', given: { device_code: undefined }, refused: ['invalid_request', 'parameter.missing'] },
    {
      name: 'two',
      given: { device_code: [codes.device_code, 'a'] },
      refused: ['invalid_request', 'parameter.repeated'],
    },
  ]
  for (const { name, given, refused } of rows) {
    await t.test(name, async () => {
      const [error, rule] = refused
      await assertJsonRefusal(server, await poll(server, client, codes.device_code, given), { error, rule })
    })
  }
})

test('RFC 8628 §3.4: who was blocked or deleted since gets no tokens', async () => {
  const grace = await server.aUser({ email: 'grace@example.com' })
  const [first, second] = [await codesFor(server, client), await codesFor(server, client)]
  await approve(server, grace, first.user_code)
  await approve(server, grace, second.user_code)
  const { users } = rowsOf(server)
  const { password: _password, ...row } = grace
  await users.update({ ...row, blocked: true })
  await assertJsonRefusal(server, await poll(server, client, first.device_code), {
    error: 'invalid_grant',
    rule: 'user.blocked',
  })
  await users.delete(grace.id)
  await assertJsonRefusal(server, await poll(server, client, second.device_code), {
    error: 'invalid_grant',
    rule: 'user.gone',
  })
})
