import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import fc from 'fast-check'
import { authorizeParams } from '../../src/oauth/authorize/check.ts'
import { startTestServer } from '../../src/testkit/testkit.ts'
import {
  assertCleanError,
  hostileAuthorization,
  hostileBody,
  hostileForm,
  hostileJson,
  marker,
} from './hostile.ts'
import { authorizationParameters, codeFor, credentials, rowsOf, verifier } from './requests.ts'

const server = await startTestServer()
after(() => server.close())
const user = await server.aUser()
const client = await server.aClient({
  refreshToken: { rotating: false, leewaySeconds: 0 },
})
const api = await server.anApi()
await server.aClientGrant({ clientId: client.id, audience: api.identifier, scope: ['read:contacts'] })
const { refresh_token, access_token } = await server.signIn({ client, user, scope: 'openid offline_access' })
const code = await codeFor(server, { client, user })
const redirectUri = client.redirectUris[0] ?? ''

const own = credentials(client) as Readonly<Record<string, string>>
const bodies = [
  {
    grant_type: 'authorization_code',
    ...own,
    client_assertion: undefined,
    code,
    redirect_uri: redirectUri,
    code_verifier: verifier,
  },
  {
    grant_type: 'refresh_token',
    ...own,
    refresh_token,
    scope: 'openid',
    audience: undefined,
    resource: undefined,
  },
  {
    grant_type: 'client_credentials',
    ...own,
    scope: 'read:contacts',
    audience: api.identifier,
    resource: api.identifier,
  },
] as const
const anyForm = fc.oneof(...bodies.map(hostileForm))
const anyJson = fc.oneof(...bodies.map(hostileJson))

const tokenErrors = [
  'invalid_request',
  'invalid_client',
  'invalid_grant',
  'unauthorized_client',
  'unsupported_grant_type',
  'invalid_scope',
  'invalid_target',
  'access_denied',
]
const authorizeErrors = [
  'invalid_request',
  'unauthorized_client',
  'access_denied',
  'unsupported_response_type',
  'invalid_scope',
  'invalid_target',
  'login_required',
  'consent_required',
  'request_not_supported',
  'request_uri_not_supported',
]

// A request that fails where nobody expected it is logged, whatever it answers.
function assertNothingFailed(): void {
  assert.deepEqual(
    server.log.filter(({ event }) => event === 'request.failed'),
    [],
  )
}

async function assertTokenAnswer(response: Response): Promise<void> {
  assertNothingFailed()
  const text = await response.text()
  assert.ok([200, 400, 401, 403].includes(response.status), `${response.status} ${text}`)
  assert.equal(response.headers.get('content-type'), 'application/json')
  assert.equal(response.headers.get('cache-control'), 'no-store')
  assert.ok(!text.includes(marker), `echo: ${text}`)
  const body = JSON.parse(text)
  if (response.status === 200) assert.ok(body.access_token)
  else assertCleanError(body.error, body.error_description, tokenErrors)
}

function post(path: string, body: BodyInit, headers: Readonly<Record<string, string>>): Promise<Response> {
  return server.fetch(`${server.issuer}${path}`, { method: 'POST', body, headers })
}

const asForm = { 'content-type': 'application/x-www-form-urlencoded' }

test('RFC 6749 §5.2: whatever a form holds, the token endpoint answers with the right kind of error', async () => {
  const property = fc.asyncProperty(anyForm, async (form) => {
    await assertTokenAnswer(await post('oauth/token', form, asForm))
  })
  await fc.assert(property, { numRuns: 400 })
})

test('RFC 6749 §5.2: whatever JSON holds, the token endpoint answers with the right kind of error', async () => {
  const property = fc.asyncProperty(anyJson, async (json) => {
    await assertTokenAnswer(await post('oauth/token', json, { 'content-type': 'application/json' }))
  })
  await fc.assert(property, { numRuns: 400 })
})

