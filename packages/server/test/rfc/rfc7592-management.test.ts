import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { startTestServer, type TestClient } from '../../src/testkit/testkit.ts'
import { engines } from '../support/engines.ts'
import { allowRegistration, callback, openToAll, registered, send } from './registrations.ts'
import { assertJsonRefusal, json, refresh, rowsOf, token, userInfo } from './requests.ts'

const server = await startTestServer()
after(() => server.close())
await allowRegistration(server, openToAll)

type Information = Awaited<ReturnType<typeof registered>>

function ask(
  method: string,
  { registration_client_uri: url }: Information,
  bearer?: string,
): Promise<Response> {
  const headers = bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }
  return server.fetch(url, { method, headers })
}

function replace(information: Information, metadata: object): Promise<Response> {
  const { registration_client_uri: url, registration_access_token: bearer, client_id } = information
  return send(server, 'PUT', url, { client_id, redirect_uris: [callback], ...metadata }, bearer)
}

test('RFC 7592 §2.1: the registration access token reads the registration', async () => {
  const information = await registered(server, { client_name: 'Planner' })
  const response = await ask('GET', information, information.registration_access_token)
  assert.deepEqual([response.status, response.headers.get('cache-control')], [200, 'no-store'])
  assert.deepEqual(await json(response), information)
})

test('RFC 7592 §2.1: without the token of that very client nothing is told, not even whether it exists', async (t) => {
  const information = await registered(server)
  const other = await registered(server)
  const administered = await server.aClient()
  const absent = { ...information, registration_client_uri: `${server.issuer}oidc/register/tpc_unknown` }
  const ofAdministrator = {
    ...information,
    registration_client_uri: `${server.issuer}oidc/register/${administered.id}`,
  }
  const rows = [
    { name: 'no token', of: information, bearer: undefined },
    { name: 'a wrong token', of: information, bearer: 'wrong' },
    { name: "another client's token", of: information, bearer: other.registration_access_token },
    { name: 'an unknown client', of: absent, bearer: information.registration_access_token },
    {
      name: 'a client that an administrator made',
      of: ofAdministrator,
      bearer: information.registration_access_token,
    },
  ]
  for (const { name, of, bearer } of rows) {
    for (const method of ['GET', 'DELETE']) {
      await t.test(`${method}, ${name}`, async () => {
        const response = await ask(method, of, bearer)
        assert.match(response.headers.get('www-authenticate') ?? '', /^Bearer /)
        await assertJsonRefusal(server, response, {
          status: 401,
          error: 'invalid_token',
          rule: 'registration.token_invalid',
        })
      })
    }
  }
  assert.ok(await rowsOf(server).clients.find(administered.id))
})

test('RFC 7592 §2.2: a replacement leaves nothing of what was there before', async () => {
  const information = await registered(server, {
    client_name: 'Planner',
    logo_uri: 'https://app.test/logo.png',
  })
  const response = await replace(information, {
    client_secret: information.client_secret,
    tos_uri: 'https://app.test/tos',
  })
  assert.equal(response.status, 200)
  const { client_name: _, logo_uri: __, ...kept } = information
  assert.deepEqual(await json(response), { ...kept, tos_uri: 'https://app.test/tos' })
  const client = await rowsOf(server).clients.find(information.client_id as TestClient['id'])
  assert.deepEqual(
    [client?.logoUri, client?.tosUri, client?.name],
    [undefined, 'https://app.test/tos', 'app.test'],
  )
})

test('RFC 7592 §2.2: a client that no longer authenticates loses its secret', async () => {
  const information = await registered(server)
  const changed = await json(await replace(information, { token_endpoint_auth_method: 'none' }))
  assert.equal('client_secret' in changed, false)
  const back = await json(await replace(information, {}))
  assert.notEqual(back.client_secret, information.client_secret)
})

