import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, test } from 'node:test'
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose'
import { startTestServer, type TestClient } from '../../src/testkit/testkit.ts'
import {
  answerOf,
  authorizationUrl,
  claimsOf,
  codeFor,
  type Given,
  granted,
  json,
  redeem,
  throughPages,
  userInfo,
} from '../rfc/requests.ts'

const server = await startTestServer()
after(() => server.close())
const client = await server.aClient({
  grantTypes: ['authorization_code', 'implicit', 'refresh_token'],
})
const user = await server.aUser()
const api = await server.anApi({ tokenLifetimeSeconds: 86_400, tokenLifetimeForWebSeconds: 600 })

/** Logs in and answers where the browser went, with the response parameters. */
async function respond(given: Given, as: TestClient = client) {
  const shown = await throughPages(
    server,
    { client: as, user },
    { scope: 'openid', nonce: 'the nonce', ...given },
  )
  return { parameters: answerOf(shown), url: shown.leftTo?.url ?? new URL('about:blank') }
}

function leftHalf(value: string, algorithm = 'sha256'): string {
  const digest = createHash(algorithm).update(value).digest()
  return digest.subarray(0, digest.length / 2).toString('base64url')
}

/** The claims of the response's ID token; none where it has none. */
function claimsIn(parameters: URLSearchParams): Record<string, unknown> {
  const idToken = parameters.get('id_token')
  return idToken === null ? {} : claimsOf(idToken)
}

interface Expected {
  readonly responseType: string
  /** Members that the response holds beside `state`, `iss` and `session_state`. */
  readonly members: readonly string[]
  readonly hashes: readonly string[]
}

const ofToken = ['access_token', 'expires_in', 'scope', 'token_type']
const types: readonly Expected[] = [
  { responseType: 'token', members: ofToken, hashes: [] },
  { responseType: 'id_token', members: ['id_token'], hashes: [] },
  { responseType: 'id_token token', members: [...ofToken, 'id_token'], hashes: ['at_hash'] },
  { responseType: 'token id_token', members: [...ofToken, 'id_token'], hashes: ['at_hash'] },
  { responseType: 'code token', members: [...ofToken, 'code'], hashes: [] },
  { responseType: 'code id_token', members: ['code', 'id_token'], hashes: ['c_hash', 's_hash'] },
  {
    responseType: 'id_token token code',
    members: [...ofToken, 'code', 'id_token'],
    hashes: ['at_hash', 'c_hash', 's_hash'],
  },
]

for (const { responseType, members, hashes } of types) {
  test(`OAuth 2.0 Multiple Response Types §5: ${responseType} answers its parts in the fragment, with the right hashes`, async () => {
    const { parameters, url } = await respond({ response_type: responseType })
    assert.equal(url.search, '')
    assert.deepEqual(
      [...parameters.keys()].sort(),
      [...members, 'iss', 'session_state', 'state'].sort(),
      'no member is missing, added or sent twice',
    )
    assert.deepEqual([parameters.get('state'), parameters.get('iss')], ['the state', server.issuer])
    if (members.includes('access_token')) {
      assert.deepEqual([parameters.get('token_type'), parameters.get('expires_in')], ['Bearer', '7200'])
    }
    const claims = claimsIn(parameters)
    const expected: Record<string, string> = {
      at_hash: leftHalf(parameters.get('access_token') ?? ''),
      c_hash: leftHalf(parameters.get('code') ?? ''),
      s_hash: leftHalf('the state'),
    }
    for (const hash of ['at_hash', 'c_hash', 's_hash'])
      assert.equal(claims[hash], hashes.includes(hash) ? expected[hash] : undefined, hash)
  })
}

test('OpenID Connect Core §3.2.2.11: the ID token of the front channel is signed by a published key, for this client', async () => {
  const { parameters } = await respond({ response_type: 'code id_token token' })
  const jwks: JSONWebKeySet = await (await server.fetch(`${server.issuer}.well-known/jwks.json`)).json()
  const { payload } = await jwtVerify(parameters.get('id_token') ?? '', createLocalJWKSet(jwks), {
    issuer: server.issuer,
    audience: client.id,
    algorithms: ['RS256'],
    currentDate: new Date(server.now() * 1000),
  })
  assert.deepEqual([payload.sub, payload.nonce], [user.id, 'the nonce'])
})

test('OpenID Connect Core §3.3.2.11: the hashes are those of the algorithm of the ID token', async () => {
  const edwards = await server.aClient({
    grantTypes: ['authorization_code', 'implicit'],
    idToken: { signingAlgorithm: 'EdDSA', lifetimeSeconds: 600 },
  })
  const { parameters } = await respond({ response_type: 'code id_token token' }, edwards)
  const { at_hash, c_hash, s_hash } = claimsIn(parameters)
  assert.deepEqual(
    [at_hash, c_hash, s_hash],
    [
      leftHalf(parameters.get('access_token') ?? '', 'sha512'),
      leftHalf(parameters.get('code') ?? '', 'sha512'),
      leftHalf('the state', 'sha512'),
    ],
  )
})

