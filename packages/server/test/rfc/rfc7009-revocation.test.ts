import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { startTestServer, type TestClient, type TestServer } from '../../src/testkit/testkit.ts'
import { engines } from '../support/engines.ts'
import {
  assertJsonRefusal,
  basic,
  credentials,
  form,
  type Given,
  granted,
  json,
  refresh,
  token,
  userInfo,
} from './requests.ts'

const server = await startTestServer()
after(() => server.close())
const user = await server.aUser()
const client = await server.aClient()
const other = await server.aClient({ redirectUris: ['https://other.test/callback'] })
const spa = await server.aClient({
  applicationType: 'spa',
  tokenEndpointAuthMethod: 'none',
  redirectUris: ['https://spa.test/callback'],
})
const api = await server.anApi()
const scope = 'openid read:contacts offline_access'
const signIn = (as = client) => server.signIn({ client: as, user, api, scope })

function revoke(as: TestClient, presented: string | undefined, given: Given = {}, headers = {}) {
  const body = form({ ...credentials(as), token: presented, ...given })
  return server.fetch(`${server.issuer}oauth/revoke`, { method: 'POST', body, headers })
}

async function assertRevoked(response: Response): Promise<void> {
  assert.deepEqual([response.status, await response.text()], [200, ''])
  assert.equal(response.headers.get('cache-control'), 'no-store')
}

async function assertDead(refreshToken: string | undefined, as = client): Promise<void> {
  await assertJsonRefusal(server, await refresh(server, as, refreshToken), {
    error: 'invalid_grant',
    rule: 'refresh.unknown',
  })
}

test('RFC 7009 §2.1: with a refresh token all that its grant gave ends', async () => {
  const { access_token, refresh_token } = await signIn()
  const renewed = await granted(await refresh(server, client, refresh_token))
  await assertRevoked(await revoke(client, renewed.refresh_token))
  await assertDead(renewed.refresh_token)
  for (const given of [access_token, renewed.access_token ?? '']) {
    assert.equal((await userInfo(server, given)).status, 401)
    assert.equal(server.lastRefusal(), 'userinfo.invalid_token')
  }
})

test('RFC 7009 §2.1: other grants to the same client go on', async () => {
  const one = await signIn()
  const another = await signIn()
  await assertRevoked(await revoke(client, one.refresh_token))
  assert.equal((await userInfo(server, another.access_token)).status, 200)
  await granted(await refresh(server, client, another.refresh_token))
})

test('RFC 9700 §4.14.2: a refresh token that was rotated before ends its family all the same', async () => {
  const { refresh_token } = await signIn()
  const renewed = await granted(await refresh(server, client, refresh_token))
  await assertRevoked(await revoke(client, refresh_token))
  await assertDead(renewed.refresh_token)
})

test('RFC 7009 §2.1: a JWT access token ends, and its refresh token does not', async () => {
  const { access_token, refresh_token } = await signIn()
  assert.equal((await userInfo(server, access_token)).status, 200)
  await assertRevoked(await revoke(client, access_token))
  assert.equal((await userInfo(server, access_token)).status, 401)
  const renewed = await granted(await refresh(server, client, refresh_token))
  assert.equal((await userInfo(server, renewed.access_token ?? '')).status, 200)
})

test('RFC 7009 §2.1: an opaque access token ends', async () => {
  const { access_token } = await server.signIn({ client, user, scope: 'openid' })
  await assertRevoked(await revoke(client, access_token))
  assert.equal((await userInfo(server, access_token)).status, 401)
})

test('RFC 7009 §2.1: introspection knows at once', async () => {
  const { access_token } = await signIn()
  await assertRevoked(await revoke(client, access_token))
  const body = form({ ...credentials(client), token: access_token })
  const response = await server.fetch(`${server.issuer}oauth/introspect`, { method: 'POST', body })
  assert.deepEqual(await json(response), { active: false })
})

test('RFC 7009 §2.2: a token that is not in force is answered with 200', async (t) => {
  const { access_token, refresh_token, id_token } = await signIn()
  await revoke(client, refresh_token)
  const rows = [
    { name: 'unknown', presented: 'unknown' },
    { name: 'revoked before', presented: refresh_token },
    { name: 'of a revoked grant', presented: access_token },
    { name: 'an ID token', presented: id_token },
    { name: 'half a refresh token', presented: refresh_token?.split('.')[1] },
  ]
  for (const { name, presented } of rows) {
    await t.test(name, async () => assertRevoked(await revoke(client, presented)))
  }
})

