import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { Client } from '../../src/domain/client.ts'
import { startTestServer, type TestBrowser, type TestClient } from '../../src/testkit/testkit.ts'
import {
  answerOf,
  authorizationUrl,
  claimsOf,
  type Given,
  granted,
  json,
  pageOf,
  redeem,
  refresh,
  rowsOf,
  throughPages,
  userInfo,
} from '../rfc/requests.ts'

const server = await startTestServer()
after(() => server.close())
const user = await server.aUser()
const skips = await server.anApi({ identifier: 'https://skips.test/' })
const asks = await server.anApi({
  identifier: 'https://asks.test/',
  name: 'Asking API',
  skipConsentForVerifiableFirstPartyClients: false,
})
const home = await server.aClient()

/** A browser with a session, and no consent of any client but `home`. */
async function loggedIn(): Promise<TestBrowser> {
  const browser = server.browser()
  await throughPages(server, { client: home, user, browser })
  return browser
}

async function firstPage(client: TestClient, given: Given): Promise<string | undefined> {
  const browser = await loggedIn()
  const silent = answerOf(await browser.open(authorizationUrl(server, client, { ...given, prompt: 'none' })))
  const page = pageOf(await browser.open(authorizationUrl(server, client, given)))
  const isAsked = page === '/u/consent'
  assert.equal(silent.get('error'), isAsked ? 'consent_required' : null, 'prompt=none agrees')
  return page
}

async function thirdParty(given: Partial<Client> = {}): Promise<TestClient> {
  const client = await server.aClient({ isFirstParty: false, ...given })
  for (const audience of [skips.identifier, asks.identifier])
    await server.aClientGrant({
      clientId: client.id,
      audience,
      scope: [],
      allowAllScopes: true,
      subjectType: 'user',
    })
  return client
}

test('OIDC Core §3.1.2.4: who is asked for consent, as with Auth0', async (t) => {
  const verifiable = { redirectUris: ['https://app.test/callback'] }
  const rows: readonly {
    readonly name: string
    readonly client: Partial<Client>
    readonly given: Given
    readonly asked: boolean
  }[] = [
    {
      name: 'first party, no API',
      client: verifiable,
      given: { scope: 'openid profile email' },
      asked: false,
    },
    {
      name: 'first party, no API, callback on localhost',
      client: { redirectUris: ['http://localhost:3000/cb'] },
      given: {},
      asked: false,
    },
    {
      name: 'first party, API that skips',
      client: verifiable,
      given: { audience: skips.identifier, scope: 'openid read:contacts' },
      asked: false,
    },
    {
      name: 'first party, API that skips, callback on localhost',
      client: { redirectUris: ['http://localhost:3000/cb'] },
      given: { audience: skips.identifier, scope: 'openid read:contacts' },
      asked: true,
    },
    {
      name: 'first party, API that skips, callback on a loopback address',
      client: { redirectUris: ['http://127.0.0.1:3000/cb'] },
      given: { audience: skips.identifier, scope: 'openid read:contacts' },
      asked: true,
    },
    {
      name: 'first party, API that skips, callback on https://localhost',
      client: { redirectUris: ['https://localhost/cb'] },
      given: { audience: skips.identifier, scope: 'openid read:contacts' },
      asked: true,
    },
    {
      name: 'first party, API that skips, callback on a name below localhost (RFC 6761 §6.3)',
      client: { redirectUris: ['https://app.localhost/cb'] },
      given: { audience: skips.identifier, scope: 'openid read:contacts' },
      asked: true,
    },
    {
      name: 'first party, API that skips, callback on a private scheme',
      client: { redirectUris: ['com.example.app:/cb'], applicationType: 'native' },
      given: { audience: skips.identifier, scope: 'openid read:contacts' },
      asked: true,
    },
    {
      name: 'first party, API that asks',
      client: verifiable,
      given: { audience: asks.identifier, scope: 'openid read:contacts' },
      asked: true,
    },
    {
      name: 'first party, API that asks, none of its scopes',
      client: verifiable,
      given: { audience: asks.identifier, scope: 'openid profile' },
      asked: false,
    },
    {
      name: 'first party, no API, prompt=consent',
      client: verifiable,
      given: { prompt: 'consent' },
      asked: true,
    },
  ]
  for (const { name, client, given, asked } of rows) {
    await t.test(name, async () => {
      const made = await server.aClient(client)
      if (given.prompt === undefined) {
        assert.equal(await firstPage(made, given), asked ? '/u/consent' : undefined)
      } else {
        const browser = await loggedIn()
        assert.equal(pageOf(await browser.open(authorizationUrl(server, made, given))), '/u/consent')
      }
    })
  }
  await t.test('third party, no API', async () => {
    assert.equal(await firstPage(await thirdParty(), { scope: 'openid' }), '/u/consent')
  })
  await t.test('third party, API that skips', async () => {
    const given = { audience: skips.identifier, scope: 'openid read:contacts' }
    assert.equal(await firstPage(await thirdParty(), given), '/u/consent')
  })
})

