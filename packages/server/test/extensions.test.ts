// An extension that collides, takes what is reserved, or lies in metadata stops the boot with one sentence.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  defineClientAuth,
  defineEndpoint,
  defineGrant,
  defineResponseMode,
  defineTokenFormat,
  optional,
  type Plug,
  rule,
} from '../src/extend.ts'
import { registryWith } from '../src/oauth/extensions.ts'
import { metadata } from '../src/oauth/metadata.ts'

const issuer = 'https://valetkey.test/'
const never = () => Promise.reject(new Error('not called'))

function aGrant(given: Partial<Parameters<typeof defineGrant>[0]> = {}): Plug {
  const grantType = 'https://example.com/grant'
  return defineGrant({ grantType, clientAuth: 'any', params: {}, rules: [], decide: never, ...given })
}

function anEndpoint(given: Partial<Parameters<typeof defineEndpoint>[0]> = {}): Plug {
  const path = 'oauth/example'
  return defineEndpoint({ path, params: {}, rules: [], metadata: () => ({}), handle: never, ...given })
}

function aMethod(given: Partial<Parameters<typeof defineClientAuth>[0]> = {}): Plug {
  const method = 'https://example.com/method'
  return defineClientAuth({
    method,
    serves: [method],
    keeps: 'secret',
    rules: [],
    detect: () => undefined,
    verify: never,
    ...given,
  })
}

function aMode(name: string): Plug {
  return defineResponseMode({
    name,
    announced: true,
    carriesTokens: true,
    deliver: ({ redirectUri }) => ({ kind: 'redirect', location: redirectUri }),
  })
}

function aFormat(name: string): Plug {
  return defineTokenFormat({ name, mint: never, read: never })
}

const aRule = rule({
  id: 'example.rule',
  clause: 'RFC 6749 §5.2',
  error: 'invalid_grant',
  description: 'An example',
})

test('RFC 8414 §2: extensions of every kind start together, and discovery announces them', () => {
  const extensions = [
    aGrant({ rules: [aRule] }),
    anEndpoint({
      rules: [aRule],
      metadata: (url) => ({ example_endpoint: url, example_policy_uri: `${issuer}policy` }),
    }),
    aMethod({ signingAlgorithms: ['ES512'] }),
    aMode('example'),
    aFormat('example'),
  ]
  const document = metadata(issuer, registryWith(extensions, issuer), [])
  assert.ok(document.grant_types_supported.includes('https://example.com/grant'))
  assert.ok(document.response_modes_supported.includes('example'))
  assert.ok(document.token_endpoint_auth_methods_supported.includes('https://example.com/method'))
  assert.ok(document.token_endpoint_auth_signing_alg_values_supported.includes('ES512'))
  assert.equal(
    Object.entries(document).find(([name]) => name === 'example_endpoint')?.[1],
    `${issuer}oauth/example`,
  )
})

const announcing = (members: Readonly<Record<string, unknown>>) => anEndpoint({ metadata: () => members })

const broken: Readonly<Record<string, readonly [readonly Plug[], string]>> = {
  'two grants of one name': [[aGrant(), aGrant()], 'the grant https://example.com/grant is registered twice'],
  'a grant that is built in': [
    [aGrant({ grantType: 'authorization_code' })],
    'an extension replaces the built-in grant authorization_code',
  ],
  'an endpoint that is built in': [
    [anEndpoint({ path: 'oauth/token' })],
    'an extension replaces the built-in endpoint oauth/token',
  ],
  'a method that is built in': [
    [aMethod({ method: 'none' })],
    'an extension replaces the built-in client-authentication method none',
  ],
  'a response mode that is built in': [
    [aMode('query')],
    'an extension replaces the built-in response mode query',
  ],
  'a token format that is built in': [
    [aFormat('jwt')],
    'an extension replaces the built-in token format jwt',
  ],
  'a token format without a name': [
    [aFormat('')],
    'the token format needs a name of printable ASCII without spaces',
  ],
  'a response mode whose name has a space': [
    [aMode('my mode')],
    'the response mode my mode needs a name of printable ASCII without spaces',
  ],
  'a grant without a scheme (RFC 6749 §4.5)': [
    [aGrant({ grantType: 'implicit' })],
    'the grant implicit must be an absolute URI',
  ],
  'a method without a scheme (RFC 7591 §2)': [
    [aMethod({ method: 'signed', serves: ['signed'] })],
    'the client-authentication method signed must be an absolute URI',
  ],
  'an endpoint in place of a page': [
    [anEndpoint({ path: 'u/login' })],
    'the endpoint u/login must be below oauth/, in lower case',
  ],
  'a grant that reads client secrets': [
    [aGrant({ params: { client_secret: optional() } })],
    'the grant https://example.com/grant declares the reserved parameter client_secret',
  ],
  'an endpoint that reads client assertions': [
    [anEndpoint({ params: { client_assertion: optional() } })],
    'the endpoint oauth/example declares the reserved parameter client_assertion',
  ],
  'a method that serves nobody': [
    [aMethod({ serves: [] })],
    'the client-authentication method https://example.com/method must serve clients that are registered for it',
  ],
  'a method that opens the clients of another': [
    [aMethod({ serves: ['https://example.com/method', 'private_key_jwt'] })],
    'the client-authentication method https://example.com/method must not serve the built-in method private_key_jwt',
  ],
  'a method that does not say what its clients keep': [
    [aMethod({ keeps: 'a promise' as 'secret' })],
    'the client-authentication method https://example.com/method must say what its clients keep: secret, key or nothing',
  ],
  'a method that announces no signature (RFC 8414 §2)': [
    [aMethod({ signingAlgorithms: ['none'] })],
    'the client-authentication method https://example.com/method must not announce the algorithm none',
  ],
  'a rule under the id of a built-in one': [
    [aGrant({ rules: [rule({ ...aRule, id: 'pkce.verifier_wrong' })] })],
    'an extension declares the rule pkce.verifier_wrong again',
  ],
  'two rules of one id': [
    [aGrant({ rules: [aRule] }), anEndpoint({ rules: [{ ...aRule }] })],
    'an extension declares the rule example.rule again',
  ],
  'a rule without an id': [
    [aGrant({ rules: [rule({ ...aRule, id: '' })] })],
    'a rule of an extension needs an id',
  ],
  'another issuer': [
    [announcing({ issuer: 'https://evil.example/' })],
    'the endpoint oauth/example announces issuer, which is taken',
  ],
  'other keys': [
    [announcing({ jwks_uri: `${issuer}oauth/example` })],
    'the endpoint oauth/example announces jwks_uri, which is taken',
  ],
  'one member by two endpoints': [
    [announcing({ example: true }), anEndpoint({ path: 'oauth/other', metadata: () => ({ example: true }) })],
    'the endpoint oauth/other announces example, which is taken',
  ],
  'an endpoint of somebody else': [
    [announcing({ example_endpoint: 'https://evil.example/' })],
    'the endpoint oauth/example announces example_endpoint, which is not its address',
  ],
  'an address that is none': [
    [announcing({ example_uri: 'policy' })],
    'the endpoint oauth/example announces example_uri, which is not below the issuer',
  ],
  'an address outside the issuer': [
    [announcing({ example_uri: 'https://valetkey.test.evil.example/' })],
    'the endpoint oauth/example announces example_uri, which is not below the issuer',
  ],
}

test('an extension that collides, takes what is reserved or lies in metadata stops the boot', async (t) => {
  for (const [name, [extensions, message]] of Object.entries(broken)) {
    await t.test(name, () => {
      assert.throws(() => registryWith(extensions, issuer), { message })
    })
  }
})
