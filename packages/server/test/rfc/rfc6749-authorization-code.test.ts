import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { startTestServer } from '../../src/testkit/testkit.ts'
import { assertJsonRefusal, codeFor, granted, redeem, refresh, userInfo } from './requests.ts'

const server = await startTestServer()
after(() => server.close())
const user = await server.aUser()
const client = await server.aClient()
const api = await server.anApi()
const [registered = ''] = client.redirectUris

test('RFC 6749 §4.1.3: the code, its redirection URI and its verifier get tokens', async () => {
  const tokens = await granted(await redeem(server, client, await codeFor(server, { client, user })))
  assert.equal((await userInfo(server, tokens.access_token ?? '')).status, 200)
})

test('RFC 6749 §4.1.3: code is required', async () => {
  const response = await redeem(server, client, 'x', { code: undefined })
  await assertJsonRefusal(server, response, { error: 'invalid_request', rule: 'parameter.missing' })
})

test('RFC 6749 §5.2: a code that was never issued is invalid_grant', async () => {
  const response = await redeem(server, client, 'a'.repeat(43))
  await assertJsonRefusal(server, response, { error: 'invalid_grant', rule: 'code.unknown' })
})

test("RFC 6749 §4.1.3: another client's code is refused, and stays whole for its own", async () => {
  const code = await codeFor(server, { client, user })
  const other = await server.aClient()
  await assertJsonRefusal(server, await redeem(server, other, code), {
    error: 'invalid_grant',
    rule: 'code.other_client',
  })
  await granted(await redeem(server, client, code))
})

test('RFC 6749 §4.1.3: redirect_uri has to be the one of the request', async (t) => {
  const rows = [
    { name: 'absent', given: undefined },
    { name: 'another one', given: 'https://app.test/other' },
    { name: 'the same with a slash', given: `${registered}/` },
    { name: 'the same in other case', given: registered.toUpperCase() },
  ]
  for (const { name, given } of rows) {
    await t.test(name, async () => {
      const code = await codeFor(server, { client, user })
      await assertJsonRefusal(server, await redeem(server, client, code, { redirect_uri: given }), {
        error: 'invalid_grant',
        rule: 'code.redirect_uri_differs',
      })
      await granted(await redeem(server, client, code))
    })
  }
})

test('RFC 6749 §4.1.3: where the request named none, the registered one may still be sent, and no other', async () => {
  const given = { redirect_uri: undefined, scope: undefined }
  const code = await codeFor(server, { client, user }, given)
  await assertJsonRefusal(
    server,
    await redeem(server, client, code, { redirect_uri: 'https://evil.test/' }),
    {
      error: 'invalid_grant',
      rule: 'code.redirect_uri_differs',
    },
  )
  await granted(await redeem(server, client, code))
})

test('RFC 6749 §4.1.2: a code lives sixty seconds', async () => {
  const [young, old] = [await codeFor(server, { client, user }), await codeFor(server, { client, user })]
  server.advance('59s')
  await granted(await redeem(server, client, young))
  server.advance('1s')
  await assertJsonRefusal(server, await redeem(server, client, old), {
    error: 'invalid_grant',
    rule: 'code.expired',
  })
})

test('RFC 6749 §4.1.2: a replayed code revokes what the first use got, opaque tokens', async () => {
  const code = await codeFor(server, { client, user }, { scope: 'openid offline_access' })
  const first = await granted(await redeem(server, client, code))
  assert.equal((await userInfo(server, first.access_token ?? '')).status, 200)
  await assertJsonRefusal(server, await redeem(server, client, code), {
    error: 'invalid_grant',
    rule: 'code.replayed',
  })
  await assertJsonRefusal(server, await userInfo(server, first.access_token ?? ''), {
    status: 401,
    error: 'invalid_token',
    rule: 'userinfo.invalid_token',
  })
  await assertJsonRefusal(server, await refresh(server, client, first.refresh_token), {
    error: 'invalid_grant',
    rule: 'refresh.unknown',
  })
})

test('RFC 6749 §4.1.2: a replayed code revokes what the first use got, JWTs and what they were refreshed to', async () => {
  const given = { scope: 'openid offline_access read:contacts', audience: api.identifier }
  const code = await codeFor(server, { client, user }, given)
  const first = await granted(await redeem(server, client, code))
  const second = await granted(await refresh(server, client, first.refresh_token))
  assert.equal((await redeem(server, client, code)).status, 400)
  assert.equal((await userInfo(server, first.access_token ?? '')).status, 401)
  assert.equal((await userInfo(server, second.access_token ?? '')).status, 401)
  assert.equal((await refresh(server, client, second.refresh_token)).status, 400)
})

test('RFC 6749 §4.1.2: a replay is seen after the code itself ended', async () => {
  const code = await codeFor(server, { client, user })
  const first = await granted(await redeem(server, client, code))
  server.advance('2m')
  await assertJsonRefusal(server, await redeem(server, client, code), {
    error: 'invalid_grant',
    rule: 'code.replayed',
  })
  assert.equal((await userInfo(server, first.access_token ?? '')).status, 401)
})

test('RFC 6749 §10.5: who cannot prove possession of a used code revokes nothing', async () => {
  const code = await codeFor(server, { client, user })
  const first = await granted(await redeem(server, client, code))
  const stranger = await server.aClient()
  assert.equal((await redeem(server, stranger, code)).status, 400)
  assert.equal((await redeem(server, client, code, { code_verifier: 'a'.repeat(43) })).status, 400)
  assert.equal((await redeem(server, client, code, { redirect_uri: 'https://evil.test/' })).status, 400)
  assert.equal((await userInfo(server, first.access_token ?? '')).status, 200)
})

test('RFC 6749 §4.1.2: a replay leaves what other codes of the same user got', async () => {
  const other = await granted(await redeem(server, client, await codeFor(server, { client, user })))
  const code = await codeFor(server, { client, user })
  await granted(await redeem(server, client, code))
  assert.equal((await redeem(server, client, code)).status, 400)
  assert.equal((await userInfo(server, other.access_token ?? '')).status, 200)
})