test('RFC 6749 §3.3: what was ticked is what the token carries, and its refresh', async () => {
  const client = await thirdParty()
  const browser = await loggedIn()
  const scope = 'openid email offline_access read:contacts create:contacts'
  const page = await browser.open(authorizationUrl(server, client, { scope, audience: asks.identifier }))
  const answer = answerOf(await browser.allow(page, ['read:contacts', 'offline_access']))
  const tokens = await granted(await redeem(server, client, answer.get('code') ?? ''))
  assert.equal(tokens.scope, 'openid offline_access read:contacts')
  assert.equal(claimsOf(tokens.access_token).scope, tokens.scope)
  assert.equal('email' in claimsOf(tokens.id_token), false)
  assert.equal('email' in (await json(await userInfo(server, tokens.access_token ?? ''))), false)
  const wider = await granted(await refresh(server, client, tokens.refresh_token, { scope }))
  assert.equal(wider.scope, tokens.scope)
})

test('RFC 6749 §3.3: openid cannot be left out, and more than was asked cannot be added', async () => {
  const client = await thirdParty()
  const browser = await loggedIn()
  const page = await browser.open(
    authorizationUrl(server, client, { scope: 'openid read:contacts', audience: asks.identifier }),
  )
  const shown = await browser.submit(page, { scope: ['create:contacts', 'email', 'admin'], action: 'accept' })
  const tokens = await granted(await redeem(server, client, answerOf(shown).get('code') ?? ''))
  assert.equal(tokens.scope, 'openid')
})

test('RFC 6749 §3.3: offline_access that was left out gives no refresh token', async () => {
  const client = await thirdParty()
  const browser = await loggedIn()
  const page = await browser.open(authorizationUrl(server, client, { scope: 'openid offline_access' }))
  const answer = answerOf(await browser.allow(page, []))
  assert.equal(
    'refresh_token' in (await granted(await redeem(server, client, answer.get('code') ?? ''))),
    false,
  )
})

test('OIDC Core §3.1.2.4: consent is remembered, what was left out stays out', async () => {
  const client = await thirdParty()
  const browser = await loggedIn()
  const given = { scope: 'openid read:contacts create:contacts', audience: asks.identifier }
  await browser.allow(await browser.open(authorizationUrl(server, client, given)), ['read:contacts'])
  const again = answerOf(await browser.open(authorizationUrl(server, client, { ...given, prompt: 'none' })))
  const tokens = await granted(await redeem(server, client, again.get('code') ?? ''))
  assert.equal(tokens.scope, 'openid read:contacts')
})

test('OIDC Core §3.1.2.4: scopes that were never asked about are asked about', async () => {
  const client = await thirdParty()
  const browser = await loggedIn()
  await browser.allow(await browser.open(authorizationUrl(server, client, { scope: 'openid email' })))
  const fewer = await browser.open(authorizationUrl(server, client, { scope: 'openid' }))
  assert.ok(answerOf(fewer).has('code'))
  const more = await browser.open(authorizationUrl(server, client, { scope: 'openid email profile' }))
  assert.equal(pageOf(more), '/u/consent')
})

