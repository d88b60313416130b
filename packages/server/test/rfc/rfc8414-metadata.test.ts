import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { defineGrant, defineResponseMode } from '../../src/extend.ts'
import { startTestServer } from '../../src/testkit/testkit.ts'
import { json } from './requests.ts'

const server = await startTestServer()
after(() => server.close())
const paths = ['.well-known/openid-configuration', '.well-known/oauth-authorization-server']

async function metadata(path = paths[0]): Promise<Record<string, unknown>> {
  return json(await server.fetch(`${server.issuer}${path}`))
}

test('RFC 8414 §3.3: the issuer is exactly the address of the document', async () => {
  for (const path of paths) assert.equal((await metadata(path)).issuer, 'https://valetkey.test/')
})

test('RFC 8414 §3: both well-known addresses answer the same', async () => {
  assert.deepEqual(await metadata(paths[0]), await metadata(paths[1]))
})

test('RFC 8414 §2: no member is empty, and every endpoint is an https address below the issuer', async () => {
  for (const [name, value] of Object.entries(await metadata())) {
    assert.ok(value !== null && value !== '', name)
    if (Array.isArray(value)) assert.ok(value.length > 0 && value.every((item) => item !== ''), name)
    if (/_endpoint$|_uri$/.test(name)) assert.ok(String(value).startsWith('https://valetkey.test/'), name)
  }
})

test('RFC 8414 §2: every announced endpoint is there', async () => {
  const found = await metadata()
  for (const name of ['authorization_endpoint', 'token_endpoint', 'userinfo_endpoint', 'jwks_uri']) {
    assert.notEqual((await server.fetch(String(found[name]))).status, 404, name)
  }
})

test('OIDC Discovery §3: what OpenID providers must offer is announced', async () => {
  const found = await metadata()
  const holds = (name: string, value: string) => assert.ok((found[name] as string[]).includes(value), name)
  holds('scopes_supported', 'openid')
  holds('response_types_supported', 'code')
  holds('subject_types_supported', 'public')
  holds('id_token_signing_alg_values_supported', 'RS256')
  holds('code_challenge_methods_supported', 'S256')
})

test('RFC 8414 §2: an extension announces itself', async () => {
  const grant = defineGrant({
    grantType: 'urn:example:nothing',
    clientAuth: 'any',
    params: {},
    rules: [],
    decide: () => Promise.reject(new Error('not asked for')),
  })
  const mode = defineResponseMode({
    name: 'example',
    announced: true,
    carriesTokens: false,
    deliver: ({ redirectUri }) => ({ kind: 'redirect', location: redirectUri }),
  })
  const extended = await startTestServer({ extensions: [grant, mode] })
  const found = await json(await extended.fetch(`${extended.issuer}${paths[0]}`))
  await extended.close()
  assert.ok((found.grant_types_supported as string[]).includes('urn:example:nothing'))
  assert.ok((found.response_modes_supported as string[]).includes('example'))
})

test('RFC 8414 §3.2: the document is for every page, and cached briefly', async () => {
  const { headers } = await server.fetch(`${server.issuer}${paths[0]}`, {
    headers: { origin: 'https://any.test' },
  })
  assert.equal(headers.get('access-control-allow-origin'), '*')
  assert.match(headers.get('cache-control') ?? '', /^public, max-age=/)
})

test('RFC 8414 §3.1: other methods and addresses are refused in JSON', async () => {
  const posted = await server.fetch(`${server.issuer}${paths[0]}`, { method: 'POST' })
  assert.deepEqual([posted.status, posted.headers.get('allow')], [405, 'GET'])
  assert.equal((await json(posted)).error, 'invalid_request')
  const unknown = await server.fetch(`${server.issuer}.well-known/nothing`)
  assert.equal(unknown.status, 404)
  assert.equal((await json(unknown)).error, 'invalid_request')
})