test('RFC 7592 §2.2: what only the server says, and what is wrong, is refused and changes nothing', async (t) => {
  const information = await registered(server)
  const rows = [
    { name: 'another client_id', given: { client_id: 'other' }, rule: 'registration.other_client_id' },
    { name: 'no client_id', given: { client_id: undefined }, rule: 'registration.other_client_id' },
    { name: 'the token', given: { registration_access_token: 'x' }, rule: 'registration.server_member' },
    { name: 'the address', given: { registration_client_uri: 'x' }, rule: 'registration.server_member' },
    { name: 'the time', given: { client_id_issued_at: 1 }, rule: 'registration.server_member' },
    { name: 'the end', given: { client_secret_expires_at: 0 }, rule: 'registration.server_member' },
    { name: 'a chosen secret', given: { client_secret: 'chosen' }, rule: 'registration.chosen_secret' },
    { name: 'no text', given: { client_secret: 1 }, rule: 'registration.chosen_secret' },
    {
      name: 'an address by http',
      given: { logo_uri: 'http://app.test/' },
      rule: 'registration.address_insecure',
    },
  ]
  for (const { name, given, rule } of rows) {
    await t.test(name, async () => {
      await assertJsonRefusal(server, await replace(information, given), {
        error: 'invalid_client_metadata',
        rule,
      })
    })
  }
  const response = await ask('GET', information, information.registration_access_token)
  assert.deepEqual(await json(response), information)
})

test('RFC 7592 §2.2: closing registration leaves those alone that are registered', async () => {
  const information = await registered(server)
  await allowRegistration(server)
  assert.equal((await ask('GET', information, information.registration_access_token)).status, 200)
  assert.equal((await replace(information, {})).status, 200)
  await allowRegistration(server, openToAll)
})

test('RFC 7592 §2.3: with a client all goes that its users allowed it', async () => {
  const information = await registered(server, { grant_types: ['authorization_code', 'refresh_token'] })
  const user = await server.aUser()
  const { clients, consents } = rowsOf(server)
  const stored = await clients.find(information.client_id as TestClient['id'])
  assert.ok(stored)
  const client: TestClient = { ...stored, secret: information.client_secret }
  const tokens = await server.signIn({ client, user, scope: 'openid offline_access' })
  const response = await ask('DELETE', information, information.registration_access_token)
  assert.deepEqual([response.status, await response.text()], [204, ''])
  await assertJsonRefusal(server, await ask('GET', information, information.registration_access_token), {
    status: 401,
    error: 'invalid_token',
    rule: 'registration.token_invalid',
  })
  assert.equal((await userInfo(server, tokens.access_token)).status, 401)
  assert.equal((await refresh(server, client, tokens.refresh_token)).status, 401)
  assert.deepEqual((await consents.list(user.id, { limit: 10 })).items, [])
  const again = await token(server, {
    grant_type: 'client_credentials',
    client_id: client.id,
    client_secret: client.secret,
  })
  assert.equal(again.status, 401)
})

for (const { name, start } of engines) {
  test(`RFC 7592 §2.3: replacements that race with removals bring nothing back, on ${name}`, async () => {
    const racing = await start()
    await allowRegistration(racing, openToAll)
    const {
      registration_client_uri: url,
      registration_access_token: bearer,
      client_id,
    } = await registered(racing)
    const metadata = { client_id, redirect_uris: [callback] }
    const answers = await Promise.all(
      Array.from({ length: 100 }, async (_, index) => {
        if (index % 2 === 0) return (await send(racing, 'PUT', url, metadata, bearer)).status
        const headers = { authorization: `Bearer ${bearer}` }
        return (await racing.fetch(url, { method: 'DELETE', headers })).status
      }),
    )
    assert.ok(
      answers.every((status) => [200, 204, 401].includes(status)),
      answers.join(' '),
    )
    assert.equal(await rowsOf(racing).clients.find(client_id as TestClient['id']), undefined)
    await racing.close()
  })
}
