import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { User } from '../../src/domain/user.ts'
import { startTestServer, type TestUser } from '../../src/testkit/testkit.ts'
import {
  answerOf,
  assertJsonRefusal,
  authorizationUrl,
  codeFor,
  granted,
  pageOf,
  redeem,
  refresh,
  rowsOf,
  throughPages,
  userInfo,
} from '../rfc/requests.ts'

const server = await startTestServer()
after(() => server.close())
let people = 0

function aPerson(): Promise<TestUser> {
  people += 1
  return server.aUser({ email: `person-${people}@example.com` })
}

async function change(id: User['id'], changes: Partial<User>): Promise<void> {
  const stored = await rowsOf(server).users.find(id)
  assert.ok(stored)
  await rowsOf(server).users.update({ ...stored, ...changes })
}

test('RFC 6749 §5.2: a user who was blocked gets no tokens for a code', async () => {
  const [client, user] = [await server.aClient(), await aPerson()]
  const code = await codeFor(server, { client, user })
  await change(user.id, { blocked: true })
  await assertJsonRefusal(server, await redeem(server, client, code), {
    error: 'invalid_grant',
    rule: 'user.blocked',
  })
})

test('RFC 6749 §4.1.2: a code that the policy of its API refuses by now is not used up', async () => {
  const [client, user, api] = [await server.aClient(), await aPerson(), await server.anApi()]
  const code = await codeFor(
    server,
    { client, user },
    { audience: api.identifier, scope: 'openid read:contacts' },
  )
  const { resourceServers } = rowsOf(server)
  const policy = async (user: 'allow_all' | 'deny_all') => {
    const stored = await resourceServers.findByIdentifier(api.identifier)
    assert.ok(stored)
    await resourceServers.update({
      ...stored,
      subjectTypeAuthorization: { ...stored.subjectTypeAuthorization, user },
    })
  }
  await policy('deny_all')
  await assertJsonRefusal(server, await redeem(server, client, code), {
    error: 'unauthorized_client',
    rule: 'target.client_not_authorized',
  })
  await policy('allow_all')
  await granted(await redeem(server, client, code))
  await assertJsonRefusal(server, await redeem(server, client, code), {
    error: 'invalid_grant',
    rule: 'code.replayed',
  })
})

test('RFC 6749 §5.2: a user who was deleted gets no tokens for a code', async () => {
  const [client, user] = [await server.aClient(), await aPerson()]
  const code = await codeFor(server, { client, user })
  await rowsOf(server).users.delete(user.id)
  await assertJsonRefusal(server, await redeem(server, client, code), {
    error: 'invalid_grant',
    rule: 'user.gone',
  })
})

test('RFC 6749 §6: a user who was blocked gets no new access token, as Auth0 words it', async () => {
  const [client, user] = [await server.aClient(), await aPerson()]
  const { refresh_token } = await server.signIn({ client, user, scope: 'openid offline_access' })
  await change(user.id, { blocked: true })
  const response = await refresh(server, client, refresh_token)
  const { error_description } = (await response.clone().json()) as { error_description: string }
  assert.equal(error_description, 'user is blocked')
  await assertJsonRefusal(server, response, { error: 'invalid_grant', rule: 'user.blocked' })
})

test('RFC 6749 §6: the refresh tokens of a deleted user end', async () => {
  const [client, user] = [await server.aClient(), await aPerson()]
  const { refresh_token } = await server.signIn({ client, user, scope: 'openid offline_access' })
  await rowsOf(server).users.delete(user.id)
  assert.equal((await refresh(server, client, refresh_token)).status, 400)
})

test('RFC 6749 §5.2: the code and the tokens of a deleted client are worth nothing', async () => {
  const [client, user] = [await server.aClient(), await aPerson()]
  const code = await codeFor(server, { client, user })
  const { refresh_token } = await server.signIn({ client, user, scope: 'openid offline_access' })
  await rowsOf(server).clients.delete(client.id)
  const refused = { status: 401, error: 'invalid_client', rule: 'client_auth.unknown_client' } as const
  await assertJsonRefusal(server, await redeem(server, client, code), refused)
  await assertJsonRefusal(server, await refresh(server, client, refresh_token), refused)
})

test('RFC 8707 §2.2: a code and a refresh token for an API that was deleted are refused', async () => {
  const [client, user] = [await server.aClient(), await aPerson()]
  const api = await server.anApi({ identifier: 'https://doomed.test/' })
  const scope = 'openid offline_access read:contacts'
  const code = await codeFor(server, { client, user }, { audience: api.identifier, scope })
  const { refresh_token } = await server.signIn({ client, user, api, scope })
  await rowsOf(server).resourceServers.delete(api.id)
  const refused = { error: 'invalid_target', rule: 'target.api_gone' } as const
  await assertJsonRefusal(server, await redeem(server, client, code), refused)
  await assertJsonRefusal(server, await refresh(server, client, refresh_token), refused)
})

