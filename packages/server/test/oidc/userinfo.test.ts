import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { startTestServer } from '../../src/testkit/testkit.ts'
import { claimsOf, json, userInfo } from '../rfc/requests.ts'

const server = await startTestServer()
after(() => server.close())
const user = await server.aUser()
const client = await server.aClient()

async function claimsFor(scope: string): Promise<Record<string, unknown>> {
  const { access_token } = await server.signIn({ client, user, scope })
  return json(await userInfo(server, access_token))
}

test('OIDC Core §5.3.2: openid alone is sub alone', async () => {
  assert.deepEqual(await claimsFor('openid'), { sub: user.id })
})

test('OIDC Core §5.4: each scope adds its claims', async (t) => {
  const rows = [
    {
      name: 'profile',
      claims: [
        'birthdate',
        'family_name',
        'gender',
        'given_name',
        'locale',
        'middle_name',
        'name',
        'nickname',
        'picture',
        'preferred_username',
        'profile',
        'updated_at',
        'website',
        'zoneinfo',
      ],
    },
    { name: 'email', claims: ['email', 'email_verified'] },
    { name: 'phone', claims: ['phone_number', 'phone_number_verified'] },
    { name: 'address', claims: ['address'] },
  ]
  for (const { name, claims } of rows) {
    await t.test(name, async () => {
      const { sub, ...found } = await claimsFor(`openid ${name}`)
      assert.equal(sub, user.id)
      assert.deepEqual(Object.keys(found).sort(), claims)
    })
  }
})

test('OIDC Core §5.1: claims have the types of the specification', async () => {
  const claims = await claimsFor('openid profile email phone address')
  assert.equal(typeof claims.updated_at, 'number')
  assert.equal(typeof claims.email_verified, 'boolean')
  assert.equal(typeof claims.phone_number_verified, 'boolean')
  assert.match(String(claims.birthdate), /^\d{4}-\d{2}-\d{2}$/)
  assert.equal(typeof claims.address, 'object')
})

test('OIDC Core §5.3.2: sub is the one of the ID token', async () => {
  const { access_token, id_token } = await server.signIn({ client, user })
  assert.equal((await json(await userInfo(server, access_token))).sub, claimsOf(id_token).sub)
})

test('OIDC Core §5.3.2: what a user does not have is absent', async () => {
  const bare = await server.aUser({ email: 'bare@example.com', claims: {} })
  const { access_token } = await server.signIn({ client, user: bare, scope: 'openid profile address' })
  const claims = await json(await userInfo(server, access_token))
  assert.deepEqual(Object.keys(claims).sort(), ['sub', 'updated_at'])
})
