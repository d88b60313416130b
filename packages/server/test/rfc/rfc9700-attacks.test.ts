// Attacks of RFC 9700 §4 that no test of a single feature makes. The whole list, with every proof, is docs/attacks.md.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { type Shown, startTestServer } from '../../src/testkit/testkit.ts'
import { formIn, messageIn } from '../oidc/pages.ts'
import { loopbackListener } from '../support/listener.ts'
import { aDeviceClient, codesFor, enter, toConsent } from './devices.ts'
import { allowRegistration, openToAll, register } from './registrations.ts'
import {
  assertJsonRefusal,
  authorizationUrl,
  authorize,
  codeFor,
  credentials,
  form,
  granted,
  json,
  pageOf,
  redeem,
  refresh,
  throughPages,
  userInfo,
} from './requests.ts'

const inside = await loopbackListener((_request, response) => {
  response.writeHead(200, { 'content-type': 'application/json' }).end('["https://app.test/callback"]')
})
const { port } = inside

const server = await startTestServer()
after(() => server.close())
const user = await server.aUser()
const client = await server.aClient({ webOrigins: ['https://app.test'] })
const rival = await server.aClient({ redirectUris: ['https://rival.test/callback'] })

test('RFC 9700 §4.11.2: the address of a waiting request decides nothing that the request decided', async () => {
  const browser = server.browser()
  const page = await browser.open(authorizationUrl(server, client))
  const more = form({
    response_mode: 'fragment',
    redirect_uri: 'https://evil.test/',
    client_id: rival.id,
    response_type: 'token',
    prompt: 'none',
  })
  const again = await browser.open(`${page.url}&${more}`)
  const { leftTo } = await browser.logIn(again, user)
  assert.ok(leftTo)
  assert.ok(leftTo.url.href.startsWith('https://app.test/callback?code='))
  assert.equal(leftTo.url.hash, '')
})

test('RFC 9700 §4.17: the way of an answer is the one of the request, and leads to the registered place', async (t) => {
  const evil = { origin: 'https://evil.test', referer: 'https://evil.test/' }
  const silent = { prompt: 'none', redirect_uri: client.redirectUris[0] }
  async function answered(mode: string | readonly string[]): Promise<Response> {
    const url = authorizationUrl(server, client, { ...silent, response_mode: mode })
    return server.fetch(url, { redirect: 'manual', headers: evil })
  }
  await t.test('form_post posts to the redirection URI, whoever asks', async () => {
    const page = await (await answered('form_post')).text()
    assert.equal(formIn(page)?.action, 'https://app.test/callback')
  })
  await t.test('web_message tells the origin of the redirection URI, and no other may frame it', async () => {
    const response = await answered('web_message')
    const policy = response.headers.get('content-security-policy') ?? ''
    assert.match(policy, /frame-ancestors https:\/\/app\.test;/)
    assert.equal(messageIn(await response.text())?.origin, 'https://app.test')
  })
  for (const mode of ['__proto__', 'constructor', 'toString', 'query.jwt', 'QUERY', 'query fragment']) {
    await t.test(`${mode} is no mode, and the error travels in the query`, async () => {
      const location = new URL((await answered(mode)).headers.get('location') ?? '')
      assert.equal(location.searchParams.get('error'), 'invalid_request')
      assert.equal(server.lastRefusal(), 'authorize.response_mode_unsupported')
      assert.equal(location.hash, '')
    })
  }
  await t.test('two modes are none', async () => {
    const location = new URL((await answered(['fragment', 'form_post'])).headers.get('location') ?? '')
    assert.equal(location.searchParams.get('error'), 'invalid_request')
    assert.equal(server.lastRefusal(), 'parameter.repeated')
  })
})

test('RFC 9700 §4.16: nobody frames any page of ours', async (t) => {
  const device = await aDeviceClient(server)
  const stranger = await server.aClient({ isFirstParty: false })
  const { user_code } = await codesFor(server, device)
  const browser = server.browser()
  const rows: readonly { readonly name: string; shown(): Promise<Shown> }[] = [
    { name: 'login', shown: () => browser.open(authorizationUrl(server, client)) },
    {
      name: 'consent',
      shown: async () => browser.logIn(await browser.open(authorizationUrl(server, stranger)), user),
    },
    { name: 'an error', shown: () => browser.open(authorizationUrl(server, client, { client_id: 'x' })) },
    { name: 'devices', shown: () => browser.open(`${server.issuer}activate?user_code=${user_code}`) },
    { name: 'a device to allow', shown: () => toConsent(server, browser, user, user_code) },
    { name: 'a wrong code', shown: () => enter(server, browser, 'BCDF-GHJK') },
    { name: 'logout to confirm', shown: () => browser.open(`${server.issuer}oidc/logout`) },
    {
      name: 'a posted answer',
      shown: () => throughPages(server, { client, user }, { response_mode: 'form_post' }),
    },
  ]
  for (const { name, shown } of rows) {
    await t.test(name, async () => {
      const { headers, html } = await shown()
      assert.ok(html.includes('<html'), 'a page')
      assert.equal(headers.get('x-frame-options'), 'DENY')
      assert.match(headers.get('content-security-policy') ?? '', /frame-ancestors 'none'/)
    })
  }
})

