import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { TenantId } from '../../src/domain/ids.ts'
import { startTestServer } from '../../src/testkit/testkit.ts'
import {
  answerOf,
  assertRedirectRefusal,
  authorizationUrl,
  authorize,
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
const client = await server.aClient()
const user = await server.aUser()

before(async () => {
  const call = await server.store.tenants.find('main' as TenantId)
  assert.ok(call)
  const acrValues = [
    { value: 'urn:example:password', methods: ['pwd'] },
    { value: 'urn:example:two-factors', methods: ['pwd', 'otp'] },
  ]
  await server.store.tenants.update({ ...call, settings: { ...call.settings, acrValues } })
})

/** The claims of the ID token, and UserInfo's, for a `claims` parameter. */
async function answered(claims: object, given: Given = {}, asking = client) {
  const owner = { client: asking, user }
  const shown = await throughPages(server, owner, { claims: JSON.stringify(claims), ...given })
  const tokens = await granted(await redeem(server, asking, answerOf(shown).get('code') ?? ''))
  const info = await json(await userInfo(server, tokens.access_token ?? ''))
  return { idToken: claimsOf(tokens.id_token), info }
}

test('OpenID Connect Core §5.5: a claim of the member userinfo is answered there and not in the ID token', async () => {
  const { idToken, info } = await answered({ userinfo: { name: { essential: true } } })
  assert.deepEqual([info.name, idToken.name], ['Ada Lovelace', undefined])
  assert.deepEqual(Object.keys(info).sort(), ['name', 'sub'])
})

test('OpenID Connect Core §5.5: a claim of the member id_token is answered there and not by UserInfo', async () => {
  const { idToken, info } = await answered({ id_token: { email: null, birthdate: null } })
  assert.deepEqual([idToken.email, idToken.birthdate, info.email], [user.email, '1815-12-10', undefined])
  assert.equal(idToken.email_verified, undefined, 'asked for one by one means one by one')
})

test('OpenID Connect Core §5.5.1: unknown claims and unknown members are ignored', async () => {
  const { idToken, info } = await answered({
    userinfo: { 'https://example.com/role': { essential: true }, password: null, name: null },
    id_token: { made_up: { value: 'x' } },
    other: 7,
  })
  assert.deepEqual([info.name, idToken.made_up], ['Ada Lovelace', undefined])
})

test('OpenID Connect Core §5.5: a claim by name needs no scope, and gives no scope', async () => {
  const shown = await throughPages(server, { client, user }, { claims: '{"userinfo":{"email":null}}' })
  const tokens = await granted(await redeem(server, client, answerOf(shown).get('code') ?? ''))
  assert.equal(tokens.scope, 'openid')
})

test('OpenID Connect Core §5.5: a third-party client has to be allowed what the claim belongs to', async () => {
  const stranger = await server.aClient({ isFirstParty: false })
  const browser = server.browser()
  const given = { claims: '{"userinfo":{"email":null}}' }
  const login = await browser.open(authorizationUrl(server, stranger, given))
  const consent = await browser.logIn(login, user)
  assert.equal(pageOf(consent), '/u/consent')
  const shown = await browser.allow(consent, [])
  const tokens = await granted(await redeem(server, stranger, answerOf(shown).get('code') ?? ''))
  const info = await json(await userInfo(server, tokens.access_token ?? ''))
  assert.deepEqual(Object.keys(info), ['sub'])
})

test('OpenID Connect Core §5.5: claims by name come through an implicit response and an API token too', async () => {
  const api = await server.anApi()
  const implicit = await server.aClient({ grantTypes: ['implicit'] })
  const shown = await throughPages(
    server,
    { client: implicit, user },
    {
      response_type: 'id_token token',
      nonce: 'n',
      audience: api.identifier,
      claims: '{"userinfo":{"email":null},"id_token":{"nickname":null}}',
    },
  )
  const answer = answerOf(shown)
  assert.equal(claimsOf(answer.get('id_token') ?? '').nickname, 'ada')
  const info = await json(await userInfo(server, answer.get('access_token') ?? ''))
  assert.equal(info.email, user.email)
})

for (const rotating of [true, false]) {
  test(`OpenID Connect Core §12.2: claims by name survive ${rotating ? 'every rotation' : 'each use'} of a refresh token`, async () => {
    const asking = await server.aClient({ refreshToken: { rotating, leewaySeconds: 0 } })
    const given = {
      scope: 'openid offline_access',
      acr_values: 'urn:example:password',
      claims: '{"userinfo":{"email":null},"id_token":{"nickname":null,"birthdate":null}}',
    }
    const shown = await throughPages(server, { client: asking, user }, given)
    let tokens = await granted(await redeem(server, asking, answerOf(shown).get('code') ?? ''))
    const first = claimsOf(tokens.id_token)
    for (const times of ['once', 'twice']) {
      const before = tokens.refresh_token
      tokens = { ...tokens, ...(await granted(await refresh(server, asking, before))) }
      const info = await json(await userInfo(server, tokens.access_token ?? ''))
      assert.deepEqual(info, { email: user.email, sub: user.id }, times)
      const { nickname, birthdate, email, acr, amr, nonce } = claimsOf(tokens.id_token)
      assert.deepEqual(
        [nickname, birthdate, email, acr, amr, nonce],
        ['ada', '1815-12-10', undefined, first.acr, first.amr, undefined],
      )
    }
  })
}

test('OpenID Connect Core §5.5: a claim that the owner did not allow is not in renewed tokens either', async () => {
  const stranger = await server.aClient({ isFirstParty: false })
  const browser = server.browser()
  const given = {
    scope: 'openid offline_access',
    claims: '{"userinfo":{"email":null},"id_token":{"email":null}}',
  }
  const consent = await browser.logIn(await browser.open(authorizationUrl(server, stranger, given)), user)
  const shown = await browser.allow(consent, ['offline_access'])
  const first = await granted(await redeem(server, stranger, answerOf(shown).get('code') ?? ''))
  const tokens = await granted(await refresh(server, stranger, first.refresh_token))
  assert.deepEqual(await json(await userInfo(server, tokens.access_token ?? '')), { sub: user.id })
  assert.equal('email' in claimsOf(tokens.id_token), false)
})

test('OpenID Connect Core §5.5: claims by name come with a renewed JWT, and without openid nothing does', async () => {
  const api = await server.anApi({ identifier: 'https://renewed.test/' })
  const given = {
    scope: 'openid offline_access read:contacts',
    audience: api.identifier,
    claims: '{"userinfo":{"email":null}}',
  }
  const shown = await throughPages(server, { client, user }, given)
  const first = await granted(await redeem(server, client, answerOf(shown).get('code') ?? ''))
  const tokens = await granted(await refresh(server, client, first.refresh_token))
  assert.equal((await json(await userInfo(server, tokens.access_token ?? ''))).email, user.email)
  const less = await granted(await refresh(server, client, tokens.refresh_token, { scope: 'read:contacts' }))
  assert.equal((await userInfo(server, less.access_token ?? '')).status, 401)
  assert.equal('id_token' in less, false)
  assert.equal('userinfo_claims' in claimsOf(less.access_token), false)
})

test('OpenID Connect Core §5.5.1: auth_time asked for by name is there', async () => {
  const { idToken } = await answered({ id_token: { auth_time: { essential: true } } })
  assert.equal(idToken.auth_time, server.now())
})

for (const claims of [
  'no JSON',
  '[]',
  'null',
  '"text"',
  '{"userinfo":[]}',
  '{"id_token":"name"}',
  '{"id_token":{"acr":"urn:example"}}',
  '{"userinfo":{"sub":["a"]}}',
]) {
  test(`OpenID Connect Core §5.5: claims=${claims} is refused`, async () => {
    assertRedirectRefusal(server, await authorize(server, client, { claims }), {
      error: 'invalid_request',
      rule: 'authorize.claims_malformed',
    })
  })
}

test('OpenID Connect Core §5.5.1: sub with a value is that user or nobody', async () => {
  const browser = server.browser()
  await throughPages(server, { client, user, browser })
  const silent = async (claims: object) => {
    const url = authorizationUrl(server, client, { prompt: 'none', claims: JSON.stringify(claims) })
    return answerOf(await browser.open(url)).get('error')
  }
  assert.equal(await silent({ id_token: { sub: { value: user.id } } }), null)
  assert.equal(await silent({ userinfo: { sub: { value: user.id } } }), null)
  assert.equal(await silent({ id_token: { sub: { values: ['auth0|nobody', user.id] } } }), null)
  assert.equal(await silent({ id_token: { sub: { value: 'auth0|somebody else' } } }), 'login_required')
  assert.equal(server.lastRefusal(), 'authorize.login_required')
})

test('OpenID Connect Core §3.1.2.1: acr_values that the login reaches are named, the first of them', async () => {
  const { idToken } = await answered({}, { acr_values: 'urn:example:two-factors urn:example:password' })
  assert.deepEqual([idToken.acr, idToken.amr], ['urn:example:password', ['pwd']])
})

test('OpenID Connect Core §3.1.2.1: acr_values that nobody knows or reaches are no error, and no acr', async () => {
  const { idToken } = await answered({}, { acr_values: 'urn:example:two-factors urn:unknown' })
  assert.equal('acr' in idToken, false)
  const { idToken: without } = await answered({})
  assert.equal('acr' in without, false)
})

test('OpenID Connect Registration §2: default_acr_values count where the request names none', async () => {
  const asking = await server.aClient({ defaultAcrValues: ['urn:example:password'] })
  assert.equal((await answered({}, {}, asking)).idToken.acr, 'urn:example:password')
})

test('OpenID Connect Core §5.5.1.1: an essential acr that the login reaches is the one in the ID token', async () => {
  const acr = { essential: true, values: ['urn:unknown', 'urn:example:password'] }
  const { idToken } = await answered({ id_token: { acr } }, { acr_values: 'urn:other' })
  assert.equal(idToken.acr, 'urn:example:password')
})

test('OpenID Connect Core §5.5.1.1: an essential acr that the login does not reach fails the request', async () => {
  const acr = { essential: true, value: 'urn:example:two-factors' }
  const shown = await throughPages(
    server,
    { client, user },
    { claims: JSON.stringify({ id_token: { acr } }) },
  )
  assert.deepEqual(
    [answerOf(shown).get('error'), server.lastRefusal()],
    ['access_denied', 'authorize.acr_not_reached'],
  )
})

test('OpenID Connect Core §5.5.1: a voluntary acr that the login does not reach changes nothing', async () => {
  const { idToken } = await answered({ id_token: { acr: { value: 'urn:example:two-factors' } } })
  assert.equal('acr' in idToken, false)
})

test('OpenID Connect Core §3.1.2.1: display, ui_locales, claims_locales and login_hint are never an error', async () => {
  for (const display of ['page', 'popup', 'touch', 'wap', 'hologram']) {
    const given = { display, ui_locales: 'xx de', claims_locales: 'tlh', login_hint: 'not @ll known"' }
    const shown = await throughPages(server, { client, user }, given)
    assert.ok(answerOf(shown).get('code'), display)
  }
})

test('OpenID Connect Discovery §3: metadata announces claims, displays and the contexts of the tenant', async () => {
  const metadata = await json(await server.fetch(`${server.issuer}.well-known/openid-configuration`))
  assert.deepEqual(
    [metadata.claims_parameter_supported, metadata.display_values_supported, metadata.acr_values_supported],
    [true, ['page', 'popup', 'touch'], ['urn:example:password', 'urn:example:two-factors']],
  )
})

test('OpenID Connect Discovery §3: a tenant without contexts announces none', async () => {
  const plain = await startTestServer()
  const metadata = await json(await plain.fetch(`${plain.issuer}.well-known/openid-configuration`))
  assert.equal('acr_values_supported' in metadata, false)
  await plain.close()
})

test('OpenID Connect Core §5.3: UserInfo of a client that was deleted is refused', async () => {
  const asking = await server.aClient()
  const shown = await throughPages(server, { client: asking, user })
  const tokens = await granted(await redeem(server, asking, answerOf(shown).get('code') ?? ''))
  await rowsOf(server).clients.delete(asking.id)
  assert.equal((await userInfo(server, tokens.access_token ?? '')).status, 401)
  assert.equal(server.lastRefusal(), 'userinfo.invalid_token')
})
