import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ClientId } from '../../src/domain/ids.ts'
import { aTarget } from './a-target.ts'

const entry = {
  name: 'App',
  client_id: 'app',
  callbacks: ['https://app.test/callback'],
}

async function logoutOf(target: Awaited<ReturnType<typeof aTarget>>) {
  return (await target.rows.clients.find('app' as ClientId))?.logout
}

test('how a client learns of a logout is read, kept and taken back', async () => {
  const target = await aTarget()
  await target.applied({
    clients: [
      {
        ...entry,
        oidc_logout: {
          backchannel_logout_urls: ['https://app.test/back'],
          backchannel_logout_initiators: { mode: 'custom', selected_initiators: ['rp-logout'] },
        },
        valetkey: {
          frontchannel_logout_uri: 'https://app.test/front',
          frontchannel_logout_session_required: true,
        },
      },
    ],
  })
  const all = {
    backchannelUri: 'https://app.test/back',
    frontchannelUri: 'https://app.test/front',
    frontchannelSessionRequired: true,
  }
  assert.deepEqual(await logoutOf(target), all)
  await target.applied({ clients: [entry] })
  assert.deepEqual(await logoutOf(target), all)
  await target.applied({
    clients: [
      {
        ...entry,
        oidc_logout: { backchannel_logout_urls: [] },
        valetkey: { frontchannel_logout_uri: '' },
      },
    ],
  })
  assert.equal(await logoutOf(target), undefined)
})

const mistakes = [
  {
    name: 'a fragment',
    given: { oidc_logout: { backchannel_logout_urls: ['https://app.test/back#x'] } },
    expected: /backchannel_logout_urls\[0\]: must not contain a fragment/,
  },
  {
    name: 'plain http to another host',
    given: { oidc_logout: { backchannel_logout_urls: ['http://app.test/back'] } },
    expected: /backchannel_logout_urls\[0\]: expected https/,
  },
  {
    name: 'a scheme that is no web address',
    given: { oidc_logout: { backchannel_logout_urls: ['com.app:/back'] } },
    expected: /backchannel_logout_urls\[0\]: expected a web address/,
  },
  {
    name: 'no telling of a logout',
    given: {
      oidc_logout: {
        backchannel_logout_initiators: { mode: 'custom', selected_initiators: ['idp-logout'] },
      },
    },
    expected: /selected_initiators: cannot be without rp-logout/,
  },
  {
    name: 'a frame of an origin that no callback has (OpenID Connect Front-Channel Logout §2)',
    given: { valetkey: { frontchannel_logout_uri: 'https://other.test/front' } },
    expected: /frontchannel_logout_uri: must have scheme, host and port of one of the callbacks/,
  },
]

for (const { name, given, expected } of mistakes) {
  test(`a logout address with ${name} is a mistake`, async () => {
    const target = await aTarget()
    const found = await target.mistakes({ clients: [{ ...entry, ...given }] })
    assert.match(found.join('\n'), expected)
  })
}

test('logout addresses and authentication contexts of the tenant are read and kept', async () => {
  const target = await aTarget()
  const acr_values = [{ value: 'urn:example:otp', methods: ['pwd', 'otp'] }]
  await target.applied({
    tenant: { allowed_logout_urls: ['https://www.test/bye'], valetkey: { acr_values } },
  })
  await target.applied({ tenant: { friendly_name: 'Example' } })
  const settings = await target.settings()
  assert.deepEqual([settings?.allowedLogoutUrls, settings?.acrValues], [['https://www.test/bye'], acr_values])
})
