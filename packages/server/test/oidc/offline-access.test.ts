import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { Client } from '../../src/domain/client.ts'
import type { GivenApi } from '../../src/testkit/testkit.ts'
import { startTestServer } from '../../src/testkit/testkit.ts'

const server = await startTestServer()
after(() => server.close())
const user = await server.aUser()

test('OIDC Core §11: a refresh token needs offline_access, the client and the API', async (t) => {
  const rows: readonly {
    readonly name: string
    readonly scope: string
    readonly client?: Partial<Client>
    readonly api?: GivenApi
    readonly given: boolean
  }[] = [
    { name: 'all three', scope: 'openid offline_access read:contacts', api: {}, given: true },
    { name: 'without an API', scope: 'openid offline_access', given: true },
    { name: 'without openid', scope: 'offline_access', given: true },
    { name: 'not asked for', scope: 'openid read:contacts', api: {}, given: false },
    {
      name: 'an API that does not allow it',
      scope: 'openid offline_access read:contacts',
      api: { allowOfflineAccess: false },
      given: false,
    },
    {
      name: 'a client without the refresh_token grant',
      scope: 'openid offline_access',
      client: { grantTypes: ['authorization_code'] },
      given: false,
    },
  ]
  for (const [index, { name, scope, client, api, given }] of rows.entries()) {
    await t.test(name, async () => {
      const made = api && (await server.anApi({ identifier: `https://api-${index}.test/`, ...api }))
      const tokens = await server.signIn({
        client: await server.aClient(client),
        user,
        scope,
        ...(made !== undefined && { api: made }),
      })
      assert.equal('refresh_token' in tokens, given)
      assert.equal(tokens.scope?.includes('offline_access') ?? false, given, 'and the scope says so')
    })
  }
})
