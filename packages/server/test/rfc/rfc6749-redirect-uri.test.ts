import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { startTestServer } from '../../src/testkit/testkit.ts'
import { assertPageRefusal, authorize, codeFor, granted, redeem, throughPages } from './requests.ts'

const server = await startTestServer()
after(() => server.close())
const user = await server.aUser()
const client = await server.aClient({ redirectUris: ['https://app.test/callback?tenant=1'] })

test('RFC 6749 §3.1.2.4: nothing but the registered string is a redirection URI', async (t) => {
  const rows = [
    { name: 'another host', uri: 'https://evil.test/callback?tenant=1' },
    { name: 'a suffix to the host', uri: 'https://app.test.evil.test/callback?tenant=1' },
    { name: 'a prefix to the host', uri: 'https://evilapp.test/callback?tenant=1' },
    { name: 'a subdomain', uri: 'https://sub.app.test/callback?tenant=1' },
    { name: 'user information before the host', uri: 'https://app.test@evil.test/callback?tenant=1' },
    { name: 'user information on the same host', uri: 'https://evil@app.test/callback?tenant=1' },
    { name: 'a backslash as authority separator', uri: 'https://evil.test\\@app.test/callback?tenant=1' },
    { name: 'a backslash as path separator', uri: 'https://app.test\\callback?tenant=1' },
    { name: 'an encoded slash', uri: 'https://app.test%2Fcallback?tenant=1' },
    { name: 'an encoded character of the path', uri: 'https://app.test/%63allback?tenant=1' },
    { name: 'double encoding', uri: 'https%3A%2F%2Fapp.test%2Fcallback%3Ftenant%3D1' },
    { name: 'a fragment', uri: 'https://app.test/callback?tenant=1#fragment' },
    { name: 'an empty fragment', uri: 'https://app.test/callback?tenant=1#' },
    { name: 'another host in the fragment', uri: 'https://evil.test/#https://app.test/callback?tenant=1' },
    { name: 'path traversal', uri: 'https://app.test/callback/../evil?tenant=1' },
    { name: 'path traversal back to the path', uri: 'https://app.test/x/../callback?tenant=1' },
    { name: 'a longer path', uri: 'https://app.test/callback/more?tenant=1' },
    { name: 'a trailing slash', uri: 'https://app.test/callback/?tenant=1' },
    { name: 'an upper-case host', uri: 'https://APP.test/callback?tenant=1' },
    { name: 'an upper-case path', uri: 'https://app.test/Callback?tenant=1' },
    { name: 'an upper-case scheme', uri: 'HTTPS://app.test/callback?tenant=1' },
    { name: 'the default port', uri: 'https://app.test:443/callback?tenant=1' },
    { name: 'another port', uri: 'https://app.test:8443/callback?tenant=1' },
    { name: 'another scheme', uri: 'http://app.test/callback?tenant=1' },
    { name: 'no scheme', uri: '//app.test/callback?tenant=1' },
    { name: 'a script', uri: 'javascript:alert(1)//https://app.test/callback?tenant=1' },
    { name: 'data', uri: 'data:text/html,https://app.test/callback?tenant=1' },
    { name: 'no query', uri: 'https://app.test/callback' },
    { name: 'another value in the query', uri: 'https://app.test/callback?tenant=2' },
    { name: 'more in the query', uri: 'https://app.test/callback?tenant=1&x=1' },
    { name: 'a look-alike letter in the host', uri: 'https://аpp.test/callback?tenant=1' },
    { name: 'a full-width dot in the host', uri: 'https://app。test/callback?tenant=1' },
    { name: 'a dot at the end of the host', uri: 'https://app.test./callback?tenant=1' },
    { name: 'white space before it', uri: ' https://app.test/callback?tenant=1' },
    { name: 'white space after it', uri: 'https://app.test/callback?tenant=1 ' },
    { name: 'a zero-width space', uri: 'https://app.test/\u200bcallback?tenant=1' },
    { name: 'a semicolon parameter', uri: 'https://app.test/callback;x=1?tenant=1' },
    { name: 'two URIs in one', uri: 'https://app.test/callback?tenant=1 https://evil.test/' },
  ]
  for (const { name, uri } of rows) {
    await t.test(name, async () => {
      const response = await authorize(server, client, { redirect_uri: uri })
      await assertPageRefusal(server, response, 'authorize.redirect_uri_not_registered')
    })
  }
})

