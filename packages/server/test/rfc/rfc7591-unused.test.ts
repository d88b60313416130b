// RFC 7591 §5: whoever may register can register for nothing. A client that nobody ever used is removed.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hashed } from '../../src/domain/secrets.ts'
import type { TestClient, TestServer } from '../../src/testkit/testkit.ts'
import { onEveryEngine } from '../flows/engines.ts'
import { approve, codesFor, deviceGrantType, poll } from './devices.ts'
import { allowRegistration, callback, openToAll, register, registered, send } from './registrations.ts'
import { codeFor, granted, json, redeem, rowsOf, token } from './requests.ts'

async function cleanUp(server: TestServer): Promise<void> {
  while ((await server.store.removeExpired(server.now(), 1000)) > 0);
}

// A look-up is answered from memory for another second.
async function isThere(server: TestServer, clientId: unknown): Promise<boolean> {
  const { items } = await rowsOf(server).clients.list({ limit: 1000 })
  return items.some(({ id }) => id === clientId)
}

async function asClient(server: TestServer, metadata: object = {}): Promise<TestClient> {
  const { client_id, client_secret } = await registered(server, metadata)
  const client = await rowsOf(server).clients.find(client_id as TestClient['id'])
  assert.ok(client)
  return { ...client, secret: client_secret }
}

onEveryEngine((running) => {
  test('RFC 7591 §5: who registers and gets no tokens within thirty days is removed by the clean-up', async () => {
    const server = running()
    await allowRegistration(server, openToAll)
    const unused = await asClient(server)
    const replaced = await registered(server)
    const administered = await server.aClient()
    // Asked for, and allowed by nobody.
    await server.browser().open(`${server.issuer}authorize?client_id=${unused.id}&response_type=code`)
    server.advance('29d')
    const { registration_client_uri: url, registration_access_token: bearer, client_id } = replaced
    const put = await send(server, 'PUT', url, { client_id, redirect_uris: [callback] }, bearer)
    assert.equal(put.status, 200)
    const later = await asClient(server)
    await cleanUp(server)
    assert.ok(await isThere(server, unused.id))
    server.advance('1d')
    await cleanUp(server)
    assert.equal(await isThere(server, unused.id), false)
    assert.equal(await isThere(server, client_id), false, 'a change is no use')
    for (const { id } of [later, administered]) assert.ok(await isThere(server, id))
  })

  test('RFC 7591 §5: who got tokens once stays', async () => {
    const server = running()
    await allowRegistration(server, openToAll)
    const user = await server.aUser({ email: 'used@example.com' })
    const api = await server.anApi({
      identifier: 'https://open.test/',
      subjectTypeAuthorization: { user: 'allow_all', client: 'allow_all' },
    })
    const web = await asClient(server)
    await granted(await redeem(server, web, await codeFor(server, { client: web, user })))
    const allowed = await asClient(server)
    await codeFor(server, { client: allowed, user })
    const machine = await asClient(server, { grant_types: ['client_credentials'], redirect_uris: [] })
    const given = { client_id: machine.id, client_secret: machine.secret, audience: api.identifier }
    await granted(await token(server, { grant_type: 'client_credentials', ...given }))
    const device = await asClient(server, { grant_types: [deviceGrantType], redirect_uris: [] })
    const codes = await codesFor(server, device, { scope: 'openid' })
    await approve(server, user, codes.user_code)
    await granted(await poll(server, device, codes.device_code))
    server.advance('365d')
    await cleanUp(server)
    for (const { id } of [web, allowed, machine, device]) assert.ok(await isThere(server, id))
  })

  test('RFC 7591 §3: who came with an initial access token stays', async () => {
    const server = running()
    await allowRegistration(server, { ...openToAll, initialAccessTokens: [hashed('ticket')] })
    const { client_id } = await json(await register(server, { redirect_uris: [callback] }, 'ticket'))
    server.advance('365d')
    await cleanUp(server)
    assert.ok(await isThere(server, client_id))
  })
})

onEveryEngine(
  (running) => {
    test('RFC 7591 §5: the operator says how long', async () => {
      const server = running()
      await allowRegistration(server, openToAll)
      const { id } = await asClient(server)
      server.advance('2d')
      await cleanUp(server)
      assert.equal(await isThere(server, id), false)
    })
  },
  { limits: { unusedClientLifetimeDays: 2 } },
)
