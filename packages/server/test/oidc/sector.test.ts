// Who shares the pairwise subjects of a client (OpenID Connect Core §8.1), and that nobody slips into another's sector.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { startTestServer, type TestClient } from '../../src/testkit/testkit.ts'
import { fakeNetwork } from '../rfc/client-keys.ts'
import { approve, codesFor, deviceGrantType, poll } from '../rfc/devices.ts'
import { allowRegistration, openToAll, register, registered, send } from '../rfc/registrations.ts'
import {
  assertJsonRefusal,
  claimsOf,
  codeFor,
  granted,
  json,
  redeem,
  rowsOf,
  userInfo,
} from '../rfc/requests.ts'

const network = fakeNetwork()
const server = await startTestServer({ fetcher: network.fetcher })
after(() => server.close())
await allowRegistration(server, openToAll)
const ada = await server.aUser()
const pairwise = { subject_type: 'pairwise' } as const

type Information = Awaited<ReturnType<typeof registered>>

/** The client that registered itself, with its secret. */
async function asClient({ client_id, client_secret }: Information): Promise<TestClient> {
  const client = await rowsOf(server).clients.find(client_id as TestClient['id'])
  assert.ok(client)
  return { ...client, secret: client_secret }
}

async function tokensOf(client: TestClient) {
  return granted(await redeem(server, client, await codeFor(server, { client, user: ada })))
}

async function subOf(client: TestClient): Promise<unknown> {
  return claimsOf((await tokensOf(client)).id_token).sub
}

function replace(information: Information, metadata: object): Promise<Response> {
  const { registration_client_uri: url, registration_access_token: bearer, client_id } = information
  return send(server, 'PUT', url, { client_id, ...metadata }, bearer)
}

test('OpenID Connect Core §8.1: a host that is nobody’s own is no sector', async (t) => {
  for (const uri of [
    'http://127.0.0.1/callback',
    'http://127.0.0.1:8000/callback',
    'http://[::1]/callback',
    'http://localhost/callback',
    'http://app.localhost/callback',
    'https://localhost/callback',
    'com.example.app:/callback',
    'com.example.app://host/callback',
  ])
    await t.test(uri, async () => {
      const given = { pairwise: {}, applicationType: 'native', redirectUris: [uri] } as const
      const [one, two] = [await server.aClient(given), await server.aClient(given)]
      assert.notEqual(await subOf(one), await subOf(two))
      assert.equal(await subOf(one), await subOf(one))
    })
})

test('OpenID Connect Core §8.1: a native application of several loopback hosts and a scheme is one sector', async () => {
  const redirect_uris = ['http://127.0.0.1/cb', 'http://[::1]/cb', 'com.example.app:/cb']
  const native = { ...pairwise, application_type: 'native' }
  const client = await asClient(await registered(server, { ...native, redirect_uris }))
  assert.notEqual(await subOf(client), ada.id)
  const mixed = { ...native, redirect_uris: [...redirect_uris, 'https://app.test/cb'] }
  await assertJsonRefusal(server, await register(server, mixed), {
    error: 'invalid_client_metadata',
    rule: 'registration.sector_missing',
  })
})

test('OpenID Connect Core §8.1: nobody moves into another sector with a token at hand', async (t) => {
  const victim = await server.aClient({ pairwise: {}, redirectUris: ['https://victim.example/cb'] })
  const theirs = await subOf(victim)
  const list = 'https://victim.example/sector.json'
  network.serve(list, { text: JSON.stringify(['https://victim.example/cb', 'https://evil.test/cb']) })
  const rows = [
    { name: 'by another host', before: pairwise, puts: [{ ...pairwise }] },
    { name: 'having been public', before: {}, puts: [{ ...pairwise }] },
    { name: 'having been public for a while', before: pairwise, puts: [{}, { ...pairwise }] },
    {
      name: 'by a sector identifier',
      before: pairwise,
      puts: [{ ...pairwise, sector_identifier_uri: list, redirect_uris: ['https://evil.test/cb'] }],
    },
  ]
  for (const { name, before, puts } of rows)
    await t.test(name, async () => {
      const information = await registered(server, { redirect_uris: ['https://evil.test/cb'], ...before })
      const { access_token = '' } = await tokensOf(await asClient(information))
      const answers: Response[] = []
      for (const put of puts)
        answers.push(await replace(information, { redirect_uris: ['https://victim.example/cb'], ...put }))
      const last = answers.pop()
      assert.ok(last)
      for (const answer of answers) assert.equal(answer.status, 200)
      await assertJsonRefusal(server, last, {
        error: 'invalid_client_metadata',
        rule: 'registration.sector_changed',
      })
      assert.notEqual((await json(await userInfo(server, access_token))).sub, theirs)
    })
})

test('RFC 7592 §2.2: within its sector a pairwise client changes its redirection URIs', async () => {
  const information = await registered(server, { ...pairwise, redirect_uris: ['https://app.test/cb'] })
  const before = await subOf(await asClient(information))
  const other = { ...pairwise, redirect_uris: ['https://app.test/other', 'https://app.test/third'] }
  assert.equal((await replace(information, other)).status, 200)
  assert.equal(await subOf(await asClient(information)), before)
  const elsewhere = await registered(server, { redirect_uris: ['https://app.test/cb'] })
  assert.equal((await replace(elsewhere, { redirect_uris: ['https://new.test/cb'] })).status, 200)
})

test('OpenID Connect Core §8.1: a host that a device never answers to is not its sector', async () => {
  const victim = await server.aClient({ pairwise: {}, redirectUris: ['https://victim.example/cb'] })
  const information = await registered(server, {
    ...pairwise,
    redirect_uris: ['https://victim.example/cb'],
    grant_types: ['authorization_code', deviceGrantType],
  })
  const device = await asClient(information)
  const codes = await codesFor(server, device, { scope: 'openid' })
  await approve(server, ada, codes.user_code)
  const tokens = await granted(await poll(server, device, codes.device_code))
  assert.notEqual(claimsOf(tokens.id_token).sub, await subOf(victim))
  // The grant makes the sector another one, so that it cannot come later either.
  const web = { ...pairwise, redirect_uris: ['https://victim.example/cb'] }
  const later = await registered(server, web)
  const grants = { grant_types: ['authorization_code', deviceGrantType] }
  await assertJsonRefusal(server, await replace(later, { ...web, ...grants }), {
    error: 'invalid_client_metadata',
    rule: 'registration.sector_changed',
  })
})