test('RFC 6749 §3.1.2.4: line breaks in a redirection URI never reach a header', async () => {
  const response = await authorize(server, client, {
    redirect_uri: 'https://app.test/callback?tenant=1\r\nset-cookie: a=b',
  })
  await assertPageRefusal(server, response, 'parameter.malformed')
})

test("RFC 6749 §3.1.2.4: another client's redirection URI is not this client's", async () => {
  const other = await server.aClient({ redirectUris: ['https://other.test/callback'] })
  const response = await authorize(server, client, { redirect_uri: other.redirectUris[0] })
  await assertPageRefusal(server, response, 'authorize.redirect_uri_not_registered')
})

test('RFC 6749 §3.1.2: a registered query stays, and the response is appended to it', async () => {
  const shown = await throughPages(server, { client, user })
  assert.match(
    shown.leftTo?.url.href ?? '',
    /^https:\/\/app\.test\/callback\?tenant=1&code=[\w-]{43}&session_state=/,
  )
})

test('RFC 6749 §3.1.2.3: a private scheme of a native app is compared as a string too', async () => {
  const native = await server.aClient({ applicationType: 'native', redirectUris: ['com.example.app:/cb'] })
  const shown = await throughPages(server, { client: native, user })
  assert.match(shown.leftTo?.url.href ?? '', /^com\.example\.app:\/cb\?code=/)
  const response = await authorize(server, native, { redirect_uri: 'com.example.app:/cb/' })
  await assertPageRefusal(server, response, 'authorize.redirect_uri_not_registered')
})

test('RFC 6749 §3.1.2.2: a client without redirection URIs is told so, whatever it sends', async () => {
  const none = await server.aClient({ redirectUris: [] })
  const named = await authorize(server, none, { redirect_uri: 'https://app.test/callback' })
  await assertPageRefusal(server, named, 'authorize.no_redirect_uri_registered')
  const unnamed = await authorize(server, none, { redirect_uri: undefined, scope: undefined })
  await assertPageRefusal(server, unnamed, 'authorize.no_redirect_uri_registered')
})

test('RFC 6749 §3.1.2.3: with several registered, the request has to name one', async () => {
  const several = await server.aClient({ redirectUris: ['https://a.test/cb', 'https://b.test/cb'] })
  const response = await authorize(server, several, { redirect_uri: undefined, scope: undefined })
  await assertPageRefusal(server, response, 'authorize.redirect_uri_missing')
})

test('OIDC Core §3.1.2.1: a request with openid has to name it, also where one is registered', async () => {
  const response = await authorize(server, client, { redirect_uri: undefined, scope: 'profile openid' })
  await assertPageRefusal(server, response, 'authorize.redirect_uri_missing')
})

test('RFC 6749 §3.1.2.3: the only registered one is taken where an OAuth request names none', async () => {
  const given = { redirect_uri: undefined, scope: undefined }
  const code = await codeFor(server, { client, user }, given)
  const tokens = await granted(await redeem(server, client, code, { redirect_uri: undefined }))
  assert.equal(tokens.id_token, undefined)
})