test('RFC 7009 §2.1: the token of another client is refused and goes on', async () => {
  const { access_token, refresh_token } = await signIn()
  for (const presented of [refresh_token, access_token]) {
    await assertJsonRefusal(server, await revoke(other, presented), {
      error: 'invalid_grant',
      rule: 'revoke.other_client',
    })
  }
  assert.equal((await userInfo(server, access_token)).status, 200)
  await granted(await refresh(server, client, refresh_token))
})

test('RFC 7009 §2.1: a wrong or unknown token_type_hint changes nothing', async () => {
  for (const token_type_hint of ['access_token', 'unheard_of']) {
    const { refresh_token } = await signIn()
    await assertRevoked(await revoke(client, refresh_token, { token_type_hint }))
    await assertDead(refresh_token)
  }
})

test('RFC 7009 §2.1: the client is proven before anything is said about the token', async () => {
  const { refresh_token } = await signIn()
  await assertJsonRefusal(server, await revoke(client, refresh_token, { client_secret: 'wrong' }), {
    status: 401,
    error: 'invalid_client',
    rule: 'client_auth.wrong_proof',
  })
  await assertJsonRefusal(server, await revoke(client, undefined), {
    error: 'invalid_request',
    rule: 'parameter.missing',
  })
  await granted(await refresh(server, client, refresh_token))
})

test('RFC 7009 §2.1: the credentials may come in the header', async () => {
  const { refresh_token } = await signIn()
  const headers = basic(client.id, client.secret)
  await assertRevoked(
    await revoke(client, refresh_token, { client_id: undefined, client_secret: undefined }, headers),
  )
  await assertDead(refresh_token)
})

test('RFC 7009 §2.3: a public client in a browser revokes with JSON, as auth0-spa-js does', async () => {
  const { refresh_token } = await signIn(spa)
  const origin = 'https://spa.test'
  const url = `${server.issuer}oauth/revoke`
  const preflight = await server.fetch(url, { method: 'OPTIONS', headers: { origin } })
  assert.equal(preflight.headers.get('access-control-allow-origin'), origin)
  assert.match(preflight.headers.get('access-control-allow-headers') ?? '', /content-type, .*auth0-client/)
  const response = await server.fetch(url, {
    method: 'POST',
    headers: {
      origin,
      'content-type': 'application/json',
      'auth0-client': 'eyJuYW1lIjoiYXV0aDAtc3BhLWpzIn0=',
    },
    body: JSON.stringify({ client_id: spa.id, token: refresh_token, token_type_hint: 'refresh_token' }),
  })
  assert.equal(response.headers.get('access-control-allow-origin'), origin)
  await assertRevoked(response)
  await assertDead(refresh_token, spa)
})

test('RFC 8414 §2: the metadata names the endpoint', async () => {
  const metadata = await json(await server.fetch(`${server.issuer}.well-known/openid-configuration`))
  assert.equal(metadata.revocation_endpoint, `${server.issuer}oauth/revoke`)
})

// Half of the calls renew and half revoke: whatever the order, nothing may be left that works.
async function revokeWhileRenewing(racing: TestServer): Promise<void> {
  const someone = await racing.aUser({ email: 'racing@example.com' })
  const app = await racing.aClient({
    refreshToken: { rotating: true, leewaySeconds: 60, lifetimeSeconds: 3600 },
  })
  const { access_token, refresh_token } = await racing.signIn({
    client: app,
    user: someone,
    scope: 'openid offline_access',
  })
  const answers = await Promise.all(
    Array.from({ length: 50 }, async (_, index) => {
      if (index % 2 === 0)
        return token(racing, { ...credentials(app), grant_type: 'refresh_token', refresh_token })
      const body = form({ ...credentials(app), token: refresh_token })
      return racing.fetch(`${racing.issuer}oauth/revoke`, { method: 'POST', body })
    }),
  )
  assert.ok(answers.every(({ status }) => status === 200 || status === 400))
  const renewed = await Promise.all(answers.map(async (answer) => JSON.parse((await answer.text()) || '{}')))
  for (const tokens of [{ access_token, refresh_token }, ...renewed]) {
    if (tokens.access_token === undefined) continue
    assert.equal((await userInfo(racing, tokens.access_token)).status, 401)
    assert.equal((await refresh(racing, app, tokens.refresh_token)).status, 400)
  }
}

for (const { name, start } of engines) {
  test(`RFC 7009 §2.1: revoking while renewing leaves nothing that works, on ${name}`, async () => {
    const racing = await start()
    await revokeWhileRenewing(racing)
    await racing.close()
  })
}
