import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { startTestServer, type TokenSet } from '../../src/testkit/testkit.ts'
import { assertJsonRefusal, claimsOf, type Given, granted, refresh, rowsOf, userInfo } from './requests.ts'

const server = await startTestServer()
after(() => server.close())
const user = await server.aUser()
const api = await server.anApi()
const policy = { rotating: false, leewaySeconds: 0 } as const
const still = await server.aClient({ refreshToken: policy })
const rotating = await server.aClient()
const lenient = await server.aClient({
  refreshToken: { ...policy, rotating: true, leewaySeconds: 60, lifetimeSeconds: 100_000 },
})
const scope = 'openid profile offline_access read:contacts create:contacts'

function signIn(client: typeof still, given: { readonly api?: typeof api } = { api }): Promise<TokenSet> {
  return server.signIn({ client, user, scope, ...given })
}

test('RFC 6749 §6: a token that does not rotate goes on working, and none comes back', async () => {
  const first = await signIn(still)
  const again = await granted(await refresh(server, still, first.refresh_token))
  assert.equal('refresh_token' in again, false)
  assert.notEqual(again.access_token, first.access_token)
  await granted(await refresh(server, still, first.refresh_token))
})

test('RFC 6749 §6: a new access token says what it holds and works', async () => {
  const first = await signIn(still)
  const again = await granted(await refresh(server, still, first.refresh_token))
  assert.equal(again.scope, first.scope)
  assert.deepEqual(claimsOf(again.access_token).aud, [api.identifier, `${server.issuer}userinfo`])
  assert.equal((await userInfo(server, again.access_token ?? '')).status, 200)
})

test('RFC 6749 §6: fewer scopes than were granted', async () => {
  const first = await signIn(still)
  const less = await granted(await refresh(server, still, first.refresh_token, { scope: 'read:contacts' }))
  assert.equal(less.scope, 'read:contacts')
  assert.equal('id_token' in less, false)
  const all = await granted(await refresh(server, still, first.refresh_token))
  assert.equal(all.scope, first.scope, 'the refresh token keeps what it had')
})

test('RFC 6749 §6: more than was granted is left out', async () => {
  const first = await server.signIn({
    client: still,
    user,
    api,
    scope: 'openid offline_access read:contacts',
  })
  const given = { scope: 'read:contacts create:contacts email' }
  const again = await granted(await refresh(server, still, first.refresh_token, given))
  assert.equal(again.scope, 'read:contacts')
})

test('RFC 6749 §6: nothing of what was granted is invalid_scope, and the token stays whole', async () => {
  const first = await signIn(rotating)
  await assertJsonRefusal(server, await refresh(server, rotating, first.refresh_token, { scope: 'admin' }), {
    error: 'invalid_scope',
    rule: 'refresh.scope_not_granted',
  })
  await assertJsonRefusal(server, await refresh(server, rotating, first.refresh_token, { scope: 'a"b' }), {
    error: 'invalid_scope',
    rule: 'scope.malformed',
  })
  await granted(await refresh(server, rotating, first.refresh_token))
})

test('RFC 6749 §6: refresh_token is required', async () => {
  await assertJsonRefusal(server, await refresh(server, still, undefined), {
    error: 'invalid_request',
    rule: 'parameter.missing',
  })
})

test('RFC 6749 §5.2: what is no refresh token is invalid_grant', async (t) => {
  const { refresh_token: real = '', access_token } = await signIn(still)
  const [selector = '', secret = ''] = real.split('.')
  const rows = [
    { name: 'a word', value: 'banana' },
    { name: 'an access token', value: access_token },
    { name: 'an unknown selector', value: `${'a'.repeat(22)}.${secret}` },
    { name: 'the selector alone', value: selector },
    { name: 'no secret', value: `${selector}.` },
    { name: 'another secret', value: `${selector}.${'a'.repeat(43)}` },
    { name: 'a third part', value: `${real}.${secret}` },
  ]
  for (const { name, value } of rows) {
    await t.test(name, async () => {
      await assertJsonRefusal(server, await refresh(server, still, value), {
        error: 'invalid_grant',
        rule: 'refresh.unknown',
      })
    })
  }
})

test("RFC 6749 §6: another client's token is refused, and stays whole for its own", async () => {
  const first = await signIn(rotating)
  await assertJsonRefusal(server, await refresh(server, still, first.refresh_token), {
    error: 'invalid_grant',
    rule: 'refresh.other_client',
  })
  await granted(await refresh(server, rotating, first.refresh_token))
})

