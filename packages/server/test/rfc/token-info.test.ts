// Auth0's older /tokeninfo, by the validation of OpenID Connect Core §3.1.3.7.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { startTestServer } from '../../src/testkit/testkit.ts'
import { assertJsonRefusal, claimsOf, form, json, rowsOf } from './requests.ts'

const server = await startTestServer()
after(() => server.close())
const user = await server.aUser()
const client = await server.aClient()
const url = `${server.issuer}tokeninfo`

async function allow(allowTokenInfo: boolean): Promise<void> {
  const [tenant] = (await server.store.tenants.list({ limit: 1 })).items
  assert.ok(tenant)
  await server.store.tenants.update({ ...tenant, settings: { ...tenant.settings, allowTokenInfo } })
}

function ask(id_token: string | undefined): Promise<Response> {
  return server.fetch(url, { method: 'POST', body: form({ id_token }) })
}

test('it is not there unless the tenant switches it on', async () => {
  const { id_token } = await server.signIn({ client, user })
  const response = await ask(id_token)
  assert.equal(response.status, 404)
  assert.equal((await json(response)).error, 'invalid_request')
  await allow(true)
})

test('OIDC Core §3.1.3.7: an ID token is answered with what it says itself', async () => {
  const { id_token } = await server.signIn({ client, user, scope: 'openid email' })
  const claims = claimsOf(id_token)
  assert.deepEqual(await json(await ask(id_token)), { ...claims, user_id: user.id, clientID: client.id })
  const asJson = await server.fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ id_token }),
  })
  assert.deepEqual([asJson.status, (await json(asJson)).email], [200, user.email])
  assert.equal('name' in claims, false)
})

test('OIDC Core §3.1.3.7: whatever is no ID token in force is refused', async (t) => {
  const api = await server.anApi()
  const other = await server.aUser({ email: 'other@example.com' })
  const gone = await server.aClient()
  const { id_token = '', access_token } = await server.signIn({ client, user, api, scope: 'openid' })
  const { id_token: ofBlocked } = await server.signIn({ client, user: other })
  const { id_token: ofGone } = await server.signIn({ client: gone, user })
  const stored = await rowsOf(server).users.find(other.id)
  assert.ok(stored)
  await rowsOf(server).users.update({ ...stored, blocked: true })
  await rowsOf(server).clients.delete(gone.id)
  const rows = [
    { name: 'no JWT', presented: 'word' },
    { name: 'an access token', presented: access_token },
    { name: 'a changed signature', presented: `${id_token.slice(0, -8)}AAAAAAAA` },
    { name: 'of a blocked user', presented: ofBlocked },
    { name: 'for a client that is gone', presented: ofGone },
  ]
  for (const { name, presented } of rows) {
    await t.test(name, async () => {
      await assertJsonRefusal(server, await ask(presented), {
        status: 401,
        error: 'invalid_token',
        rule: 'token_info.invalid_token',
      })
    })
  }
  await t.test('expired', async () => {
    server.advance('10h')
    await assertJsonRefusal(server, await ask(id_token), {
      status: 401,
      error: 'invalid_token',
      rule: 'token_info.invalid_token',
    })
  })
  await t.test('nothing', async () => {
    await assertJsonRefusal(server, await ask(undefined), {
      error: 'invalid_request',
      rule: 'parameter.missing',
    })
  })
})
