import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  answerOf,
  authorizationUrl,
  claimsOf,
  codeFor,
  credentials,
  granted,
  json,
  pageOf,
  redeem,
  refresh,
  token,
  userInfo,
} from '../rfc/requests.ts'
import { onEveryEngine } from './engines.ts'

onEveryEngine((running) => {
  test('RFC 6749 §4.1: from the first click to a refreshed token that an API takes', async () => {
    const server = running()
    const user = await server.aUser()
    const client = await server.aClient({ isFirstParty: false })
    const api = await server.anApi()
    await server.aClientGrant({
      clientId: client.id,
      audience: api.identifier,
      scope: ['read:contacts', 'create:contacts'],
      subjectType: 'user',
    })
    const browser = server.browser()
    const login = await browser.open(
      authorizationUrl(server, client, {
        scope: 'openid profile offline_access read:contacts create:contacts',
        audience: api.identifier,
        nonce: 'nonce',
      }),
    )
    const wrong = await browser.logIn(login, { email: user.email, password: 'wrong' })
    assert.equal(wrong.status, 400)
    const consent = await browser.logIn(wrong, user)
    assert.equal(pageOf(consent), '/u/consent')
    const answer = answerOf(await browser.allow(consent, ['offline_access', 'read:contacts']))
    const tokens = await granted(await redeem(server, client, answer.get('code') ?? ''))
    assert.equal(tokens.scope, 'openid offline_access read:contacts')
    assert.equal(claimsOf(tokens.id_token).nonce, 'nonce')
    assert.deepEqual(await json(await userInfo(server, tokens.access_token ?? '')), { sub: user.id })
    server.advance('1h')
    const again = await granted(await refresh(server, client, tokens.refresh_token))
    assert.equal(again.scope, tokens.scope)
    assert.equal(claimsOf(again.access_token).sub, user.id)
  })

  test('RFC 6749 §4.1: one login serves a second application without a page', async () => {
    const server = running()
    const user = await server.aUser({ email: 'two@example.com' })
    const browser = server.browser()
    const [one, two] = [await server.aClient(), await server.aClient()]
    const first = await granted(
      await redeem(server, one, await codeFor(server, { client: one, user, browser })),
    )
    const shown = await browser.open(authorizationUrl(server, two))
    const second = await granted(await redeem(server, two, answerOf(shown).get('code') ?? ''))
    assert.equal(claimsOf(second.id_token).sid, claimsOf(first.id_token).sid)
    assert.equal(claimsOf(second.id_token).aud, two.id)
  })

  test('RFC 6749 §4.4: a machine gets a token for its API', async () => {
    const server = running()
    const client = await server.aClient({ grantTypes: ['client_credentials'] })
    const api = await server.anApi({ identifier: 'https://machine.test/' })
    await server.aClientGrant({ clientId: client.id, audience: api.identifier, scope: ['read:contacts'] })
    const body = { grant_type: 'client_credentials', ...credentials(client), audience: api.identifier }
    const { access_token } = await granted(await token(server, body))
    assert.equal(claimsOf(access_token).aud, api.identifier)
  })

  test('RFC 6749 §4.1.2: a replayed code ends what it gave, on this engine too', async () => {
    const server = running()
    const user = await server.aUser({ email: 'replay@example.com' })
    const client = await server.aClient()
    const code = await codeFor(server, { client, user }, { scope: 'openid offline_access' })
    const tokens = await granted(await redeem(server, client, code))
    assert.equal((await redeem(server, client, code)).status, 400)
    assert.equal(server.lastRefusal(), 'code.replayed')
    assert.equal((await userInfo(server, tokens.access_token ?? '')).status, 401)
  })

  test('OIDC Core §3.1.2.1: characters of all languages travel through the store unharmed', async () => {
    const server = running()
    const user = await server.aUser({ email: 'naïve.用户@example.com', password: 'пароль 🗝️ ünïcode' })
    const client = await server.aClient({ name: '申请 🗝️' })
    const state = 'état 状態 🗝️ \u{10ffff}'
    const browser = server.browser()
    const page = await browser.open(authorizationUrl(server, client, { state, nonce: state }))
    assert.ok(page.html.includes('申请 🗝️'))
    const answer = answerOf(await browser.logIn(page, user))
    assert.equal(answer.get('state'), state)
    const tokens = await granted(await redeem(server, client, answer.get('code') ?? ''))
    assert.equal(claimsOf(tokens.id_token).nonce, state)
  })
})
