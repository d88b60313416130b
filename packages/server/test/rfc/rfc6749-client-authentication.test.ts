import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { startTestServer, type TestClient } from '../../src/testkit/testkit.ts'
import { assertJsonRefusal, basic, codeFor, type Given, granted, redeem, refresh, token } from './requests.ts'

const server = await startTestServer()
after(() => server.close())
const user = await server.aUser()
const api = await server.anApi()
const post = await aMachine('client_secret_post')
const header = await aMachine('client_secret_basic')
const spa = await server.aClient({ applicationType: 'spa', tokenEndpointAuthMethod: 'none' })
const request = { grant_type: 'client_credentials', audience: api.identifier }

async function aMachine(tokenEndpointAuthMethod: string): Promise<TestClient> {
  const client = await server.aClient({ tokenEndpointAuthMethod })
  await server.aClientGrant({ clientId: client.id, audience: api.identifier, scope: ['read:contacts'] })
  return client
}

test('RFC 6749 §2.3.1: client_secret_basic', async () => {
  await granted(await token(server, request, basic(header.id, header.secret)))
})

test('RFC 6749 §2.3.1: client_secret_post', async () => {
  await granted(await token(server, { ...request, client_id: post.id, client_secret: post.secret }))
})

test('RFC 6749 §2.3.1: a client with a secret may send it either way, as with Auth0', async () => {
  await granted(await token(server, request, basic(post.id, post.secret)))
  await granted(await token(server, { ...request, client_id: header.id, client_secret: header.secret }))
})

test('RFC 6749 §2.3.1: client_id in the body may repeat the one of the header', async () => {
  await granted(await token(server, { ...request, client_id: header.id }, basic(header.id, header.secret)))
})

test('RFC 7617 §2: the scheme is compared without regard to case', async () => {
  const { authorization = '' } = basic(header.id, header.secret)
  await granted(await token(server, request, { authorization: authorization.replace('Basic', 'bAsIc') }))
})

test('RFC 6749 §3.2.1: a public client names itself and proves nothing', async () => {
  const code = await codeFor(server, { client: spa, user })
  await granted(await redeem(server, spa, code))
})

