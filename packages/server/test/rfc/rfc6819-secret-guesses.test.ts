// RFC 6819 §4.3.5: whoever guesses the secret of a client has to stop, and the client goes on elsewhere.
import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { startTestServer, type TestClient, type TestServer } from '../../src/testkit/testkit.ts'
import { onEveryEngine } from '../flows/engines.ts'
import { assertionClaims, jwtBearer, signedBy } from './client-keys.ts'
import { assertJsonRefusal, basic, form, type Given, granted } from './requests.ts'

const settings = {
  trustedProxies: 1,
  attackProtection: { failedClientSecretsPerAddress: 5, clientSecretWindowSeconds: 600 },
}
const blocked = {
  status: 429,
  error: 'too_many_attempts',
  rule: 'client_auth.too_many_attempts',
} as const

async function aMachine(server: TestServer, given: Parameters<TestServer['aClient']>[0] = {}) {
  const client = await server.aClient(given)
  await server.aClientGrant({ clientId: client.id, audience: 'https://contacts.test/', scope: [] })
  return client
}

/** What the endpoints want beside an authenticated client. */
const needed = { grant_type: 'client_credentials', audience: 'https://contacts.test/', token: 'x' } as const

interface From {
  readonly address?: string
  readonly path?: string
  readonly headers?: Readonly<Record<string, string>>
}

function send(server: TestServer, given: Given, { address = '192.0.2.1', path, headers }: From = {}) {
  return server.fetch(`${server.issuer}${path ?? 'oauth/token'}`, {
    method: 'POST',
    body: form({ ...needed, ...given }),
    headers: { 'x-forwarded-for': address, ...headers },
  })
}

function withSecret(server: TestServer, client: TestClient, secret = client.secret, from: From = {}) {
  return send(server, { client_id: client.id, client_secret: secret }, from)
}

async function guess(server: TestServer, client: TestClient, times: number, from: From = {}) {
  const answers = Array.from({ length: times }, (_, index) =>
    withSecret(server, client, `guess ${index}`, from),
  )
  return (await Promise.all(answers)).map(({ status }) => status)
}

onEveryEngine((running) => {
  test('RFC 6819 §5.1.4.2.3: guesses that come together are counted one by one', async () => {
    const server = running()
    const client = await aMachine(server)
    const statuses = await guess(server, client, 50)
    assert.equal(statuses.filter((status) => status === 401).length, 5)
    assert.equal(statuses.filter((status) => status === 429).length, 45)
  })
}, settings)