test('OIDC Core §3.1.2.4: consent is for one user, one client and one audience', async (t) => {
  const client = await thirdParty()
  const browser = await loggedIn()
  const given = { scope: 'openid read:contacts', audience: asks.identifier }
  await browser.allow(await browser.open(authorizationUrl(server, client, given)))
  await t.test('another audience', async () => {
    const other = { ...given, audience: skips.identifier }
    assert.equal(pageOf(await browser.open(authorizationUrl(server, client, other))), '/u/consent')
  })
  await t.test('another client', async () => {
    const other = await thirdParty()
    assert.equal(pageOf(await browser.open(authorizationUrl(server, other, given))), '/u/consent')
  })
  await t.test('another user', async () => {
    const bob = await server.aUser({ email: 'bob@example.com' })
    const theirs = server.browser()
    const login = await theirs.open(authorizationUrl(server, client, given))
    assert.equal(pageOf(await theirs.logIn(login, bob)), '/u/consent')
  })
})

test('OIDC Core §3.1.2.4: a consent that was taken back is asked for again', async () => {
  const client = await thirdParty()
  const browser = await loggedIn()
  await browser.allow(await browser.open(authorizationUrl(server, client)))
  await rowsOf(server).consents.delete(user.id, client.id, '')
  assert.equal(pageOf(await browser.open(authorizationUrl(server, client))), '/u/consent')
})

test('OIDC Core §3.1.2.4: a decline is remembered nowhere', async () => {
  const client = await thirdParty()
  const browser = await loggedIn()
  const shown = await browser.decline(await browser.open(authorizationUrl(server, client)))
  assert.equal(answerOf(shown).get('error'), 'access_denied')
  assert.equal(await rowsOf(server).consents.find(user.id, client.id, ''), undefined)
  assert.equal(pageOf(await browser.open(authorizationUrl(server, client))), '/u/consent')
})

test('OIDC Core §3.1.2.4: prompt=consent can take back what was allowed before', async () => {
  const client = await thirdParty()
  const browser = await loggedIn()
  const given = { scope: 'openid email' }
  await browser.allow(await browser.open(authorizationUrl(server, client, given)))
  const page = await browser.open(authorizationUrl(server, client, { ...given, prompt: 'consent' }))
  await browser.allow(page, [])
  const answer = answerOf(await browser.open(authorizationUrl(server, client, given)))
  assert.equal((await granted(await redeem(server, client, answer.get('code') ?? ''))).scope, 'openid')
})

test('RFC 6749 §10.2: the page names the client, the API, each scope in words, and where the answer goes', async () => {
  const client = await thirdParty({ name: 'Nosy <b>App</b>' })
  const browser = await loggedIn()
  const given = { scope: 'openid read:contacts', audience: asks.identifier }
  const { html } = await browser.open(authorizationUrl(server, client, given))
  for (const text of ['Nosy &lt;b&gt;App', 'Asking API', 'May read contacts', 'read:contacts', 'app.test'])
    assert.ok(html.includes(text), text)
  assert.ok(!html.includes('<b>App'))
})

test('OIDC Core §3.1.2.4: another account can be chosen, and the first session ends', async () => {
  const client = await thirdParty()
  const carol = await server.aUser({ email: 'carol@example.com' })
  const browser = await loggedIn()
  const page = await browser.open(authorizationUrl(server, client))
  const login = await browser.submit(page, { action: 'switch_account' })
  assert.equal(pageOf(login), '/u/login')
  const consent = await browser.logIn(login, carol)
  const answer = answerOf(await browser.allow(consent))
  const tokens = await granted(await redeem(server, client, answer.get('code') ?? ''))
  assert.equal(claimsOf(tokens.id_token).sub, carol.id)
})