test('FAPI 1.0 Advanced §5.2.2.1: without a state there is no s_hash', async () => {
  const { parameters } = await respond({ response_type: 'code id_token', state: undefined })
  assert.equal(parameters.has('state'), false)
  assert.equal(claimsIn(parameters).s_hash, undefined)
})

test('OpenID Connect Core §3.3.3: both ID tokens of a hybrid request name the same user, nonce and session', async () => {
  const { parameters } = await respond({ response_type: 'code id_token' })
  const front = claimsIn(parameters)
  const tokens = await granted(await redeem(server, client, parameters.get('code') ?? ''))
  const back = claimsOf(tokens.id_token)
  for (const claim of ['iss', 'sub', 'aud', 'nonce', 'sid', 'auth_time'])
    assert.equal(back[claim], front[claim], claim)
})

test('RFC 6749 §10.5: reusing the code of a hybrid response ends its access token too', async () => {
  const { parameters } = await respond({ response_type: 'code token' })
  const accessToken = parameters.get('access_token') ?? ''
  assert.equal((await userInfo(server, accessToken)).status, 200)
  await granted(await redeem(server, client, parameters.get('code') ?? ''))
  assert.equal((await redeem(server, client, parameters.get('code') ?? '')).status, 400)
  assert.equal((await userInfo(server, accessToken)).status, 401)
})

test('OAuth 2.0 Multiple Response Types §4: none answers neither code nor token, in the query', async () => {
  const { parameters, url } = await respond({ response_type: 'none' })
  assert.equal(url.hash, '')
  assert.deepEqual([...parameters.keys()].sort(), ['iss', 'session_state', 'state'])
})

test('OAuth 2.0 Multiple Response Types §4: none needs no grant of its own', async () => {
  const bare = await server.aClient({ grantTypes: [] })
  const { parameters } = await respond({ response_type: 'none' }, bare)
  assert.equal(parameters.get('state'), 'the state')
})

test('OpenID Connect Core §5.4: without an access token the claims of the scopes are in the ID token', async () => {
  const { parameters } = await respond({ response_type: 'id_token', scope: 'openid email profile' })
  const { email, name } = claimsIn(parameters)
  assert.deepEqual([email, name], [user.email, 'Ada Lovelace'])
})

test('OpenID Connect Core §3.1.2.1: code token has no ID token in front, so that it needs no nonce', async () => {
  const { parameters } = await respond({ response_type: 'code token', nonce: undefined })
  assert.equal(parameters.has('error'), false)
  const tokens = await granted(await redeem(server, client, parameters.get('code') ?? ''))
  assert.equal(claimsOf(tokens.id_token).nonce, undefined)
})

test('RFC 6749 §4.2.2: an access token of the front channel lives as long as its API allows in browsers', async () => {
  const { parameters } = await respond({
    response_type: 'code token',
    audience: api.identifier,
    scope: 'openid read:contacts',
  })
  const { iat = 0, exp = 0 } = claimsOf(parameters.get('access_token') ?? '') as Record<string, number>
  assert.deepEqual([parameters.get('expires_in'), exp - iat], ['600', 600])
  const tokens = await json(await redeem(server, client, parameters.get('code') ?? ''))
  assert.equal(tokens.expires_in, 86_400)
})

test('RFC 6749 §4.2.2: scope says what was granted where it is less than was asked', async () => {
  const { parameters } = await respond({
    response_type: 'token',
    audience: api.identifier,
    scope: 'openid read:contacts delete:everything',
  })
  assert.equal(parameters.get('scope'), 'openid read:contacts')
})

test('OpenID Connect Core §11: offline_access is ignored where no code is asked for', async () => {
  const { parameters } = await respond({ response_type: 'id_token token', scope: 'openid offline_access' })
  assert.equal(parameters.get('scope'), 'openid')
  assert.equal(parameters.has('refresh_token'), false)
  const hybrid = await respond({ response_type: 'code token', scope: 'openid offline_access' })
  assert.equal(hybrid.parameters.get('scope'), 'openid offline_access')
})

test('OpenID Connect Core §3.2.2.5: an implicit response brings no refresh token', async () => {
  for (const responseType of ['token', 'id_token token', 'code token']) {
    const { parameters } = await respond({ response_type: responseType })
    assert.equal(parameters.has('refresh_token'), false, responseType)
  }
})

test('RFC 9700 §2.1.2: the log tells who still gets tokens through the browser', async () => {
  await respond({ response_type: 'id_token' })
  const entry = server.log.findLast(({ event }) => event === 'authorize.implicit_used')
  assert.equal(entry?.fields.client_id, client.id)
  assert.equal(await codeFor(server, { client, user }).then((code) => code.length > 40), true)
})

test('RFC 6749 §3.1.1: the words of a response type come in any order', async () => {
  for (const responseType of ['token code', 'id_token code', 'token id_token code', 'code token id_token']) {
    const response = await server.fetch(
      authorizationUrl(server, client, { response_type: responseType, nonce: 'n', prompt: 'none' }),
      { redirect: 'manual' },
    )
    const location = new URL(response.headers.get('location') ?? '')
    assert.equal(new URLSearchParams(location.hash.slice(1)).get('error'), 'login_required', responseType)
  }
})
