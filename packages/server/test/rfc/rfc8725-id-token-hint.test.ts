// An ID token is known by what it has, whatever else this server signs with the same keys.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { defineEndpoint } from '../../src/oauth/endpoints/endpoint.ts'
import { required } from '../../src/oauth/params.ts'
import { startTestServer } from '../../src/testkit/testkit.ts'
import {
  assertPageRefusal,
  assertRedirectRefusal,
  authorize,
  claimsOf,
  credentials,
  form,
} from './requests.ts'

/** Signs whatever it is told to, as an extension could. */
const signing = defineEndpoint({
  path: 'oauth/sign',
  params: { typ: required(), claims: required() },
  rules: [],
  metadata: () => ({}),
  async handle({ params }, call) {
    const body = await call.keys.sign('RS256', params.typ, JSON.parse(params.claims))
    return { kind: 'jwt', mediaType: 'application/jwt', body }
  },
})
const server = await startTestServer({ extensions: [signing] })
after(() => server.close())
const client = await server.aClient()
const { id_token } = await server.signIn({ client, user: await server.aUser() })
const genuine = claimsOf(id_token)

async function signed(typ: string, claims: object): Promise<string> {
  const body = form({ ...credentials(client), typ, claims: JSON.stringify(claims) })
  return (await server.fetch(`${server.issuer}oauth/sign`, { method: 'POST', body })).text()
}

const { auth_time: _time, ...withoutLogin } = genuine
const { exp: _end, ...withoutEnd } = genuine
const rows = [
  { name: 'the type of an access token', typ: 'at+jwt', claims: genuine },
  { name: 'the type of a logout token', typ: 'logout+jwt', claims: genuine },
  { name: 'the type of a signed UserInfo answer', typ: 'userinfo+jwt', claims: genuine },
  { name: 'the type of a signed introspection answer', typ: 'token-introspection+jwt', claims: genuine },
  { name: 'the type of a request object', typ: 'oauth-authz-req+jwt', claims: genuine },
  { name: 'a type of nobody', typ: 'application/jwt', claims: genuine },
  { name: 'no time of a login', typ: 'JWT', claims: withoutLogin },
  { name: 'a time of a login that is text', typ: 'JWT', claims: { ...genuine, auth_time: '0' } },
  { name: 'no end', typ: 'JWT', claims: withoutEnd },
  { name: 'several audiences', typ: 'JWT', claims: { ...genuine, aud: [client.id, 'other'] } },
  { name: 'another issuer', typ: 'JWT', claims: { ...genuine, iss: 'https://other.test/' } },
  { name: 'no subject', typ: 'JWT', claims: { ...genuine, sub: null } },
]

test('RFC 8725 §3.12: the same claims under our key and the type of an ID token are one', async () => {
  const response = await authorize(server, client, { id_token_hint: await signed('JWT', genuine) })
  assert.match(response.headers.get('location') ?? '', /\/u\/login/)
})

for (const { name, typ, claims } of rows) {
  test(`RFC 8725 §3.11: what this server signed with ${name} is no ID token`, async () => {
    const id_token_hint = await signed(typ, claims)
    const refusal = { error: 'invalid_request', rule: 'authorize.id_token_hint_invalid' }
    assertRedirectRefusal(server, await authorize(server, client, { id_token_hint }), refusal)
    const logout = await server.fetch(`${server.issuer}oidc/logout?${form({ id_token_hint })}`)
    await assertPageRefusal(server, logout, 'logout.id_token_hint_invalid')
  })
}
