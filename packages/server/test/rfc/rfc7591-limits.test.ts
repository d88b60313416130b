// RFC 7591 §3: where everybody may register, no address may register without end.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hashed } from '../../src/domain/secrets.ts'
import type { TestServer } from '../../src/testkit/testkit.ts'
import { onEveryEngine } from '../flows/engines.ts'
import { allowRegistration, callback, openToAll } from './registrations.ts'
import { assertJsonRefusal, json } from './requests.ts'

const settings = {
  trustedProxies: 1,
  attackProtection: { registrationsPerAddress: 5, registrationWindowSeconds: 600 },
}
const tooMany = { status: 429, error: 'too_many_requests', rule: 'registration.too_many' } as const

interface From {
  readonly address: string
  readonly token?: string
  readonly metadata?: object
}

function registerFrom(server: TestServer, { address, token, metadata = {} }: From): Promise<Response> {
  return server.fetch(`${server.issuer}oidc/register`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-forwarded-for': address,
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify({ redirect_uris: [callback], ...metadata }),
  })
}

onEveryEngine((running) => {
  test('RFC 7591 §3: of registrations that come together no more than the limit are made', async () => {
    const server = running()
    await allowRegistration(server, openToAll)
    const from = { address: '192.0.2.1' }
    const answers = await Promise.all(Array.from({ length: 30 }, () => registerFrom(server, from)))
    const statuses = answers.map(({ status }) => status)
    assert.equal(statuses.filter((status) => status === 201).length, 5)
    assert.equal(statuses.filter((status) => status === 429).length, 25)
  })

  test('RFC 7591 §3: others go on, and so does the address after a while', async () => {
    const server = running()
    await allowRegistration(server, openToAll)
    const from = { address: '2001:db8:1::1' }
    const first = await json(await registerFrom(server, from))
    for (const host of [2, 3, 4, 5])
      assert.equal((await registerFrom(server, { address: `2001:db8:1::${host}` })).status, 201)
    const refused = await registerFrom(server, from)
    assert.equal(refused.headers.get('retry-after'), '600')
    assert.equal(refused.headers.get('access-control-expose-headers'), 'www-authenticate, retry-after')
    await assertJsonRefusal(server, refused, tooMany)
    assert.equal((await registerFrom(server, { address: '2001:db8:1:1::1' })).status, 201)
    const own = String(first.registration_client_uri)
    const headers = {
      authorization: `Bearer ${first.registration_access_token}`,
      'x-forwarded-for': from.address,
    }
    assert.equal((await server.fetch(own, { headers })).status, 200, 'a registration can still be managed')
    server.advance('600s')
    assert.equal((await registerFrom(server, from)).status, 201)
  })

  test('RFC 7591 §3: metadata that is refused counts as well, since checking it costs', async () => {
    const server = running()
    await allowRegistration(server, openToAll)
    const from = { address: '192.0.2.2' }
    for (const _ of Array(5))
      assert.equal((await registerFrom(server, { ...from, metadata: { redirect_uris: [] } })).status, 400)
    await assertJsonRefusal(server, await registerFrom(server, from), tooMany)
  })

  test('RFC 7591 §3: holders of an initial access token are not counted', async () => {
    const server = running()
    const token = 'an-initial-access-token-of-32-characters'
    await allowRegistration(server, { ...openToAll, initialAccessTokens: [hashed(token)] })
    const from = { address: '192.0.2.3', token }
    for (const _ of Array(8)) assert.equal((await registerFrom(server, from)).status, 201)
  })
}, settings)