test('RFC 9700 §4.14.2: a rotating token is followed by its successor', async () => {
  const first = await signIn(rotating)
  const second = await granted(await refresh(server, rotating, first.refresh_token))
  const third = await granted(await refresh(server, rotating, second.refresh_token))
  assert.equal(new Set([first.refresh_token, second.refresh_token, third.refresh_token]).size, 3)
})

test('RFC 9700 §4.14.2: the return of a rotated token revokes its family', async () => {
  const first = await signIn(rotating)
  const second = await granted(await refresh(server, rotating, first.refresh_token))
  await assertJsonRefusal(server, await refresh(server, rotating, first.refresh_token), {
    error: 'invalid_grant',
    rule: 'refresh.reused',
  })
  await assertJsonRefusal(server, await refresh(server, rotating, second.refresh_token), {
    error: 'invalid_grant',
    rule: 'refresh.unknown',
  })
  assert.equal((await userInfo(server, second.access_token ?? '')).status, 401)
  assert.equal((await userInfo(server, first.access_token)).status, 401)
})

test('RFC 9700 §4.14.2: within the leeway the same successor comes again', async () => {
  const first = await signIn(lenient)
  const one = await granted(await refresh(server, lenient, first.refresh_token))
  server.advance('59s')
  const two = await granted(await refresh(server, lenient, first.refresh_token))
  assert.equal(one.refresh_token, two.refresh_token)
  await granted(await refresh(server, lenient, two.refresh_token))
})

test('RFC 9700 §4.14.2: after the leeway a rotated token revokes its family', async () => {
  const first = await signIn(lenient)
  const second = await granted(await refresh(server, lenient, first.refresh_token))
  server.advance('61s')
  await assertJsonRefusal(server, await refresh(server, lenient, first.refresh_token), {
    error: 'invalid_grant',
    rule: 'refresh.reused',
  })
  assert.equal((await refresh(server, lenient, second.refresh_token)).status, 400)
})

test('RFC 9700 §4.14.2: the leeway is for the token before the newest one alone', async () => {
  const first = await signIn(lenient)
  const second = await granted(await refresh(server, lenient, first.refresh_token))
  const third = await granted(await refresh(server, lenient, second.refresh_token))
  await assertJsonRefusal(server, await refresh(server, lenient, first.refresh_token), {
    error: 'invalid_grant',
    rule: 'refresh.reused',
  })
  assert.equal((await refresh(server, lenient, third.refresh_token)).status, 400)
})

test('RFC 9700 §4.14.2: a client that is switched to rotation rotates the next time', async () => {
  const client = await server.aClient({ refreshToken: policy })
  const first = await signIn(client)
  const rotates = { ...policy, rotating: true, lifetimeSeconds: 1000 }
  await rowsOf(server).clients.update({ ...client, refreshToken: rotates })
  const second = await granted(await refresh(server, client, first.refresh_token))
  assert.ok(second.refresh_token)
  assert.equal((await refresh(server, client, first.refresh_token)).status, 400)
})

test('RFC 8707 §2.2: a refresh token is for the API that it was granted for', async (t) => {
  await server.anApi({ identifier: 'https://other.test/' })
  const rows: readonly { readonly name: string; readonly given: Given }[] = [
    { name: 'another audience', given: { audience: 'https://other.test/' } },
    { name: 'another resource', given: { resource: 'https://other.test/' } },
    { name: 'both', given: { audience: api.identifier, resource: 'https://other.test/' } },
    { name: 'an unknown one', given: { audience: 'https://nowhere.test/' } },
  ]
  const first = await signIn(rotating)
  for (const { name, given } of rows) {
    await t.test(name, async () => {
      await assertJsonRefusal(server, await refresh(server, rotating, first.refresh_token, given), {
        error: 'invalid_target',
        rule: 'refresh.other_audience',
      })
    })
  }
  await granted(await refresh(server, rotating, first.refresh_token, { audience: api.identifier }))
})

test('RFC 6749 §6: parameters of other grants do no harm, as spa-js sends them', async () => {
  const first = await signIn(still)
  const given = { redirect_uri: 'https://app.test/callback', code_verifier: ['a', 'b'] }
  await granted(await refresh(server, still, first.refresh_token, given))
})
