import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { startTestServer } from '../../src/testkit/testkit.ts'
import {
  assertRedirectRefusal,
  authorize,
  claimsOf,
  codeFor,
  type Given,
  granted,
  redeem,
} from './requests.ts'

const server = await startTestServer()
after(() => server.close())
const user = await server.aUser()
const client = await server.aClient()
const api = await server.anApi()
const other = await server.anApi({ identifier: 'https://other.test/' })

async function audienceOf(given: Given): Promise<unknown> {
  const code = await codeFor(server, { client, user }, { scope: 'read:contacts', ...given })
  return claimsOf((await granted(await redeem(server, client, code))).access_token).aud
}

test('RFC 8707 §2: resource names the API of the token', async () => {
  assert.equal(await audienceOf({ resource: api.identifier }), api.identifier)
})

test('RFC 8707 §2: the same resource twice is one', async () => {
  assert.equal(await audienceOf({ resource: [api.identifier, api.identifier] }), api.identifier)
})

test("RFC 8707 §2: Auth0's audience counts before resource", async () => {
  const given = { audience: other.identifier, resource: api.identifier }
  assert.equal(await audienceOf(given), other.identifier)
})

test("RFC 8707 §2: the tenant's default audience counts where none is named", async () => {
  const [tenant] = (await server.store.tenants.list({ limit: 1 })).items
  assert.ok(tenant)
  const settings = { ...tenant.settings, defaultAudience: api.identifier }
  await server.store.tenants.update({ ...tenant, settings })
  assert.equal(await audienceOf({}), api.identifier)
  await server.store.tenants.update({ ...tenant, version: tenant.version + 1 })
})

test('RFC 8707 §2: UserInfo itself can be named, and the token is opaque', async () => {
  const given = { scope: 'openid', audience: `${server.issuer}userinfo` }
  const code = await codeFor(server, { client, user }, given)
  const { access_token } = await granted(await redeem(server, client, code))
  assert.match(access_token ?? '', /^[\w-]{43}$/)
})

test('RFC 8707 §2: a resource that cannot be served is refused with invalid_target', async (t) => {
  const rows = [
    { name: 'unknown', resource: 'https://nowhere.test/', rule: 'target.resource_unknown' },
    { name: 'without a slash', resource: 'https://contacts.test', rule: 'target.resource_unknown' },
    { name: 'no URI', resource: 'contacts', rule: 'target.resource_malformed' },
    { name: 'relative', resource: '//contacts.test/', rule: 'target.resource_malformed' },
    { name: 'with a fragment', resource: `${api.identifier}#top`, rule: 'target.resource_malformed' },
    { name: 'two APIs', resource: [api.identifier, other.identifier], rule: 'target.two_apis' },
    { name: 'one known, one malformed', resource: [api.identifier, '#'], rule: 'target.resource_malformed' },
  ]
  for (const { name, resource, rule } of rows) {
    await t.test(name, async () => {
      const response = await authorize(server, client, { resource })
      assertRedirectRefusal(server, response, { error: 'invalid_target', rule })
    })
  }
})

test('RFC 6749 §4.1.2.1: an unknown audience is refused with access_denied, as with Auth0', async () => {
  const response = await authorize(server, client, { audience: 'https://nowhere.test/' })
  const { searchParams } = new URL(response.headers.get('location') ?? '')
  assert.match(searchParams.get('error_description') ?? '', /^Service not found: /)
  assertRedirectRefusal(server, response, { error: 'access_denied', rule: 'target.audience_unknown' })
})