test('RFC 6749 §2.3.1: a wrong secret is invalid_client', async (t) => {
  const rows = [
    { name: 'another one', secret: 'wrong' },
    { name: 'one character less', secret: post.secret.slice(0, -1) },
    { name: 'one character more', secret: `${post.secret}x` },
    { name: "another client's", secret: header.secret },
    { name: 'another case', secret: post.secret.toUpperCase() },
  ]
  const wrong = { status: 401, error: 'invalid_client', rule: 'client_auth.wrong_proof' } as const
  for (const { name, secret } of rows) {
    await t.test(name, async () => {
      const inBody = await token(server, { ...request, client_id: post.id, client_secret: secret })
      assert.equal(inBody.headers.get('www-authenticate'), null)
      await assertJsonRefusal(server, inBody, wrong)
      const inHeader = await token(server, request, basic(post.id, secret))
      assert.match(inHeader.headers.get('www-authenticate') ?? '', /^Basic realm="/)
      await assertJsonRefusal(server, inHeader, wrong)
    })
  }
})

test('RFC 6749 §5.2: an unknown client looks like a wrong secret', async () => {
  const unknown = await token(server, { ...request, client_id: 'nobody', client_secret: 'x' })
  const wrong = await token(server, { ...request, client_id: post.id, client_secret: 'x' })
  assert.equal(await unknown.clone().text(), await wrong.text())
  const again = await token(server, { ...request, client_id: 'nobody', client_secret: 'x' })
  await assertJsonRefusal(server, again, {
    status: 401,
    error: 'invalid_client',
    rule: 'client_auth.unknown_client',
  })
})

test('RFC 6749 §5.2: a request without any client is invalid_client', async () => {
  await assertJsonRefusal(server, await token(server, request), {
    status: 401,
    error: 'invalid_client',
    rule: 'client_auth.missing',
  })
})

test('RFC 6749 §5.2: a secret without a client names nobody', async () => {
  const response = await token(server, { ...request, client_secret: post.secret })
  assert.equal(response.status, 401)
  assert.equal(server.lastRefusal(), 'client_auth.unknown_client')
})

test('RFC 6749 §2.3: a client that registered a secret must not come without it', async () => {
  const response = await token(server, { ...request, client_id: post.id })
  await assertJsonRefusal(server, response, {
    status: 401,
    error: 'invalid_client',
    rule: 'client_auth.wrong_method',
  })
})

test('RFC 6749 §2.3: a public client must not come with a secret', async () => {
  const response = await token(server, { ...request, client_id: spa.id, client_secret: 'x' })
  await assertJsonRefusal(server, response, {
    status: 401,
    error: 'invalid_client',
    rule: 'client_auth.wrong_method',
  })
})

test('RFC 6749 §2.3: two methods in one request are refused', async () => {
  const inBody = { ...request, client_id: post.id, client_secret: post.secret }
  const response = await token(server, inBody, basic(post.id, post.secret))
  await assertJsonRefusal(server, response, { error: 'invalid_request', rule: 'client_auth.two_methods' })
})

test('RFC 6749 §2.3: a secret in the body beside the header is a second method, also without client_id', async () => {
  const inBody = { ...request, client_secret: post.secret }
  const response = await token(server, inBody, basic(post.id, post.secret))
  await assertJsonRefusal(server, response, { error: 'invalid_request', rule: 'client_auth.two_methods' })
})

test('RFC 6749 §2.3.1: client_id must not name another client than the one that authenticates', async () => {
  const response = await token(server, { ...request, client_id: spa.id }, basic(header.id, header.secret))
  await assertJsonRefusal(server, response, { error: 'invalid_request', rule: 'client_auth.two_clients' })
})

test('RFC 6749 §2.3.1: a malformed Basic credential is invalid_client, with a challenge', async (t) => {
  const encode = (text: string) => Buffer.from(text, 'latin1').toString('base64')
  const rows = [
    { name: 'nothing after the scheme', credential: 'Basic' },
    { name: 'a space after the scheme', credential: 'Basic ' },
    { name: 'no base64', credential: 'Basic !!!' },
    { name: 'two parts', credential: `Basic ${encode('a:b')} ${encode('a:b')}` },
    { name: 'no colon', credential: `Basic ${encode('abc')}` },
    { name: 'no client before the colon', credential: `Basic ${encode(':secret')}` },
    { name: 'a broken escape', credential: `Basic ${encode('a%zz:b')}` },
    { name: 'an escape that is not UTF-8', credential: `Basic ${encode('a%ff:b')}` },
    { name: 'bytes that are not UTF-8', credential: `Basic ${encode('a\xff:b')}` },
    { name: 'NUL', credential: `Basic ${encode('a\0b:c')}` },
    { name: 'an escaped NUL', credential: `Basic ${encode('a:b%00')}` },
  ]
  for (const { name, credential } of rows) {
    await t.test(name, async () => {
      const response = await token(server, request, { authorization: credential })
      assert.match(response.headers.get('www-authenticate') ?? '', /^Basic /)
      await assertJsonRefusal(server, response, {
        status: 401,
        error: 'invalid_client',
        rule: 'client_auth.basic_malformed',
      })
    })
  }
})

test('RFC 6749 §5.2: another scheme proves nothing', async (t) => {
  const rows = [
    { name: 'Bearer', authorization: 'Bearer abc' },
    { name: 'Digest', authorization: 'Digest username="a"' },
    { name: 'an empty header', authorization: ' ' },
    { name: 'a scheme that begins like Basic', authorization: `Basics ${btoa('a:b')}` },
  ]
  for (const { name, authorization } of rows) {
    await t.test(name, async () => {
      const response = await token(server, request, { authorization })
      await assertJsonRefusal(server, response, {
        status: 401,
        error: 'invalid_client',
        rule: 'client_auth.unknown_scheme',
      })
    })
  }
})

test('RFC 6749 §2.3.1: a public client is not known by a header of another scheme', async () => {
  const given: Given = { grant_type: 'refresh_token', refresh_token: 'x', client_id: spa.id }
  const response = await token(server, given, { authorization: 'Bearer abc' })
  await assertJsonRefusal(server, response, {
    status: 401,
    error: 'invalid_client',
    rule: 'client_auth.unknown_scheme',
  })
})

test('RFC 6749 §6: a refresh token of a confidential client is worth nothing without its secret', async () => {
  const tokens = await server.signIn({ client: post, user, scope: 'openid offline_access' })
  const response = await refresh(server, post, tokens.refresh_token, { client_secret: undefined })
  await assertJsonRefusal(server, response, {
    status: 401,
    error: 'invalid_client',
    rule: 'client_auth.wrong_method',
  })
  await granted(await refresh(server, post, tokens.refresh_token))
})
