import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, before, beforeEach, test } from 'node:test'
import { type ContactsApi, startContactsApi } from '../../contacts-api/contacts-api.ts'
import { type RunningDemoApp, startDemoApp } from '../demo-app.ts'
import { type StandIn, startStandIn } from './stand-in.ts'

const audience = 'https://contacts.example/api'
const clientSecret = 'a secret: with + and % in it'

let standIn: StandIn
let api: ContactsApi
let app: RunningDemoApp

before(async () => {
  standIn = await startStandIn(audience, 'contacts-demo')
  const { issuer } = standIn
  api = await startContactsApi({ issuer, audience, port: 0 })
  app = await startDemoApp({
    issuer,
    clientId: 'contacts-demo',
    clientSecret,
    audience,
    apiUrl: api.url,
    port: 0,
  })
})

after(() => Promise.all([app.close(), api.close(), standIn.close()]))

beforeEach(() => {
  for (const name of Object.keys(standIn.behaviour))
    delete standIn.behaviour[name as keyof StandIn['behaviour']]
})

test('RFC 6749 §4.1: a login goes through the steps and ends with the name of the user', async () => {
  const browser = new Browser()
  const page = await browser.logIn(['read:contacts'])
  assert.match(page, /<h1>Hello, Ada Lovelace<\/h1>/)
  for (const step of [1, 2, 3, 4, 5]) assert.ok(page.includes(`id="step-${step}"`))
  assert.match(page, /Signature valid\..*RS256/)
})

test('RFC 7636 §4.6: the code is redeemed with the verifier of the challenge', async () => {
  const browser = new Browser()
  const request = await browser.beginLogin([])
  await browser.follow(request)
  const { form } = standIn.tokenRequests.at(-1) ?? assert.fail()
  const challenge = createHash('sha256')
    .update(form.get('code_verifier') ?? '')
    .digest('base64url')
  assert.equal(request.searchParams.get('code_challenge'), challenge)
  assert.equal(request.searchParams.get('code_challenge_method'), 'S256')
  assert.equal(form.get('redirect_uri'), request.searchParams.get('redirect_uri'))
})

test('RFC 6749 §2.3.1: client id and secret are form-encoded before they are joined', async () => {
  await new Browser().logIn([])
  const { authorization } = standIn.tokenRequests.at(-1) ?? assert.fail()
  const pair = Buffer.from(authorization.replace('Basic ', ''), 'base64').toString()
  assert.equal(pair, 'contacts-demo:a+secret%3A+with+%2B+and+%25+in+it')
})

test('no page holds a code, a token or the client secret in full', async () => {
  const browser = new Browser()
  const page = await browser.logIn(['read:contacts', 'offline_access'])
  const results = [await browser.press('/call', 'read'), await browser.press('/refresh')]
  const { form } = standIn.tokenRequests.at(-2) ?? assert.fail()
  const secrets = [form.get('code'), form.get('code_verifier'), Buffer.from(clientSecret).toString('base64')]
  for (const shown of [page, ...results]) {
    for (const secret of secrets) assert.ok(secret && !shown.includes(secret))
    assert.doesNotMatch(shown, /eyJ[\w-]{20,}\.[\w-]{20,}/, 'a whole token')
  }
})

test('RFC 6749 §10.12: an answer without a login of this browser is thrown away', async () => {
  const victim = new Browser()
  await victim.beginLogin([])
  const attacker = new Browser()
  const callback = await attacker.callbackOf(await attacker.beginLogin([]))
  const before = standIn.tokenRequests.length
  assert.match(await victim.open(callback), /belongs to no login/)
  assert.equal(standIn.tokenRequests.length, before)
})

test('RFC 6749 §10.5: an answer is used once, and a reload of it changes nothing', async () => {
  const browser = new Browser()
  const callback = await browser.callbackOf(await browser.beginLogin([]))
  await browser.open(callback)
  assert.match(await browser.open(callback), /belongs to no login/)
})

