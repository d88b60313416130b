// What an owner refused, or took back, comes back by no exchange and by no assertion.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { startTestServer, type TestClient } from '../../src/testkit/testkit.ts'
import { anOwner, takeBack } from '../support/applications-page.ts'
import { clientKey, signedBy } from './client-keys.ts'
import { anExchanger, exchange, idTokenType } from './exchanges.ts'
import { assertJsonRefusal, credentials, granted, json, rowsOf, token, userInfo } from './requests.ts'

const server = await startTestServer()
after(() => server.close())
const api = await server.anApi({ skipConsentForVerifiableFirstPartyClients: false })
const audience = api.identifier
const scope = 'openid read:contacts create:contacts'
const byIdToken = { subject_token_type: idTokenType, audience }

const ofParty = (isFirstParty: boolean): Promise<TestClient> =>
  anExchanger(server, { target: api, isFirstParty })

for (const isFirstParty of [true, false]) {
  const party = isFirstParty ? "the tenant's own client" : 'a third party'
  test(`RFC 8693 §2.2.2: what the owner left out comes back by no exchange, for ${party}`, async (t) => {
    const client = await ofParty(isFirstParty)
    const owner = await anOwner(server, `leaves${isFirstParty}@example.com`)
    const allow = ['openid', 'read:contacts']
    const { id_token } = await server.signIn({ ...owner, client, api, scope, allow })
    await t.test('of an ID token', async () => {
      const answer = await granted(await exchange(server, client, id_token, byIdToken))
      assert.equal(answer.scope, 'read:contacts')
      const given = { ...byIdToken, scope: 'create:contacts' }
      await assertJsonRefusal(server, await exchange(server, client, id_token, given), {
        error: 'invalid_scope',
        rule: 'represented.scope_not_granted',
      })
    })
    await t.test('of an access token for another API', async () => {
      const other = await server.anApi({ identifier: `https://other${isFirstParty}.test/` })
      const grant = { clientId: client.id, audience: other.identifier, subjectType: 'user' } as const
      await server.aClientGrant({ ...grant, scope: ['read:contacts', 'create:contacts'] })
      const elsewhere = await server.signIn({ ...owner, client, api: other, scope })
      const answer = await granted(await exchange(server, client, elsewhere.access_token, { audience }))
      assert.equal(answer.scope, 'read:contacts')
    })
  })
}

test('RFC 8693 §2.2.2: an owner who was never asked about an API gives it to no third party', async () => {
  const client = await ofParty(false)
  const owner = await anOwner(server, 'unasked@example.com')
  const { id_token } = await server.signIn({ ...owner, client })
  const given = { ...byIdToken, scope: 'read:contacts' }
  await assertJsonRefusal(server, await exchange(server, client, id_token, given), {
    error: 'invalid_scope',
    rule: 'represented.scope_not_granted',
  })
})

test('RFC 8693 §2.1: a third party reduces its own token, without what the owner left out since', async () => {
  const client = await ofParty(false)
  const owner = await anOwner(server, 'reduces@example.com')
  const { access_token } = await server.signIn({ ...owner, client, api, scope })
  const less = await granted(await exchange(server, client, access_token, { scope: 'create:contacts' }))
  assert.equal(less.scope, 'create:contacts')
  const { consents } = rowsOf(server)
  const consent = await consents.find(owner.user.id, client.id, audience)
  assert.ok(consent)
  await consents.save({ ...consent, granted: ['read:contacts'], declined: ['create:contacts'] })
  const answer = await granted(await exchange(server, client, access_token))
  assert.equal(answer.scope, 'read:contacts')
})

test('RFC 7523 §2.1: an assertion gives nothing that the owner left out, and a third party only what the owner allowed', async (t) => {
  const key = await clientKey('ES256')
  const grantType = 'urn:ietf:params:oauth:grant-type:jwt-bearer'
  const [issuer, algorithms] = ['https://idp.test', ['ES256']]
  const trusted = { issuer, jwks: { keys: [key.publicJwk] }, algorithms, subjects: 'all' } as const
  const { user } = await anOwner(server, 'asserted@example.com')
  const rows = [
    {
      name: "the tenant's own client, unasked",
      isFirstParty: true,
      consent: undefined,
      expected: 'read:contacts create:contacts',
    },
    {
      name: "the tenant's own client",
      isFirstParty: true,
      consent: { granted: [], declined: ['create:contacts'] },
      expected: 'read:contacts',
    },
    { name: 'a third party, unasked', isFirstParty: false, consent: undefined, expected: undefined },
    {
      name: 'a third party',
      isFirstParty: false,
      consent: { granted: ['create:contacts'], declined: [] },
      expected: 'create:contacts',
    },
  ]
  for (const { name, isFirstParty, consent, expected } of rows) {
    await t.test(name, async () => {
      const client = await anExchanger(server, {
        target: api,
        isFirstParty,
        grantTypes: [grantType],
        trustedIssuers: [trusted],
      })
      const row = { userId: user.id, clientId: client.id, audience, updatedAt: server.now() }
      if (consent !== undefined) await rowsOf(server).consents.save({ ...row, ...consent })
      const [jti, exp] = [crypto.randomUUID(), server.now() + 60]
      const assertion = await signedBy(key, { iss: issuer, sub: user.id, aud: server.issuer, jti, exp })
      const request = { grant_type: grantType, ...credentials(client), assertion, audience }
      assert.equal((await granted(await token(server, request))).scope, expected)
    })
  }
})

test('RFC 7009 §2.1: an ID token of before is worth nothing once its owner took the access back', async () => {
  const client = await ofParty(false)
  const owner = await anOwner(server, 'takes-back@example.com')
  const before = await server.signIn({ ...owner, client, api, scope })
  server.advance('1s')
  await takeBack(server, owner, client.id)
  server.advance('1s')
  await assertJsonRefusal(server, await exchange(server, client, before.id_token, byIdToken), {
    error: 'invalid_request',
    rule: 'exchange.subject_token_invalid',
  })
  const again = await server.signIn({ ...owner, client, api, scope })
  const answer = await granted(await exchange(server, client, again.id_token, byIdToken))
  assert.equal(answer.scope, 'read:contacts create:contacts')
})

test('RFC 7009 §2.1: what an ID token was exchanged for ends with the access of its client', async () => {
  const client = await anExchanger(server, { target: api, of: api })
  const owner = await anOwner(server, 'ends@example.com')
  const { id_token, access_token } = await server.signIn({ ...owner, client, api, scope })
  const exchanged = await granted(await exchange(server, client, id_token, byIdToken))
  server.advance('1s')
  await takeBack(server, owner, client.id)
  assert.equal((await userInfo(server, access_token)).status, 401)
  const refused = await exchange(server, client, exchanged.access_token, { audience })
  assert.equal((await json(refused)).error, 'invalid_request')
  assert.equal(server.lastRefusal(), 'exchange.subject_token_invalid')
})