describe('one process', () => {
  let server: TestServer
  test.before(async () => {
    server = await startTestServer({ settings })
    await server.anApi()
  })
  after(() => server.close())

  test('RFC 6819 §4.3.5: after the last guess the right secret waits too, for a while', async () => {
    const client = await aMachine(server)
    assert.deepEqual(await guess(server, client, 4), [401, 401, 401, 401])
    await granted(await withSecret(server, client))
    server.advance('9m')
    assert.deepEqual(await guess(server, client, 1), [401], 'a success forgives nothing')
    const refused = await withSecret(server, client)
    assert.equal(refused.headers.get('retry-after'), '60')
    await assertJsonRefusal(server, refused, blocked)
    server.advance('60s')
    await granted(await withSecret(server, client))
    assert.deepEqual(await guess(server, client, 6), [401, 401, 401, 401, 401, 429])
  })

  test('RFC 6819 §4.3.5: the client goes on elsewhere, and others go on there', async () => {
    const [client, other] = [await aMachine(server), await aMachine(server)]
    await guess(server, client, 5)
    await assertJsonRefusal(server, await withSecret(server, client), blocked)
    await granted(await withSecret(server, client, client.secret, { address: '192.0.2.2' }))
    await granted(await withSecret(server, other))
  })

  test('RFC 4291 §2.5.4: an IPv6 address is counted with its /64', async () => {
    const client = await aMachine(server)
    for (const host of [1, 2, 3, 4, 5])
      await withSecret(server, client, 'guess', { address: `2001:db8::${host}` })
    const sixth = await withSecret(server, client, client.secret, { address: '2001:db8::6' })
    await assertJsonRefusal(server, sixth, blocked)
    await granted(await withSecret(server, client, client.secret, { address: '2001:db8:0:1::1' }))
  })

  test('RFC 6819 §4.3.5: in the header and in the body, at every endpoint that clients call', async () => {
    const client = await aMachine(server)
    const paths = ['oauth/token', 'oauth/revoke', 'oauth/introspect', 'oauth/par', 'oauth/device/code']
    for (const path of paths)
      assert.equal((await send(server, {}, { path, headers: basic(client.id, path) })).status, 401)
    for (const path of paths) {
      await assertJsonRefusal(server, await withSecret(server, client, client.secret, { path }), blocked)
      const headers = basic(client.id, client.secret)
      await assertJsonRefusal(server, await send(server, {}, { path, headers }), blocked)
    }
  })

  test('RFC 6819 §4.3.5: assertions under a guessed secret count, those that are only late do not', async () => {
    const client = await aMachine(server, { tokenEndpointAuthMethod: 'client_secret_jwt' })
    const assert_ = async (secret: string, claims: Readonly<Record<string, unknown>> = {}) => {
      const by = { alg: 'HS256', kid: '', privateKey: new TextEncoder().encode(secret) }
      const jwt = await signedBy(by, { ...assertionClaims(server, client.id), ...claims }, { kid: undefined })
      return send(server, { client_assertion: jwt, client_assertion_type: jwtBearer })
    }
    for (const _ of Array(10)) await assert_(client.secret, { exp: server.now() - 1 })
    await granted(await assert_(client.secret))
    for (const _ of Array(5)) await assert_(`a guess that is long enough for the algorithm`)
    await assertJsonRefusal(server, await assert_(client.secret), blocked)
  })

  test('RFC 6819 §4.3.5: what is no guess at a secret does not count', async () => {
    const client = await aMachine(server)
    for (const _ of Array(10)) await send(server, { client_id: client.id })
    for (const _ of Array(10)) await withSecret(server, client, client.secret, { path: 'oauth/device/code' })
    await granted(await withSecret(server, client))
  })

  test('RFC 6819 §4.3.5: the operator learns of it once', async () => {
    const client = await aMachine(server)
    await guess(server, client, 20)
    const warnings = server.log.filter(
      ({ event, fields }) => event === 'client_auth.guessed' && fields.client_id === client.id,
    )
    assert.equal(warnings.length, 1)
  })
})

test('RFC 6819 §5.1.4.2.3: another process learns of it with the first guess that it sees', async () => {
  const masterKey = Buffer.alloc(32, 7).toString('base64url')
  const first = await startTestServer({ settings: { ...settings, masterKey } })
  const second = await startTestServer({ settings: { ...settings, masterKey }, store: first.store })
  try {
    await first.anApi()
    const client = await aMachine(first)
    await guess(first, client, 5)
    await granted(await withSecret(second, client))
    assert.deepEqual(await guess(second, client, 1), [401])
    await assertJsonRefusal(second, await withSecret(second, client), blocked)
  } finally {
    await first.close()
  }
})

test('a client that authenticates costs the counters nothing', async () => {
  const server = await startTestServer({ settings })
  try {
    await server.anApi()
    const client = await aMachine(server)
    const { forTenant } = server.store
    let hits = 0
    Object.assign(server.store, {
      forTenant: (...given: Parameters<typeof forTenant>) => {
        const store = forTenant(...given)
        const hit: typeof store.counters.hit = (...counted) => {
          hits += 1
          return store.counters.hit(...counted)
        }
        return { ...store, counters: { ...store.counters, hit } }
      },
    })
    await withSecret(server, client, 'guess')
    assert.equal(hits, 1)
    for (const _ of Array(10)) await granted(await withSecret(server, client))
    assert.equal(hits, 1)
  } finally {
    await server.close()
  }
})
