import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { TrustedIssuer } from '../../src/domain/client.ts'
import { startTestServer, type TestClient, type TestServer } from '../../src/testkit/testkit.ts'
import { engines } from '../support/engines.ts'
import { type Changes, type ClientKey, clientKey, fakeNetwork, signedBy, unsigned } from './client-keys.ts'
import {
  assertJsonRefusal,
  claimsOf,
  credentials,
  type Given,
  granted,
  json,
  rowsOf,
  token,
} from './requests.ts'

const grantType = 'urn:ietf:params:oauth:grant-type:jwt-bearer'
const issuer = 'https://idp.test'
const key = await clientKey('ES256')
const trusted: TrustedIssuer = {
  issuer,
  jwks: { keys: [key.publicJwk] },
  algorithms: ['ES256'],
  subjects: 'all',
}
const network = fakeNetwork()
const server = await startTestServer({ fetcher: network.fetcher })
after(() => server.close())
const { client, api, user } = await aScene(server)

async function aScene(on: TestServer, trustedIssuers: readonly TrustedIssuer[] = [trusted]) {
  const target = await on.anApi()
  const made = await on.aClient({ grantTypes: [grantType], trustedIssuers })
  const grant = { clientId: made.id, audience: target.identifier, subjectType: 'user' } as const
  await on.aClientGrant({ ...grant, scope: ['read:contacts'] })
  return { client: made, api: target, user: await on.aUser() }
}

/** Another client that trusts this issuer. */
async function aClientOf(issuers: readonly TrustedIssuer[]): Promise<TestClient> {
  const made = await server.aClient({ grantTypes: [grantType], trustedIssuers: issuers })
  const grant = { clientId: made.id, audience: api.identifier, subjectType: 'user' } as const
  await server.aClientGrant({ ...grant, scope: ['read:contacts'] })
  return made
}

function claims(given: Changes['claims'] = {}): Readonly<Record<string, unknown>> {
  const now = server.now()
  const passing = { iss: issuer, sub: user.id, aud: server.issuer, jti: crypto.randomUUID(), exp: now + 60 }
  return { ...passing, iat: now, ...given }
}

function assertion(given: Changes = {}, by: ClientKey = key): Promise<string> {
  return signedBy(by, claims(given.claims), given.header)
}

function present(value: string | undefined, given: Given = {}, as = client): Promise<Response> {
  return token(server, {
    grant_type: grantType,
    ...credentials(as),
    assertion: value,
    audience: api.identifier,
    ...given,
  })
}

async function refused(response: Response, rule: string): Promise<void> {
  const description = (await json(response.clone())).error_description
  assert.equal(description, 'Assertion is invalid or has expired')
  await assertJsonRefusal(server, response, { error: 'invalid_grant', rule })
}

test('RFC 7523 §2.1: an assertion about a user becomes an access token, and nothing that outlives it', async () => {
  const answer = await granted(
    await present(await assertion(), { scope: 'openid offline_access read:contacts' }),
  )
  assert.deepEqual(Object.keys(answer).sort(), ['access_token', 'expires_in', 'scope', 'token_type'])
  assert.equal(answer.scope, 'read:contacts')
  const { sub, aud, azp, gty } = claimsOf(answer.access_token)
  assert.deepEqual([sub, aud, azp, gty], [user.id, api.identifier, client.id, grantType])
})

test('RFC 7523 §3: the audience is the issuer or the token endpoint, alone', async (t) => {
  const rows = [
    { name: 'the token endpoint', aud: `${server.issuer}oauth/token`, passes: true },
    { name: 'an array of one', aud: [server.issuer], passes: true },
    { name: 'an array of two', aud: [server.issuer, 'https://other.test/'], passes: false },
    { name: 'somebody else', aud: 'https://other.test/', passes: false },
    { name: 'none', aud: undefined, passes: false },
    { name: 'a number', aud: 1, passes: false },
  ]
  for (const { name, aud, passes } of rows) {
    await t.test(name, async () => {
      const response = await present(await assertion({ claims: { aud } }))
      if (passes) await granted(response)
      else await refused(response, 'jwt_bearer.audience')
    })
  }
})