test('RFC 9700 §4.12: registering a client makes the server visit nothing but a public sector identifier', async (t) => {
  await allowRegistration(server, openToAll)
  const before = inside.connections()
  const place = `https://127.0.0.1:${port}/x`
  const redirect_uris = ['https://app.test/callback']
  const display = { logo_uri: place, policy_uri: place, tos_uri: place, client_uri: place }
  const calls = { jwks_uri: place, initiate_login_uri: place, backchannel_logout_uri: place }
  await t.test('addresses of pages, pictures, keys and messages', async () => {
    assert.equal((await register(server, { redirect_uris, ...display, ...calls })).status, 201)
  })
  const hosts = ['127.0.0.1', 'localhost', '2130706433', '0x7f.1', '[::1]', '[::ffff:127.0.0.1]', '0']
  for (const host of hosts) {
    await t.test(`a sector identifier at ${host}`, async () => {
      const sector_identifier_uri = `https://${host}:${port}/sector.json`
      const response = await register(server, {
        redirect_uris,
        subject_type: 'pairwise',
        sector_identifier_uri,
      })
      const rule = 'registration.sector_unreadable'
      await assertJsonRefusal(server, response, { error: 'invalid_client_metadata', rule })
    })
  }
  assert.equal(inside.connections(), before)
})

test('RFC 9700 §4.15: a client chooses no client_id that a resource server would take for a user', async () => {
  await allowRegistration(server, openToAll)
  const redirect_uris = ['https://app.test/callback']
  const response = await register(server, { redirect_uris, client_id: user.id, sub: user.id })
  const { client_id } = await json(response)
  assert.equal(response.status, 201)
  // The id of a user holds a bar.
  assert.match(String(client_id), /^\w{16,}$/)
})

test('RFC 9700 §4.5: what one client got is worth nothing to another, and stays whole for its own', async (t) => {
  const scope = 'openid offline_access'
  const owner = { client, user }
  await t.test('a code, also under the redirection URI and the verifier of its own client', async () => {
    const code = await codeFor(server, owner)
    const stolen = await redeem(server, rival, code, { redirect_uri: client.redirectUris[0] })
    await assertJsonRefusal(server, stolen, { error: 'invalid_grant', rule: 'code.other_client' })
    await granted(await redeem(server, client, code))
  })
  await t.test('a refresh token', async () => {
    const { refresh_token } = await server.signIn({ ...owner, scope })
    const stolen = await refresh(server, rival, refresh_token)
    await assertJsonRefusal(server, stolen, { error: 'invalid_grant', rule: 'refresh.other_client' })
    await granted(await refresh(server, client, refresh_token))
  })
  await t.test('a code as a refresh token or a device code, and the other way round', async () => {
    const code = await codeFor(server, owner, { scope })
    await assertJsonRefusal(server, await refresh(server, client, code), {
      error: 'invalid_grant',
      rule: 'refresh.unknown',
    })
    const tokens = await granted(await redeem(server, client, code))
    await assertJsonRefusal(server, await redeem(server, client, tokens.refresh_token ?? ''), {
      error: 'invalid_grant',
      rule: 'code.unknown',
    })
    assert.equal((await userInfo(server, tokens.access_token ?? '')).status, 200)
  })
  await t.test('introspection and revocation', async () => {
    const { access_token, refresh_token = '' } = await server.signIn({ ...owner, scope })
    for (const presented of [access_token, refresh_token]) {
      const body = form({ ...credentials(rival), token: presented })
      const post = { method: 'POST', body }
      const known = await json(await server.fetch(`${server.issuer}oauth/introspect`, post))
      assert.deepEqual(known, { active: false })
      await server.fetch(`${server.issuer}oauth/revoke`, post)
    }
    assert.equal((await userInfo(server, access_token)).status, 200)
    await granted(await refresh(server, client, refresh_token))
  })
  await t.test('a reference of a pushed request', async () => {
    const body = form({
      ...credentials(client),
      response_type: 'code',
      redirect_uri: client.redirectUris[0],
      scope: 'openid',
    })
    const answer = await server.fetch(`${server.issuer}oauth/par`, { method: 'POST', body })
    const requestUri = String((await json(answer)).request_uri)
    const open = (id: string) =>
      server.browser().open(`${server.issuer}authorize?${form({ client_id: id, request_uri: requestUri })}`)
    assert.equal((await open(rival.id)).status, 400)
    assert.equal(server.lastRefusal(), 'par.request_uri_unusable')
    assert.equal(pageOf(await open(client.id)), '/u/login')
  })
})

test('RFC 9700 §4.8: a challenge cannot be left out, emptied or doubled on the way of a public client', async (t) => {
  const pub = await server.aClient({ tokenEndpointAuthMethod: 'none' })
  const none = { code_challenge: undefined, code_challenge_method: undefined }
  const rows = [
    { name: 'left out', given: none, rule: 'pkce.challenge_required' },
    {
      name: 'emptied',
      given: { code_challenge: '', code_challenge_method: '' },
      rule: 'pkce.challenge_required',
    },
    {
      name: 'doubled',
      given: { code_challenge: ['a'.repeat(43), 'b'.repeat(43)] },
      rule: 'parameter.repeated',
    },
    { name: 'plain', given: { code_challenge_method: 'plain' }, rule: 'pkce.plain_not_allowed' },
    {
      name: 'a method of every object',
      given: { code_challenge_method: 'constructor' },
      rule: 'pkce.method_unsupported',
    },
  ]
  for (const { name, given, rule } of rows) {
    await t.test(name, async () => {
      const location = (await authorize(server, pub, given)).headers.get('location') ?? ''
      assert.equal(new URL(location).searchParams.get('error'), 'invalid_request')
      assert.equal(server.lastRefusal(), rule)
    })
  }
})
