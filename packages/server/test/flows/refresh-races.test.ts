import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TestServer } from '../../src/testkit/testkit.ts'
import { granted, refresh, userInfo } from '../rfc/requests.ts'
import { onEveryEngine } from './engines.ts'

async function raceWith(server: TestServer, leewaySeconds: number) {
  const refreshToken = { rotating: true, leewaySeconds, lifetimeSeconds: 100_000 }
  const client = await server.aClient({ refreshToken })
  const user = await server.aUser({ email: `${client.id}@example.com` })
  const first = await server.signIn({ client, user, scope: 'openid offline_access' })
  const rotate = () => refresh(server, client, first.refresh_token)
  const responses = await Promise.all(Array.from({ length: 50 }, rotate))
  return { client, succeeded: responses.filter(({ ok }) => ok), refused: responses.filter(({ ok }) => !ok) }
}

onEveryEngine((running) => {
  test('RFC 9700 §4.14.2: of 50 rotations without a leeway one succeeds, and the family is revoked', async () => {
    const server = running()
    const { client, succeeded, refused } = await raceWith(server, 0)
    assert.deepEqual([succeeded.length, refused.length], [1, 49])
    for (const response of refused) {
      assert.equal(response.status, 400)
      assert.equal(((await response.json()) as { error: string }).error, 'invalid_grant')
    }
    const tokens = await granted(succeeded[0] ?? Response.error())
    assert.equal((await refresh(server, client, tokens.refresh_token)).status, 400)
    assert.equal(server.lastRefusal(), 'refresh.unknown')
    assert.equal((await userInfo(server, tokens.access_token ?? '')).status, 401)
  })

  test('RFC 9700 §4.14.2: 50 rotations within the leeway all get the same successor, which lives', async () => {
    const server = running()
    const { client, succeeded } = await raceWith(server, 60)
    assert.equal(succeeded.length, 50)
    const tokens = await Promise.all(succeeded.map(granted))
    const successors = new Set(tokens.map(({ refresh_token }) => refresh_token))
    assert.equal(successors.size, 1)
    assert.equal(new Set(tokens.map(({ access_token }) => access_token)).size, 50)
    const [successor] = successors
    const next = await granted(await refresh(server, client, successor))
    assert.notEqual(next.refresh_token, successor)
  })

  test('RFC 6749 §6: 50 uses of a token that does not rotate all succeed', async () => {
    const server = running()
    const client = await server.aClient({
      refreshToken: { rotating: false, leewaySeconds: 0, idleLifetimeSeconds: 1000 },
    })
    const user = await server.aUser({ email: `${client.id}@example.com` })
    const first = await server.signIn({ client, user, scope: 'openid offline_access' })
    const use = () => refresh(server, client, first.refresh_token)
    const responses = await Promise.all(Array.from({ length: 50 }, use))
    assert.ok(responses.every(({ ok }) => ok))
  })
})