const lies: readonly (readonly [string, StandIn['behaviour'], RegExp])[] = [
  [
    'RFC 9207 §2.4: an answer of another issuer',
    { responseIssuer: 'https://evil.example/' },
    /does not come from/,
  ],
  ['RFC 9207 §2.4: an answer without its issuer', { responseIssuer: 'none' }, /does not come from/],
  [
    'OpenID Connect Core §3.1.3.7: an ID token with another nonce',
    { idToken: { nonce: 'x' } },
    /nonce does not match/,
  ],
  [
    'OpenID Connect Core §3.1.3.7: an ID token without nonce',
    { idToken: { nonce: undefined } },
    /nonce does not match/,
  ],
  [
    'OpenID Connect Core §3.1.3.7: an ID token of another issuer',
    { idToken: { iss: 'https://evil.example/' } },
    /iss/,
  ],
  ['OpenID Connect Core §3.1.3.7: an ID token for another client', { idToken: { aud: 'another' } }, /aud/],
  [
    'OpenID Connect Core §3.1.3.7: an ID token issued to another client',
    { idToken: { aud: ['contacts-demo', 'b'] } },
    /azp/,
  ],
  [
    'OpenID Connect Core §3.1.3.7: a signature with an unknown key',
    { foreignKey: true },
    /signature verification failed/,
  ],
  [
    'RFC 6749 §5.2: an error of the token endpoint',
    { tokenError: 'invalid_grant' },
    /did not answer with tokens/,
  ],
]

for (const [name, behaviour, reason] of lies) {
  test(`${name} logs nobody in`, async () => {
    Object.assign(standIn.behaviour, behaviour)
    const page = await new Browser().logIn([])
    assert.match(page, /You are not logged in/)
    assert.match(page, reason)
  })
}

test('RFC 6749 §4.1.2.1: a refusal of the owner is shown as such', async () => {
  standIn.behaviour.refuse = 'access_denied'
  const page = await new Browser().logIn(['read:contacts'])
  assert.match(page, /You declined/)
  assert.match(page, /User did not authorize the request/)
})

test('RFC 6749 §3.3: scopes that the owner left out are named', async () => {
  standIn.behaviour.grant = ['openid', 'read:contacts']
  const page = await new Browser().logIn(['read:contacts', 'delete:contacts'])
  assert.match(page, /<code>delete:contacts<\/code> not allowed/)
})

test('RFC 6750 §3.1: a call without its scope is shown as insufficient_scope', async () => {
  const browser = new Browser()
  await browser.logIn(['read:contacts'])
  const page = await browser.press('/call', 'create')
  assert.match(page, /403 insufficient_scope/)
  assert.match(page, /does not hold create:contacts/)
})

test('contacts are listed, added and deleted', async () => {
  const browser = new Browser()
  await browser.logIn(['read:contacts', 'create:contacts', 'delete:contacts'])
  assert.match(await browser.press('/call', 'read'), /Grace Hopper/)
  assert.match(await browser.press('/call', 'create'), /HTTP\/1\.1 201/)
  assert.match(await browser.press('/call', 'delete'), /HTTP\/1\.1 204/)
  assert.match(await browser.press('/call', 'delete'), /HTTP\/1\.1 404/)
})

test('OpenID Connect Core §12.2: a refresh that names another user is refused', async () => {
  const browser = new Browser()
  await browser.logIn(['offline_access'])
  standIn.behaviour.idToken = { sub: 'auth0|eve' }
  const page = await browser.press('/refresh')
  assert.match(page, /Not believed/)
  assert.match(page, /Hello, Ada Lovelace/)
})

test('RFC 6749 §5.2: a dead refresh token is not offered again', async () => {
  const browser = new Browser()
  await browser.logIn(['offline_access'])
  standIn.behaviour.tokenError = 'invalid_grant'
  const page = await browser.press('/refresh')
  assert.match(page, /not accepted any more/)
  assert.doesNotMatch(page, /id="refresh"/)
  assert.match(page, /The refresh token has ended/)
  assert.doesNotMatch(page, /No refresh token/)
})

test('UserInfo is asked with the access token', async () => {
  const browser = new Browser()
  await browser.logIn([])
  assert.match(await browser.press('/userinfo'), /HTTP\/1\.1 200/)
})

