// Which clients are public and which are confidential is what their method says, built in or not.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { defineClientAuth } from '../../src/oauth/client-auth/client-auth-method.ts'
import { lenientParam } from '../../src/oauth/params.ts'
import { startTestServer } from '../../src/testkit/testkit.ts'
import { allowRegistration, openToAll, register, registered } from './registrations.ts'
import {
  assertJsonRefusal,
  assertRedirectRefusal,
  authorize,
  form,
  type Given,
  granted,
  json,
  token,
} from './requests.ts'

/** A method that believes whoever names a client in its own parameter. */
function believing(keeps: 'key' | 'nothing') {
  const method = `https://example.com/client-auth/${keeps}`
  return defineClientAuth({
    method,
    serves: [method, `${method}/older`],
    keeps,
    rules: [],
    detect({ parameters }) {
      const clientId = lenientParam(parameters, keeps)
      return clientId === undefined ? undefined : { clientId, proof: 'believed' }
    },
    verify: async () => true,
  })
}

const server = await startTestServer({ extensions: [believing('key'), believing('nothing')] })
after(() => server.close())
await allowRegistration(server, openToAll)
const api = await server.anApi()
const methodOf = (keeps: string) => `https://example.com/client-auth/${keeps}`

async function aClientThatKeeps(keeps: 'key' | 'nothing', suffix = '') {
  const client = await server.aClient({
    tokenEndpointAuthMethod: `${methodOf(keeps)}${suffix}`,
    secrets: [],
    grantTypes: ['authorization_code', 'client_credentials'],
    pkce: { required: false, allowPlain: false },
    resourceServerIdentifier: api.identifier,
  })
  await server.aClientGrant({ clientId: client.id, audience: api.identifier, scope: ['read:contacts'] })
  return client
}

function introspect(given: Given): Promise<Response> {
  const body = form({ token: 'unknown', ...given })
  return server.fetch(`${server.issuer}oauth/introspect`, { method: 'POST', body })
}

const withoutPkce = { code_challenge: undefined, code_challenge_method: undefined }
const forItself = { grant_type: 'client_credentials', audience: api.identifier }

for (const suffix of ['', '/older']) {
  test(`RFC 6749 §2.1: a client of an extension's method${suffix} that keeps a key is confidential`, async () => {
    const client = await aClientThatKeeps('key', suffix)
    await granted(await token(server, { ...forItself, key: client.id }))
    assert.deepEqual(await json(await introspect({ key: client.id })), { active: false })
    const response = await authorize(server, client, withoutPkce)
    assert.match(response.headers.get('location') ?? '', /\/u\/login/)
  })

  test(`RFC 6749 §2.1: a client of an extension's method${suffix} that keeps nothing is public`, async () => {
    const client = await aClientThatKeeps('nothing', suffix)
    await assertJsonRefusal(server, await token(server, { ...forItself, nothing: client.id }), {
      error: 'unauthorized_client',
      rule: 'token.public_client',
    })
    await assertJsonRefusal(server, await introspect({ nothing: client.id }), {
      status: 401,
      error: 'invalid_client',
      rule: 'introspect.public_client',
    })
    assertRedirectRefusal(server, await authorize(server, client, withoutPkce), {
      error: 'invalid_request',
      rule: 'pkce.challenge_required',
    })
  })
}

test('RFC 9700 §2.1.1: a client whose method nobody knows any more is as good as public', async () => {
  const client = await server.aClient({ tokenEndpointAuthMethod: 'https://example.com/gone' })
  assertRedirectRefusal(server, await authorize(server, client, withoutPkce), {
    error: 'invalid_request',
    rule: 'pkce.challenge_required',
  })
})

test('RFC 7591 §3.2.1: who registers with a method that keeps no secret gets none', async () => {
  const keyed = await register(server, {
    redirect_uris: ['https://app.test/callback'],
    token_endpoint_auth_method: methodOf('key'),
  })
  assert.equal(keyed.status, 201)
  assert.equal('client_secret' in (await json(keyed)), false)
  const { client_secret } = await registered(server)
  assert.notEqual(client_secret, 'undefined')
})

test('RFC 6749 §4.4: a client that keeps nothing cannot register for client_credentials', async () => {
  const machine = { grant_types: ['client_credentials'], response_types: [], redirect_uris: [] }
  const response = await register(server, { ...machine, token_endpoint_auth_method: methodOf('nothing') })
  await assertJsonRefusal(server, response, {
    error: 'invalid_client_metadata',
    rule: 'registration.public_client',
  })
})
