import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { startTestServer } from '../../src/testkit/testkit.ts'
import { assertRedirectRefusal, authorize, claimsOf, codeFor, granted, redeem } from './requests.ts'

const server = await startTestServer()
after(() => server.close())
const user = await server.aUser()
const client = await server.aClient()
const api = await server.anApi()

async function scopeOf(scope: string | undefined, given: Readonly<Record<string, string>> = {}) {
  const code = await codeFor(server, { client, user }, { scope, ...given })
  return granted(await redeem(server, client, code))
}

test('RFC 6749 §3.3: what was granted is in the answer and in the token', async () => {
  const tokens = await scopeOf('openid email read:contacts', { audience: api.identifier })
  assert.equal(tokens.scope, 'openid email read:contacts')
  assert.equal(claimsOf(tokens.access_token).scope, tokens.scope)
})

test('RFC 6749 §3.3: scopes that the API does not define are dropped, and the answer says so', async () => {
  const tokens = await scopeOf('openid read:contacts admin', { audience: api.identifier })
  assert.equal(tokens.scope, 'openid read:contacts')
})

test('RFC 6749 §3.3: scopes of an API need that API to be asked for', async () => {
  assert.equal((await scopeOf('openid read:contacts')).scope, 'openid')
})

test('RFC 6749 §3.3: order and repetition do not matter', async () => {
  assert.equal((await scopeOf('  email  openid email ')).scope, 'email openid')
})

test('RFC 6749 §3.3: without scope there is an access token and no ID token', async () => {
  const tokens = await scopeOf(undefined)
  assert.deepEqual(Object.keys(tokens).sort(), ['access_token', 'expires_in', 'token_type'])
})

test('RFC 6749 §3.3: scopes are compared with regard to case', async () => {
  assert.equal((await scopeOf('openid EMAIL OpenID')).scope, 'openid')
})

test('RFC 6749 §3.3: a malformed scope is refused with invalid_scope', async (t) => {
  const rows = [
    { name: 'a quotation mark', scope: 'openid "email"' },
    { name: 'a backslash', scope: 'openid a\\b' },
    { name: 'a letter beyond ASCII', scope: 'openid émail' },
    { name: 'an emoji', scope: 'openid 🗝️' },
    { name: 'a no-break space', scope: 'openid\u00a0email' },
  ]
  for (const { name, scope } of rows) {
    await t.test(name, async () => {
      assertRedirectRefusal(server, await authorize(server, client, { scope }), {
        error: 'invalid_scope',
        rule: 'scope.malformed',
      })
    })
  }
})

test('RFC 6749 §4.1.2.1: an API that denies users, or wants a client grant, refuses the client', async (t) => {
  const rows = [
    { name: 'denies all', identifier: 'https://denies.test/', policy: 'deny_all' },
    { name: 'wants a client grant', identifier: 'https://wants.test/', policy: 'require_client_grant' },
  ] as const
  for (const { name, identifier, policy } of rows) {
    await t.test(name, async () => {
      await server.anApi({ identifier, subjectTypeAuthorization: { user: policy, client: 'allow_all' } })
      const given = { audience: identifier, scope: 'openid read:contacts' }
      assertRedirectRefusal(server, await authorize(server, client, given), {
        error: 'unauthorized_client',
        rule: 'target.client_not_authorized',
      })
    })
  }
})

test('RFC 6749 §3.3: a client grant on behalf of users bounds what they can allow', async () => {
  const identifier = 'https://bounded.test/'
  await server.anApi({
    identifier,
    subjectTypeAuthorization: { user: 'require_client_grant', client: 'deny_all' },
  })
  await server.aClientGrant({
    clientId: client.id,
    audience: identifier,
    scope: ['read:contacts'],
    subjectType: 'user',
  })
  const tokens = await scopeOf('openid read:contacts create:contacts', { audience: identifier })
  assert.equal(tokens.scope, 'openid read:contacts')
})

test('RFC 6749 §4.1.2.1: a third-party client needs a client grant, also where the API allows all', async () => {
  const stranger = await server.aClient({ isFirstParty: false })
  const given = { audience: api.identifier, scope: 'read:contacts' }
  assertRedirectRefusal(server, await authorize(server, stranger, given), {
    error: 'unauthorized_client',
    rule: 'target.client_not_authorized',
  })
})