test("Auth0's wildcard stands for one label, where the client switched it on (RFC 9700 §2.1)", async (t) => {
  const wild = await server.aClient({
    redirectUris: ['https://pr-*.app.test/cb'],
    allowSubdomainWildcards: true,
  })
  await t.test('a label of letters, digits and hyphens', async () => {
    const response = await authorize(server, wild, { redirect_uri: 'https://pr-12-a.app.test/cb' })
    assert.match(response.headers.get('location') ?? '', /\/u\/login/)
  })
  const rows = [
    { name: 'two labels', uri: 'https://pr-a.b.app.test/cb' },
    { name: 'no character at all', uri: 'https://pr-.app.test/cb' },
    { name: 'another prefix', uri: 'https://xpr-1.app.test/cb' },
    { name: 'a slash', uri: 'https://pr-evil.test/.app.test/cb' },
    { name: 'a question mark', uri: 'https://pr-evil.test?.app.test/cb' },
    { name: 'a number sign', uri: 'https://pr-evil.test#.app.test/cb' },
    { name: 'an at sign', uri: 'https://pr-x@evil.app.test/cb' },
    { name: 'a backslash', uri: 'https://pr-evil.test\\.app.test/cb' },
    { name: 'a colon', uri: 'https://pr-x:1.app.test/cb' },
    { name: 'an encoded dot', uri: 'https://pr-a%2Eb.app.test/cb' },
    { name: 'a letter beyond ASCII', uri: 'https://pr-é.app.test/cb' },
    { name: 'an upper-case letter', uri: 'https://pr-A.app.test/cb' },
    { name: 'an underscore', uri: 'https://pr-a_b.app.test/cb' },
    { name: 'another scheme', uri: 'http://pr-1.app.test/cb' },
    { name: 'another path', uri: 'https://pr-1.app.test/cb2' },
    { name: 'a suffix to the host', uri: 'https://pr-1.app.test.evil.test/cb' },
    { name: 'a port', uri: 'https://pr-1.app.test:8443/cb' },
    { name: 'a query', uri: 'https://pr-1.app.test/cb?x=.app.test/cb' },
  ]
  for (const { name, uri } of rows) {
    await t.test(name, async () => {
      const response = await authorize(server, wild, { redirect_uri: uri })
      await assertPageRefusal(server, response, 'authorize.redirect_uri_not_registered')
    })
  }
})

test("Auth0's wildcard means nothing unless the client switched it on (RFC 9700 §2.1)", async () => {
  const off = await server.aClient({ redirectUris: ['https://*.app.test/cb'] })
  const response = await authorize(server, off, { redirect_uri: 'https://x.app.test/cb' })
  await assertPageRefusal(server, response, 'authorize.redirect_uri_not_registered')
})

test("Auth0's wildcard counts in the left-most label alone (RFC 9700 §2.1)", async (t) => {
  const rows = [
    { name: 'in the path', registered: 'https://app.test/*', requested: 'https://app.test/evil' },
    { name: 'in the port', registered: 'https://app.test:*/cb', requested: 'https://app.test:1/cb' },
    { name: 'in a later label', registered: 'https://a.*.test/cb', requested: 'https://a.evil.test/cb' },
    { name: 'as the whole host', registered: 'https://*/cb', requested: 'https://evil/cb' },
    { name: 'twice', registered: 'https://*.*.test/cb', requested: 'https://a.b.test/cb' },
    { name: 'in another scheme', registered: 'app://*.app.test/cb', requested: 'app://x.app.test/cb' },
  ]
  for (const { name, registered, requested } of rows) {
    await t.test(name, async () => {
      const wild = await server.aClient({ redirectUris: [registered], allowSubdomainWildcards: true })
      const response = await authorize(server, wild, { redirect_uri: requested })
      await assertPageRefusal(server, response, 'authorize.redirect_uri_not_registered')
    })
  }
})

test('RFC 6749 §3.1.2.3: a wildcard is no default where the request names no redirection URI', async () => {
  const wild = await server.aClient({
    redirectUris: ['https://*.app.test/cb'],
    allowSubdomainWildcards: true,
  })
  const response = await authorize(server, wild, { redirect_uri: undefined, scope: undefined })
  await assertPageRefusal(server, response, 'authorize.redirect_uri_missing')
})

test('RFC 3986 §2: a redirection URI that was registered beyond ASCII is answered without a failure', async () => {
  const unicode = await server.aClient({ redirectUris: ['https://app.test/受信'] })
  const shown = await throughPages(server, { client: unicode, user })
  assert.equal(shown.leftTo?.url.pathname, '/%E5%8F%97%E4%BF%A1')
})