test('RFC 8707 §2: an API that is deleted while its owner reads ends the request by redirect', async () => {
  const [client, user] = [await server.aClient(), await aPerson()]
  const api = await server.anApi({ identifier: 'https://vanishing.test/' })
  const browser = server.browser()
  const given = { audience: api.identifier, scope: 'openid read:contacts', prompt: 'consent' }
  const page = await browser.logIn(await browser.open(authorizationUrl(server, client, given)), user)
  assert.equal(pageOf(page), '/u/consent')
  await rowsOf(server).resourceServers.delete(api.id)
  assert.equal(answerOf(await browser.allow(page)).get('error'), 'invalid_target')
  assert.equal(server.lastRefusal(), 'target.api_gone')
})

test('RFC 6749 §4.1.2.1: a client that is deleted while its owner logs in ends the request on a page', async () => {
  const [client, user] = [await server.aClient(), await aPerson()]
  const browser = server.browser()
  const page = await browser.open(authorizationUrl(server, client))
  await rowsOf(server).clients.delete(client.id)
  const shown = await browser.logIn(page, user)
  assert.deepEqual([shown.status, shown.leftTo], [400, undefined])
})

test('RFC 6749 §4.1.2.1: a client that is deleted while its owner consents ends the request on a page', async () => {
  const [client, user] = [await server.aClient({ isFirstParty: false }), await aPerson()]
  const browser = server.browser()
  const page = await browser.logIn(await browser.open(authorizationUrl(server, client)), user)
  await rowsOf(server).clients.delete(client.id)
  const shown = await browser.allow(page)
  assert.deepEqual([shown.status, shown.leftTo], [400, undefined])
})

test('OIDC Core §3.1.2.3: a user who is deleted while consenting has to log in', async () => {
  const [client, user] = [await server.aClient({ isFirstParty: false }), await aPerson()]
  const browser = server.browser()
  const page = await browser.logIn(await browser.open(authorizationUrl(server, client)), user)
  await rowsOf(server).users.delete(user.id)
  assert.equal(pageOf(await browser.allow(page)), '/u/login')
})

test('OIDC Core §3.1.2.6: a user who is blocked while consenting is refused by redirect', async () => {
  const [client, user] = [await server.aClient({ isFirstParty: false }), await aPerson()]
  const browser = server.browser()
  const page = await browser.logIn(await browser.open(authorizationUrl(server, client)), user)
  await change(user.id, { blocked: true })
  assert.equal(answerOf(await browser.allow(page)).get('error'), 'unauthorized')
  assert.equal(server.lastRefusal(), 'authorize.user_blocked')
})

test('RFC 6749 §5.2: a client that lost its grant type may not use what it has', async () => {
  const [client, user] = [await server.aClient(), await aPerson()]
  const { refresh_token } = await server.signIn({ client, user, scope: 'openid offline_access' })
  await rowsOf(server).clients.update({ ...client, grantTypes: ['authorization_code'] })
  await assertJsonRefusal(server, await refresh(server, client, refresh_token), {
    error: 'unauthorized_client',
    rule: 'token.grant_type_not_allowed',
  })
})

test('RFC 6749 §2.3.1: a secret that was replaced no longer works, while both are in force both do', async () => {
  // A secret is sealed for its client, so that the same one is made twice.
  const one = await server.aClient()
  await rowsOf(server).clients.delete(one.id)
  const two = await server.aClient({ id: one.id })
  await rowsOf(server).clients.update({ ...one, secrets: [...one.secrets, ...two.secrets] })
  const send = (client_secret: string) => refresh(server, one, 'x', { client_secret })
  assert.deepEqual([(await send(one.secret)).status, (await send(two.secret)).status], [400, 400])
  await rowsOf(server).clients.update({ ...one, version: 2, secrets: two.secrets })
  assert.deepEqual([(await send(one.secret)).status, (await send(two.secret)).status], [401, 400])
})

test('RFC 6749 §4.1.1: a request that was answered cannot be answered again', async () => {
  const [client, user] = [await server.aClient(), await aPerson()]
  const browser = server.browser()
  const page = await browser.open(authorizationUrl(server, client))
  assert.ok(answerOf(await browser.logIn(page, user)).has('code'))
  assert.equal((await browser.open(page.url)).status, 400)
  assert.equal((await browser.logIn(page, user)).status, 400)
})

test('OIDC Core §5.3: tokens of before go on working after a change of the user, with the new claims', async () => {
  const [client, user] = [await server.aClient(), await aPerson()]
  await throughPages(server, { client, user })
  const { access_token } = await server.signIn({ client, user, scope: 'openid email' })
  await change(user.id, { email: 'renamed@example.com', emailVerified: false })
  const claims = (await (await userInfo(server, access_token)).json()) as Record<string, unknown>
  assert.deepEqual([claims.email, claims.email_verified], ['renamed@example.com', false])
})