test('RFC 6749 §5.2: whatever bytes and content type come, the token endpoint answers in JSON', async () => {
  const property = fc.asyncProperty(hostileBody, async ({ bytes, type }) => {
    await assertTokenAnswer(await post('oauth/token', bytes, { 'content-type': type }))
  })
  await fc.assert(property, { numRuns: 200 })
})

test('RFC 6749 §2.3.1: whatever the Authorization header holds, the token endpoint answers in JSON', async () => {
  const property = fc.asyncProperty(hostileAuthorization, anyForm, async (authorization, form) => {
    await assertTokenAnswer(await post('oauth/token', form, { ...asForm, authorization }))
  })
  await fc.assert(property, { numRuns: 200 })
})

const request = {
  ...Object.fromEntries(Object.keys(authorizeParams).map((name) => [name, undefined])),
  ...Object.fromEntries(authorizationParameters(client)),
  nonce: 'nonce',
  max_age: '10',
  audience: api.identifier,
}

async function assertAuthorizeAnswer(response: Response): Promise<void> {
  assertNothingFailed()
  const location = response.headers.get('location')
  if (location === null) {
    assert.equal(response.status, 400)
    assert.equal(response.headers.get('content-type'), 'text/html; charset=utf-8')
    assert.ok(!(await response.text()).includes(marker), 'echo')
    return
  }
  assert.ok(response.status === 302 || response.status === 303)
  if (location.startsWith(`${server.issuer}u/login?state=`)) return
  assert.ok(location.startsWith(redirectUri), location)
  const { search, hash } = new URL(location)
  const parameters = new URLSearchParams(hash === '' ? search : hash.slice(1))
  assertCleanError(parameters.get('error'), parameters.get('error_description'), authorizeErrors)
  assert.equal(parameters.has('code'), false)
}

test('RFC 6749 §4.1.2.1: whatever the query holds, the authorization endpoint answers by page or redirect', async () => {
  const property = fc.asyncProperty(hostileForm(request), async (query) => {
    await assertAuthorizeAnswer(await server.fetch(`${server.issuer}authorize?${query}`))
  })
  await fc.assert(property, { numRuns: 400 })
})

test('RFC 6749 §4.1.2.1: whatever is posted, the authorization endpoint answers by page or redirect', async () => {
  const property = fc.asyncProperty(hostileForm(request), async (form) => {
    await assertAuthorizeAnswer(await post('authorize', form, asForm))
  })
  await fc.assert(property, { numRuns: 200 })
  const bodies = fc.asyncProperty(hostileBody, async ({ bytes, type }) => {
    await assertAuthorizeAnswer(await post('authorize', bytes, { 'content-type': type }))
  })
  await fc.assert(bodies, { numRuns: 100 })
})

test('RFC 6750 §3.1: whatever UserInfo is sent, it answers in JSON', async () => {
  const anyBody = hostileForm({ access_token })
  const property = fc.asyncProperty(
    fc.option(hostileAuthorization, { nil: undefined }),
    anyBody,
    fc.boolean(),
    async (authorization, form, isPost) => {
      const headers = authorization === undefined ? {} : { authorization }
      const response = isPost
        ? await post('userinfo', form, { ...asForm, ...headers })
        : await server.fetch(`${server.issuer}userinfo?${form}`, { headers })
      assertNothingFailed()
      const text = await response.text()
      assert.ok([200, 400, 401, 403].includes(response.status), `${response.status} ${text}`)
      assert.equal(response.headers.get('content-type'), 'application/json')
      assert.ok(!text.includes(marker) && !(response.headers.get('www-authenticate') ?? '').includes(marker))
      const body = JSON.parse(text)
      if (response.status !== 200)
        assertCleanError(body.error, body.error_description, [
          'invalid_request',
          'invalid_token',
          'insufficient_scope',
        ])
    },
  )
  await fc.assert(property, { numRuns: 300 })
})

test('RFC 6749 §3.1: bad input leaves nothing behind', async () => {
  const clients = await rowsOf(server).clients.list({ limit: 1000 })
  assert.deepEqual(
    clients.items.map(({ id }) => id),
    [client.id],
  )
  assert.equal(Object.hasOwn(Object.prototype, 'admin'), false)
})
