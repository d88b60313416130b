import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ClientId } from '../../src/domain/ids.ts'
import { aTarget } from './a-target.ts'

const fileWith = (valetkey: object, members: object = {}) => ({
  clients: [{ name: 'Web', client_id: 'web', ...members, valetkey }],
})

async function openidOf({ rows }: Awaited<ReturnType<typeof aTarget>>) {
  const client = await rows.clients.find('web' as ClientId)
  const { pairwise, defaultMaxAgeSeconds, requireAuthTime, defaultAcrValues } = client ?? {}
  return { pairwise, defaultMaxAgeSeconds, requireAuthTime, defaultAcrValues }
}

test('OIDC Registration §2: an administrator says what a registering client may say of its logins', async () => {
  const target = await aTarget()
  const members = {
    subject_type: 'pairwise',
    sector_identifier_uri: 'https://sector.example/web.json',
    default_max_age: 0,
    require_auth_time: true,
    default_acr_values: ['urn:example:strong'],
  }
  await target.applied(fileWith(members))
  const expected = {
    pairwise: { sectorIdentifierUri: 'https://sector.example/web.json' },
    defaultMaxAgeSeconds: 0,
    requireAuthTime: true,
    defaultAcrValues: ['urn:example:strong'],
  }
  assert.deepEqual(await openidOf(target), expected)
  await target.applied(fileWith({}))
  assert.deepEqual(await openidOf(target), expected)
})

test('OIDC Registration §2: what was said can be taken back', async () => {
  const target = await aTarget()
  await target.applied(
    fileWith({
      subject_type: 'pairwise',
      sector_identifier_uri: 'https://sector.example/',
      default_acr_values: ['a'],
    }),
  )
  await target.applied(fileWith({ sector_identifier_uri: '', default_acr_values: [] }))
  assert.deepEqual((await openidOf(target)).pairwise, {})
  assert.equal((await openidOf(target)).defaultAcrValues, undefined)
  await target.applied(fileWith({ subject_type: 'public' }))
  assert.equal((await openidOf(target)).pairwise, undefined)
})

test('OIDC Core §8.1: pairwise subjects of several hosts need a sector', async () => {
  const { mistakes, applied } = await aTarget()
  const callbacks = ['https://a.example/cb', 'https://b.example/cb']
  assert.deepEqual(await mistakes(fileWith({ subject_type: 'pairwise' }, { callbacks })), [
    'clients[0].valetkey.subject_type: callbacks of several hosts need a sector_identifier_uri (OpenID Connect Core §8.1)',
  ])
  await applied(
    fileWith({ subject_type: 'pairwise', sector_identifier_uri: 'https://a.example/s' }, { callbacks }),
  )
  // Loopback hosts are nobody's own: the client is its own sector.
  const native = ['http://127.0.0.1/cb', 'http://[::1]/cb', 'com.example.app:/cb']
  await applied(fileWith({ subject_type: 'pairwise', sector_identifier_uri: '' }, { callbacks: native }))
})

test('OIDC Registration §2: a sector is an https address, a time is in seconds', async (t) => {
  const rows = [
    { name: 'http', members: { sector_identifier_uri: 'http://localhost/sector' } },
    { name: 'another type', members: { subject_type: 'private' } },
    { name: 'a negative time', members: { default_max_age: -1 } },
    { name: 'an acr with a space', members: { default_acr_values: ['a b'] } },
  ]
  for (const { name, members } of rows)
    await t.test(name, async () => {
      const { mistakes } = await aTarget()
      assert.equal((await mistakes(fileWith(members))).length, 1)
    })
})
