// Several live secrets of one client, as a rotation needs them, through the server that they open.
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, test } from 'node:test'
import { resolveConfig } from '../../src/config/config.ts'
import { createServer } from '../../src/server.ts'
import { aTarget } from './a-target.ts'

const resolved = resolveConfig({
  publicUrl: 'https://valetkey.test',
  store: { sqlite: { file: ':memory:' } },
  masterKey: randomBytes(32).toString('base64url'),
  log: { level: 'silent' },
})
assert.ok(resolved.kind === 'resolved', JSON.stringify(resolved))
const server = await createServer(resolved.config)
after(() => server.close())

const [first, second, third] = ['first', 'second', 'third'].map((word) => word.padEnd(40, '-'))

const file = (members: object) => ({
  resourceServers: [{ identifier: 'https://api.example/', name: 'API' }],
  clients: [{ name: 'Job', client_id: 'job', app_type: 'non_interactive', ...members }],
  clientGrants: [{ client_id: 'job', audience: 'https://api.example/', scope: [] }],
})

async function applied(members: object) {
  const result = await server.apply(file(members))
  assert.ok(result.kind === 'applied', JSON.stringify(result))
  return result.report
}

/** The status of a token request with each of the secrets. */
function statuses(secrets: readonly (string | undefined)[]) {
  return Promise.all(
    secrets.map(async (secret = '') => {
      const body = new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: 'job',
        client_secret: secret,
        audience: 'https://api.example/',
      })
      const request = new Request(`${server.issuer}oauth/token`, { method: 'POST', body })
      return (await server.fetch(request)).status
    }),
  )
}

test('RFC 6749 §2.3.1: both secrets work while one takes the place of the other, and the one removed stops', async () => {
  await applied({ client_secret: first })
  assert.deepEqual(await statuses([first, second]), [200, 401])
  await applied({ valetkey: { client_secrets: [second, first] } })
  assert.deepEqual(await statuses([first, second, third]), [200, 200, 401])
  await applied({ valetkey: { client_secrets: [second] } })
  assert.deepEqual(await statuses([first, second]), [401, 200])
})

test('a single client_secret ends all others, and a file without any leaves them', async () => {
  await applied({ valetkey: { client_secrets: [first, second, third] } })
  const { unchanged } = await applied({})
  assert.equal(unchanged.length, 3)
  assert.deepEqual(await statuses([first, second, third]), [200, 200, 200])
  await applied({ client_secret: second })
  assert.deepEqual(await statuses([first, second, third]), [401, 200, 401])
})

test('the same secrets applied again change nothing', async () => {
  const members = { valetkey: { client_secrets: [first, second] } }
  await applied(members)
  const { created, updated, secrets } = await applied(members)
  assert.deepEqual([created, updated, secrets], [[], [], []])
})

test('secrets that contradict each other or the client are mistakes', async (t) => {
  const rows = [
    {
      name: 'one secret beside the list',
      members: { client_secret: third, valetkey: { client_secrets: [first] } },
      mistake:
        'clients[0].client_secret: contradicts valetkey.client_secrets, which lists all: give one of them',
    },
    {
      name: 'the same twice',
      members: { valetkey: { client_secrets: [first, first] } },
      mistake: 'clients[0].valetkey.client_secrets[1]: stands twice in this list',
    },
    {
      name: 'a public client',
      members: { app_type: 'spa', valetkey: { client_secrets: [first] } },
      mistake:
        'clients[0].valetkey.client_secrets: a client that does not authenticate with a secret has none: remove it, or set token_endpoint_auth_method',
    },
    {
      name: 'none at all',
      members: { valetkey: { client_secrets: [] } },
      mistake: 'clients[0].valetkey.client_secrets: expected at least 1 entries',
    },
    {
      name: 'a short one',
      members: { valetkey: { client_secrets: ['short'] } },
      mistake: 'clients[0].valetkey.client_secrets[0]: expected at least 32 characters',
    },
  ]
  for (const { name, members, mistake } of rows)
    await t.test(name, async () => {
      const { mistakes } = await aTarget()
      assert.deepEqual(await mistakes({ clients: [{ name: 'Job', client_id: 'job', ...members }] }), [
        mistake,
      ])
    })
})
