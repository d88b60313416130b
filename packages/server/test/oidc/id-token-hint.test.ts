import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startTestServer, type TestBrowser, type TestUser } from '../../src/testkit/testkit.ts'
import {
  answerOf,
  assertRedirectRefusal,
  authorizationUrl,
  authorize,
  claimsOf,
  type Given,
  pageOf,
  throughPages,
} from '../rfc/requests.ts'
import { forged, unsigned, withPayload } from './forged.ts'

const server = await startTestServer()
after(() => server.close())
const client = await server.aClient({ grantTypes: ['authorization_code', 'implicit'] })
const ada = await server.aUser()
const grace = await server.aUser({ email: 'grace@example.com' })

let browser: TestBrowser
let hint = ''

/** The ID token of a login. */
async function idTokenOf(user: TestUser, asking = client, as = server.browser()): Promise<string> {
  const given = { response_type: 'id_token', nonce: 'n' }
  return (
    answerOf(await throughPages(server, { client: asking, user, browser: as }, given)).get('id_token') ?? ''
  )
}

before(async () => {
  browser = server.browser()
  hint = await idTokenOf(ada, client, browser)
})

async function silent(given: Given): Promise<string | null> {
  const shown = await browser.open(authorizationUrl(server, client, { prompt: 'none', ...given }))
  return answerOf(shown).get('error')
}

test('OpenID Connect Core §3.1.2.1: id_token_hint of whoever is logged in succeeds silently', async () => {
  assert.equal(await silent({ id_token_hint: hint }), null)
})

test('OpenID Connect Core §3.1.2.1: id_token_hint may have ended long ago', async () => {
  const short = await server.aClient({
    grantTypes: ['implicit'],
    idToken: { signingAlgorithm: 'RS256', lifetimeSeconds: 1 },
  })
  const ended = await idTokenOf(ada, short, browser)
  server.advance('10s')
  const url = authorizationUrl(server, short, {
    prompt: 'none',
    response_type: 'token',
    id_token_hint: ended,
  })
  assert.ok(answerOf(await browser.open(url)).get('access_token'))
})

test('OpenID Connect Core §3.1.2.1: id_token_hint of another user is login_required', async () => {
  assert.equal(await silent({ id_token_hint: await idTokenOf(grace) }), 'login_required')
  assert.equal(server.lastRefusal(), 'authorize.login_required')
})

test('OpenID Connect Core §3.1.2.1: without prompt=none the wrong user is asked to log in, until the right one does', async () => {
  const own = server.browser()
  await idTokenOf(ada, client, own)
  const url = authorizationUrl(server, client, { id_token_hint: await idTokenOf(grace) })
  const login = await own.open(url)
  assert.equal(pageOf(login), '/u/login')
  assert.match(login.html, /expects another account/)
  assert.doesNotMatch(login.html, /grace@example|ada@example/, 'whom the hint names is not shown')
  const again = await own.logIn(login, ada)
  assert.equal(pageOf(again), '/u/login')
  assert.match(again.html, /expects another account/)
  assert.ok(answerOf(await own.logIn(again, grace)).get('code'))
})

test('OpenID Connect Core §3.1.2.1: whom no hint excludes is asked to log in again without a word about accounts', async () => {
  const own = server.browser()
  await idTokenOf(ada, client, own)
  const given = { prompt: 'login', id_token_hint: await idTokenOf(ada) }
  const login = await own.open(authorizationUrl(server, client, given))
  assert.equal(pageOf(login), '/u/login')
  assert.doesNotMatch(login.html, /another account/)
})

const broken: readonly { readonly name: string; make(): string | Promise<string> }[] = [
  { name: 'no JWT', make: () => 'hello' },
  { name: 'alg none', make: () => unsigned(hint) },
  { name: 'another payload', make: () => withPayload(hint, { sub: grace.id }) },
  { name: 'a key of somebody else', make: () => forged(hint) },
  {
    name: 'an access token',
    async make() {
      const api = await server.anApi()
      const given = { response_type: 'token', audience: api.identifier }
      return answerOf(await throughPages(server, { client, user: ada }, given)).get('access_token') ?? ''
    },
  },
  {
    name: 'an ID token of another client',
    make: async () => idTokenOf(ada, await server.aClient({ grantTypes: ['implicit'] })),
  },
]

for (const { name, make } of broken) {
  test(`OpenID Connect Core §3.1.2.1: id_token_hint that is ${name} is refused`, async () => {
    const response = await authorize(server, client, { id_token_hint: await make() })
    assertRedirectRefusal(server, response, {
      error: 'invalid_request',
      rule: 'authorize.id_token_hint_invalid',
    })
  })
}

test('OpenID Connect Core §8.1: a pairwise sub differs by sector, and is the same within one', async () => {
  const subOf = async (given: Parameters<typeof server.aClient>[0]) => {
    const asking = await server.aClient({ grantTypes: ['implicit'], pairwise: {}, ...given })
    return claimsOf(await idTokenOf(ada, asking)).sub
  }
  const first = await subOf({ redirectUris: ['https://one.test/a'] })
  assert.equal(await subOf({ redirectUris: ['https://one.test/b'] }), first)
  assert.equal(await subOf({ redirectUris: ['https://one.test:8443/c'] }), first, 'a port is no host')
  const sectorIdentifierUri = 'https://one.test/sector.json'
  assert.equal(
    await subOf({ redirectUris: ['https://two.test/a'], pairwise: { sectorIdentifierUri } }),
    first,
  )
  const others = [
    await subOf({ redirectUris: ['https://two.test/a'] }),
    await subOf({ redirectUris: ['com.one:/callback'] }),
    await subOf({ redirectUris: ['com.two:/callback'] }),
    ada.id,
    first,
  ]
  assert.equal(new Set(others).size, others.length)
  assert.match(String(first), /^[\x21-\x7e]{1,255}$/)
})

test('OpenID Connect Core §8.1: UserInfo, the hint and the claims parameter know the pairwise sub', async () => {
  const asking = await server.aClient({
    grantTypes: ['implicit'],
    redirectUris: ['https://pairwise.test/callback'],
    pairwise: {},
  })
  const own = server.browser()
  const given = { response_type: 'id_token token', nonce: 'n' }
  const answer = answerOf(await throughPages(server, { client: asking, user: ada, browser: own }, given))
  const { sub } = claimsOf(answer.get('id_token') ?? '')
  const headers = { authorization: `Bearer ${answer.get('access_token')}` }
  const info = await (await server.fetch(`${server.issuer}userinfo`, { headers })).json()
  assert.equal((info as { sub: string }).sub, sub)
  for (const more of [
    { id_token_hint: answer.get('id_token') ?? '' },
    { claims: JSON.stringify({ id_token: { sub: { value: sub } } }) },
  ]) {
    const url = authorizationUrl(server, asking, { ...given, ...more, prompt: 'none' })
    assert.equal(answerOf(await own.open(url)).get('error'), null)
  }
  const known = { ...given, prompt: 'none', claims: JSON.stringify({ id_token: { sub: { value: ada.id } } }) }
  assert.equal(
    answerOf(await own.open(authorizationUrl(server, asking, known))).get('error'),
    'login_required',
  )
})