test('RP-Initiated Logout §2: logging out ends the session here and at the authorization server', async () => {
  const browser = new Browser()
  await browser.logIn([])
  assert.match(await browser.press('/logout'), /Watch OAuth at work/)
  const request = standIn.logouts.at(-1)
  assert.equal(request?.get('post_logout_redirect_uri'), `${app.url}/`)
  assert.equal(request?.get('id_token_hint')?.split('.').length, 3)
})

test('logging out when nobody is logged in asks the authorization server nothing', async () => {
  const before = standIn.logouts.length
  assert.match(await new Browser().press('/logout'), /Watch OAuth at work/)
  assert.equal(standIn.logouts.length, before)
})

test('what was not asked for is told apart from what was declined, and only a decline proposes to ask again', async () => {
  const isChecked = /id="prompt-consent" name="consent" checked/
  const unasked = await new Browser().logIn(['read:contacts'])
  assert.match(unasked, /<code>create:contacts<\/code><em>not asked for<\/em>/)
  assert.doesNotMatch(unasked, isChecked)
  standIn.behaviour.grant = ['openid', 'read:contacts']
  const declined = await new Browser().logIn(['read:contacts', 'create:contacts'])
  assert.match(declined, /<code>create:contacts<\/code><em>not allowed by you<\/em>/)
  assert.match(declined, /<code>delete:contacts<\/code><em>not asked for<\/em>/)
  assert.match(declined, isChecked)
})

test('RFC 7519 §4.1.4: times in a token are shown as the numbers that they are', async () => {
  const page = await new Browser().logIn([])
  assert.match(page, /&#34;exp&#34;: \d+,? {2}\/\/ \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC/)
})

test('the name of a session changes at login', async () => {
  const browser = new Browser()
  const request = await browser.beginLogin([])
  const before = browser.cookie
  await browser.follow(request)
  assert.notEqual(browser.cookie, before)
})

test('a form of another site does nothing', async () => {
  const response = await fetch(`${app.url}/login`, {
    method: 'POST',
    headers: { origin: 'https://evil.example' },
    redirect: 'manual',
  })
  assert.equal(response.status, 404)
})

test('a visit under another name of this computer goes to the name of the callback', async () => {
  const other = app.url.replace('localhost', '127.0.0.1')
  const response = await fetch(`${other}/callback?code=x`, { redirect: 'manual' })
  assert.equal(response.headers.get('location'), `${app.url}/callback`)
})

test('what the authorization server says is text, never markup', async () => {
  standIn.behaviour.idToken = { name: '<script>alert(1)</script>' }
  const page = await new Browser().logIn([])
  assert.doesNotMatch(page, /<script/)
})

/** Follows redirects and keeps the cookie, like a browser. */
class Browser {
  cookie = ''

  async open(url: string | URL, form?: URLSearchParams): Promise<string> {
    const response = await this.#request(url, form)
    const location = response.headers.get('location')
    return location ? this.open(new URL(location, app.url)) : response.text()
  }

  /** The authorization request that the login button leads to. */
  async beginLogin(scopes: readonly string[]): Promise<URL> {
    const form = new URLSearchParams(scopes.map((scope) => ['scope', scope]))
    const response = await this.#request(`${app.url}/login`, form)
    return new URL(response.headers.get('location') ?? '')
  }

  /** Where the authorization server sends the browser. */
  async callbackOf(request: URL): Promise<string> {
    const response = await fetch(request, { redirect: 'manual' })
    return response.headers.get('location') ?? ''
  }

  async follow(request: URL): Promise<string> {
    return this.open(await this.callbackOf(request))
  }

  async logIn(scopes: readonly string[]): Promise<string> {
    return this.follow(await this.beginLogin(scopes))
  }

  press(path: string, action = ''): Promise<string> {
    return this.open(`${app.url}${path}`, new URLSearchParams({ action }))
  }

  async #request(url: string | URL, form: URLSearchParams | undefined): Promise<Response> {
    const response = await fetch(url, {
      redirect: 'manual',
      headers: { cookie: this.cookie, ...(form && { origin: app.url }) },
      ...(form && { method: 'POST', body: form }),
    })
    const set = response.headers.get('set-cookie')
    if (set) this.cookie = set.split(';')[0] ?? ''
    return response
  }
}