test('RFC 7523 §3: only an issuer that this client trusts counts', async () => {
  await refused(
    await present(await assertion({ claims: { iss: 'https://evil.test' } })),
    'jwt_bearer.issuer_untrusted',
  )
  await refused(await present(await assertion({ claims: { iss: undefined } })), 'jwt_bearer.issuer_untrusted')
  const nobody = await server.aClient({ grantTypes: [grantType] })
  await refused(await present(await assertion(), {}, nobody), 'jwt_bearer.issuer_untrusted')
})

test('RFC 7523 §3: what is no JWT is refused', async (t) => {
  const rows = [
    { name: 'a word', value: 'banana' },
    { name: 'two parts', value: 'e30.e30' },
    { name: 'no object', value: `${Buffer.from('{"alg":"ES256"}').toString('base64url')}.W10.AA` },
  ]
  for (const { name, value } of rows)
    await t.test(name, async () => refused(await present(value), 'jwt_bearer.malformed'))
  await assertJsonRefusal(server, await present(undefined), {
    error: 'invalid_request',
    rule: 'parameter.missing',
  })
})

test('RFC 8725 §3.1: only algorithms that the administrator allowed', async () => {
  const rsa = await clientKey('RS256')
  await refused(await present(await assertion({}, rsa)), 'jwt_bearer.algorithm')
  await refused(await present(unsigned(claims())), 'jwt_bearer.algorithm')
  const secret = { ...key, alg: 'HS256', privateKey: new TextEncoder().encode(JSON.stringify(key.publicJwk)) }
  await refused(await present(await signedBy(secret, claims())), 'jwt_bearer.algorithm')
})

test('RFC 7523 §3: the signature must be by a key of the issuer', async () => {
  const other = await clientKey('ES256', 'ES256-2')
  await refused(await present(await assertion({}, other)), 'jwt_bearer.signature')
  const sameName = await clientKey('ES256', key.kid)
  await refused(await present(await assertion({}, sameName)), 'jwt_bearer.signature')
  const good = await assertion()
  await refused(await present(`${good.slice(0, -8)}AAAAAAAA`), 'jwt_bearer.signature')
})

test('RFC 7523 §3: keys can be at an address, and nobody there means no token', async () => {
  const jwksUri = 'https://idp.test/keys'
  const remote = { issuer, jwksUri, algorithms: ['ES256'], subjects: 'all' } as const
  const first = await aClientOf([remote])
  await refused(await present(await assertion(), {}, first), 'jwt_bearer.signature')
  network.serve(jwksUri, { text: JSON.stringify({ keys: [key.publicJwk] }) })
  await granted(await present(await assertion(), {}, await aClientOf([remote])))
  assert.deepEqual(new Set(network.asked), new Set([jwksUri]))
})

test('RFC 7523 §3: an assertion lives shortly, and now', async (t) => {
  const now = server.now()
  const rows = [
    { name: 'without exp', given: { exp: undefined }, rule: 'jwt_bearer.expired' },
    { name: 'exp that is text', given: { exp: String(now + 60) }, rule: 'jwt_bearer.expired' },
    { name: 'expired', given: { exp: now - 10 }, rule: 'jwt_bearer.expired' },
    { name: 'for a day', given: { exp: now + 86_400 }, rule: 'jwt_bearer.too_long' },
    { name: 'not yet', given: { nbf: now + 60 }, rule: 'jwt_bearer.not_yet_valid' },
    { name: 'from the future', given: { iat: now + 60 }, rule: 'jwt_bearer.not_yet_valid' },
    { name: 'nbf that is text', given: { nbf: 'now' }, rule: 'jwt_bearer.not_yet_valid' },
    { name: 'without jti', given: { jti: undefined }, rule: 'jwt_bearer.jti_missing' },
    { name: 'jti that is empty', given: { jti: '' }, rule: 'jwt_bearer.jti_missing' },
  ]
  for (const { name, given, rule } of rows)
    await t.test(name, async () => refused(await present(await assertion({ claims: given })), rule))
  await granted(await present(await assertion({ claims: { exp: now - 9, nbf: now + 10, iat: now + 10 } })))
})

