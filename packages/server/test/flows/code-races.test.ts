import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TestServer } from '../../src/testkit/testkit.ts'
import { codeFor, type Given, granted, redeem, refresh, userInfo } from '../rfc/requests.ts'
import { onEveryEngine } from './engines.ts'

/** Redeems one code fifty times at once; answers what the first use got. */
async function raceFor(server: TestServer, given: Given) {
  const client = await server.aClient()
  const user = await server.aUser({ email: `${client.id}@example.com` })
  const code = await codeFor(server, { client, user }, given)
  const responses = await Promise.all(Array.from({ length: 50 }, () => redeem(server, client, code)))
  const [first, ...others] = responses.filter(({ ok }) => ok)
  assert.ok(first)
  assert.equal(others.length, 0, 'one use succeeds')
  for (const response of responses) {
    if (response === first) continue
    assert.equal(response.status, 400)
    assert.equal(((await response.json()) as { error: string }).error, 'invalid_grant')
  }
  assert.equal(server.lastRefusal(), 'code.replayed')
  return { client, tokens: await granted(first) }
}

onEveryEngine((running) => {
  test('RFC 6749 §4.1.2: of 50 redemptions of a code one succeeds and is revoked, opaque access token', async () => {
    const server = running()
    const { client, tokens } = await raceFor(server, { scope: 'openid offline_access' })
    assert.equal((await userInfo(server, tokens.access_token ?? '')).status, 401)
    assert.equal(server.lastRefusal(), 'userinfo.invalid_token')
    assert.equal((await refresh(server, client, tokens.refresh_token)).status, 400)
    assert.equal(server.lastRefusal(), 'refresh.unknown')
  })

  test('RFC 6749 §4.1.2: of 50 redemptions of a code one succeeds and is revoked, JWT access token', async () => {
    const server = running()
    const api = await server.anApi()
    const given = { scope: 'openid offline_access read:contacts', audience: api.identifier }
    const { client, tokens } = await raceFor(server, given)
    assert.equal(tokens.access_token?.split('.').length, 3)
    assert.equal((await userInfo(server, tokens.access_token ?? '')).status, 401)
    assert.equal(server.lastRefusal(), 'userinfo.invalid_token')
    assert.equal((await refresh(server, client, tokens.refresh_token)).status, 400)
    assert.equal(server.lastRefusal(), 'refresh.unknown')
  })

  test('RFC 6749 §4.1.3: 50 redemptions without proof among which one has it: that one succeeds', async () => {
    const server = running()
    const client = await server.aClient()
    const user = await server.aUser({ email: `${client.id}@example.com` })
    const code = await codeFor(server, { client, user })
    const responses = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        redeem(server, client, code, index === 25 ? {} : { code_verifier: 'a'.repeat(43) }),
      ),
    )
    assert.deepEqual(
      responses.flatMap(({ ok }, index) => (ok ? [index] : [])),
      [25],
    )
    const { access_token = '' } = await granted(responses[25] ?? Response.error())
    assert.equal((await userInfo(server, access_token)).status, 200)
  })
})
