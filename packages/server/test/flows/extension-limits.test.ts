// What an extension cannot do, however it is written: the server decides after it.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { defineGrant, newGrantId, optional, requestedApi } from '../../src/extend.ts'
import { startTestServer } from '../../src/testkit/testkit.ts'
import { claimsOf, credentials, granted, json, token } from '../rfc/requests.ts'

const grantType = 'https://example.com/grant-type/greedy'
const forUser = 'https://example.com/grant-type/greedy-for-a-user'

/** A grant that gives whatever is asked, and claims what is not its to claim. */
function greedy(type: string, subject: 'client' | 'user') {
  return defineGrant({
    grantType: type,
    clientAuth: 'any',
    params: { audience: optional() },
    rules: [],
    async decide(params, _client, call) {
      const api = await requestedApi({ audience: params.audience, resource: [] }, call)
      const [user] = (await call.store.users.list({ limit: 1 })).items
      return {
        subject:
          subject === 'user' && user
            ? { kind: 'user', user, authenticatedAt: call.now, idToken: {} }
            : { kind: 'client' },
        grantId: newGrantId(call),
        scope: ['openid', 'offline_access', 'read:contacts', 'delete:contacts', 'admin'],
        ...(api !== undefined && { api }),
        refreshToken: { kind: 'new' },
        extraClaims: { exp: 9_999_999_999, client_id: 'another', cnf: { jkt: 'forged' }, colour: 'green' },
      }
    },
  })
}

const server = await startTestServer({ extensions: [greedy(grantType, 'client'), greedy(forUser, 'user')] })
after(() => server.close())
await server.aUser()
const api = await server.anApi({
  scopes: ['read:contacts', 'delete:contacts'],
  subjectTypeAuthorization: { user: 'require_client_grant', client: 'require_client_grant' },
})
const client = await server.aClient({ grantTypes: [grantType, forUser] })

function ask(grant_type: string): Promise<Response> {
  return token(server, { grant_type, ...credentials(client), audience: api.identifier })
}

test('RFC 6749 §4.4.3: a grant cannot give a client more than its client grant, which it needs', async () => {
  const refused = await ask(grantType)
  assert.equal((await json(refused)).error, 'access_denied')
  assert.equal(server.lastRefusal(), 'client_credentials.no_client_grant')
  await server.aClientGrant({ clientId: client.id, audience: api.identifier, scope: ['read:contacts'] })
  assert.equal((await granted(await ask(grantType))).scope, 'read:contacts')
})

test('RFC 6749 §3.3: a grant cannot give a client more on behalf of users than the API allows', async () => {
  await ask(forUser)
  assert.equal(server.lastRefusal(), 'target.client_not_authorized')
  await server.aClientGrant({
    clientId: client.id,
    audience: api.identifier,
    scope: ['delete:contacts'],
    subjectType: 'user',
  })
  const tokens = await granted(await ask(forUser))
  // No refresh token either: the client does not have that grant.
  assert.equal(tokens.scope, 'openid delete:contacts')
  assert.equal(tokens.refresh_token, undefined)
})

test('RFC 9068 §2.2: a grant adds claims of its own, and replaces none that has a meaning', async () => {
  const claims = claimsOf((await granted(await ask(grantType))).access_token)
  assert.equal(claims.colour, 'green')
  assert.equal(claims.exp, server.now() + api.tokenLifetimeSeconds)
  assert.deepEqual([claims.azp, claims.client_id, claims.cnf], [client.id, undefined, undefined])
})

test('an API whose token format nobody registers gets no token, and the log says why', async () => {
  const other = await server.anApi({ identifier: 'https://other.test/', tokenFormat: 'gone' })
  await server.aClientGrant({ clientId: client.id, audience: other.identifier, scope: ['read:contacts'] })
  const response = await token(server, {
    grant_type: grantType,
    ...credentials(client),
    audience: other.identifier,
  })
  assert.equal(response.status, 500)
  assert.match(String(server.log.at(-1)?.fields.message), /registers the token format gone/)
})