test('RFC 7523 §3: the subject is a user of ours whom the issuer may speak about', async (t) => {
  const blocked = await server.aUser({ email: 'blocked@example.com', blocked: true })
  const rows = [
    { name: 'nobody', sub: 'auth0|nobody' },
    { name: 'absent', sub: undefined },
    { name: 'a number', sub: 7 },
    { name: 'blocked', sub: blocked.id },
    { name: 'an email address', sub: user.email },
  ]
  for (const { name, sub } of rows) {
    await t.test(name, async () =>
      refused(await present(await assertion({ claims: { sub } })), 'jwt_bearer.subject'),
    )
  }
  const narrow = await aClientOf([{ ...trusted, subjects: ['auth0|somebody'] }])
  await refused(await present(await assertion(), {}, narrow), 'jwt_bearer.subject')
  await granted(await present(await assertion(), {}, await aClientOf([{ ...trusted, subjects: [user.id] }])))
})

test('RFC 7523 §3: an assertion works once, for whichever client and for as long as it lives', async () => {
  const once = await assertion()
  await granted(await present(once))
  await refused(await present(once), 'jwt_bearer.replayed')
  await refused(await present(once, {}, await aClientOf([trusted])), 'jwt_bearer.replayed')
  server.advance('69s')
  await refused(await present(once), 'jwt_bearer.replayed')
  server.advance('1s')
  await refused(await present(once), 'jwt_bearer.expired')
})

test('RFC 7523 §3.1: a refusal for another reason leaves the assertion whole', async () => {
  const once = await assertion()
  await assertJsonRefusal(server, await present(once, { scope: 'create:contacts' }), {
    error: 'invalid_scope',
    rule: 'represented.scope_not_granted',
  })
  await assertJsonRefusal(server, await present(once, { audience: undefined }), {
    error: 'invalid_target',
    rule: 'represented.no_target',
  })
  await granted(await present(once))
})

test('RFC 7523 §2.1: without a client grant for users there is no token', async () => {
  const bare = await server.aClient({ grantTypes: [grantType], trustedIssuers: [trusted] })
  await assertJsonRefusal(server, await present(await assertion(), {}, bare), {
    error: 'invalid_target',
    rule: 'represented.no_client_grant',
  })
})

test('RFC 7521 §4.1: only clients that authenticate and may use the grant', async () => {
  const open = await server.aClient({
    tokenEndpointAuthMethod: 'none',
    grantTypes: [grantType],
    trustedIssuers: [trusted],
  })
  await assertJsonRefusal(server, await present(await assertion(), {}, open), {
    error: 'unauthorized_client',
    rule: 'token.public_client',
  })
  await assertJsonRefusal(server, await present(await assertion(), {}, await server.aClient()), {
    error: 'unauthorized_client',
    rule: 'token.grant_type_not_allowed',
  })
})

for (const { name, start } of engines) {
  test(`RFC 7523 §3: of 50 requests with one assertion one gets a token, on ${name}`, async (t) => {
    const on = await start()
    t.after(() => on.close())
    const scene = await aScene(on)
    const given = { aud: on.issuer, sub: scene.user.id, exp: on.now() + 60, iat: on.now() }
    const once = await signedBy(key, { iss: issuer, jti: 'once', ...given })
    const request = {
      grant_type: grantType,
      ...credentials(scene.client),
      assertion: once,
      audience: scene.api.identifier,
    }
    const answers = await Promise.all(Array.from({ length: 50 }, async () => json(await token(on, request))))
    assert.equal(answers.filter((answer) => 'access_token' in answer).length, 1)
    assert.equal(answers.filter(({ error }) => error === 'invalid_grant').length, 49)
    assert.equal(on.lastRefusal(), 'jwt_bearer.replayed')
  })
}

test('RFC 7523 §2.1: who is deleted between two assertions gets no second token', async () => {
  const grace = await server.aUser({ email: 'grace@example.com' })
  await granted(await present(await assertion({ claims: { sub: grace.id } })))
  await rowsOf(server).users.delete(grace.id)
  await refused(await present(await assertion({ claims: { sub: grace.id } })), 'jwt_bearer.subject')
})
