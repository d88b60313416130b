// Messages about ended sessions outlive the process that was to send them, on both engines.
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { type Fetcher, FetchRefused, type OutgoingRequest } from '../../src/domain/ports.ts'
import { startTestServer, type TestServer } from '../../src/testkit/testkit.ts'
import { serverOnLoopback } from '../clients/scene.ts'
import { claimsOf, rowsOf, throughPages } from '../rfc/requests.ts'
import { temporaryDirectory } from '../stores/temporary-directory.ts'
import { freshDatabase } from '../support/postgres.ts'

const masterKey = Buffer.alloc(32, 7).toString('base64url')
const start = Date.parse('2026-01-01')
const backchannelUri = 'https://app.test/logged-out'

type Settings = Readonly<Record<string, unknown>>

const engines: readonly { readonly name: string; open(t: TestContext): Promise<Settings> }[] = [
  {
    name: 'SQLite',
    async open(t) {
      const { file, remove } = temporaryDirectory()
      t.after(remove)
      return { store: { sqlite: { file } }, masterKey }
    },
  },
  {
    name: 'PostgreSQL',
    async open(t) {
      const database = await freshDatabase()
      t.after(() => database.drop())
      return { store: { engine: 'postgres', postgres: { url: database.url } }, masterKey }
    },
  },
]

/** Processes that share one database, one after the other or side by side, and the client whom they tell. */
async function aScene(t: TestContext, settings: Settings) {
  const told: OutgoingRequest[] = []
  const client = { status: 200 }
  let started = 0
  return {
    told,
    client,
    /** Starts a process so many seconds after the first. */
    async process(seconds = 0): Promise<TestServer> {
      started += 1
      const server = await startTestServer({
        settings,
        seed: `process ${started}`,
        startAt: new Date(start + seconds * 1000).toISOString(),
        fetcher: {
          async fetch(request) {
            told.push(request)
            if (client.status === 0) throw new FetchRefused('nobody answers')
            return { status: client.status, contentType: '', text: '' }
          },
        },
      })
      t.after(() => server.close())
      return server
    },
  }
}

async function logInAndOut(server: TestServer) {
  const client = await server.aClient({ logout: { backchannelUri }, pairwise: {} })
  const user = await server.aUser()
  const browser = server.browser()
  await throughPages(server, { client, user, browser })
  await browser.open(`${server.issuer}v2/logout`)
  await server.idle()
  return { client, user }
}

function tokenOf(request: OutgoingRequest | undefined): Record<string, unknown> {
  return claimsOf(new URLSearchParams(request?.body).get('logout_token') ?? '')
}

/** How many messages wait in the store. */
async function waiting(server: TestServer): Promise<number> {
  const kind = { name: 'logout_delivery' }
  return (await rowsOf(server).artifacts.list(kind, { limit: 100 }, server.now())).items.length
}

for (const engine of engines) {
  const title = (text: string) => `${engine.name}: ${text}`

  test(
    title('Back-Channel Logout §2.5: a message that a stopped process left is sent by the next one'),
    async (t) => {
      const scene = await aScene(t, await engine.open(t))
      const before = await scene.process()
      scene.client.status = 0
      const { client } = await logInAndOut(before)
      await before.close()
      assert.equal(scene.told.length, 1)
      scene.client.status = 200
      const after = await scene.process(10)
      await after.upkeep()
      assert.equal(scene.told.length, 1, 'it may still be on its way')
      after.advance('60s')
      await after.upkeep()
      assert.equal(scene.told.length, 2)
      const [first, second] = scene.told.map(tokenOf)
      assert.deepEqual([second?.sub, second?.sid, second?.aud], [first?.sub, first?.sid, client.id])
      assert.notEqual(second?.jti, first?.jti)
      assert.equal(second?.iat, after.now())
      assert.equal(await waiting(after), 0)
      after.advance('1d')
      await after.upkeep()
      assert.equal(scene.told.length, 2)
    },
  )

  test(
    title('Back-Channel Logout §2.5: of fifty take-ups by two processes at once, one tells the client'),
    async (t) => {
      const scene = await aScene(t, await engine.open(t))
      const before = await scene.process()
      scene.client.status = 503
      await logInAndOut(before)
      await before.close()
      const both = [await scene.process(61), await scene.process(61)]
      scene.client.status = 200
      const [one, other] = both
      assert.ok(one && other)
      await Promise.all(Array.from({ length: 50 }, (_, index) => (index % 2 === 0 ? one : other).upkeep()))
      assert.equal(scene.told.length, 2)
      assert.equal(await waiting(one), 0)
    },
  )

  test(
    title('Back-Channel Logout §2.5: a process that takes a message up counts the attempts that were made'),
    async (t) => {
      const scene = await aScene(t, await engine.open(t))
      scene.client.status = 500
      let running = await scene.process()
      await logInAndOut(running)
      for (const [index, seconds] of [100, 200, 300, 400, 500].entries()) {
        await running.close()
        running = await scene.process(seconds)
        await running.upkeep()
        assert.equal(scene.told.length, Math.min(index + 2, 4))
      }
      assert.equal(await waiting(running), 0)
    },
  )

  test(
    title('Back-Channel Logout §2.5: a process that retries by itself leaves nothing to take up'),
    async (t) => {
      const scene = await aScene(t, await engine.open(t))
      const server = await scene.process()
      scene.client.status = 500
      await logInAndOut(server)
      for (const wait of ['1s', '5s']) {
        server.advance(wait)
        await server.idle()
      }
      assert.deepEqual([scene.told.length, await waiting(server)], [3, 1])
      await server.upkeep()
      assert.equal(scene.told.length, 3, 'it is still its own')
      scene.client.status = 204
      server.advance('30s')
      await server.idle()
      assert.deepEqual([scene.told.length, await waiting(server)], [4, 0])
    },
  )
}

test('Back-Channel Logout §2.5: a message that nobody could send for a day is dropped', async (t) => {
  const [sqlite] = engines
  assert.ok(sqlite)
  const scene = await aScene(t, await sqlite.open(t))
  const before = await scene.process()
  scene.client.status = 0
  await logInAndOut(before)
  await before.close()
  const late = await scene.process(86_401)
  await late.upkeep()
  assert.deepEqual([scene.told.length, await waiting(late)], [1, 0])
})

test('Back-Channel Logout §2.5: a server that starts to listen takes up what was left', async (t) => {
  const [sqlite] = engines
  assert.ok(sqlite)
  const settings = await sqlite.open(t)
  const scene = await aScene(t, settings)
  const before = await scene.process()
  scene.client.status = 0
  await logInAndOut(before)
  await before.close()
  const sent: OutgoingRequest[] = []
  const fetcher: Fetcher = {
    async fetch(request) {
      sent.push(request)
      return { status: 200, contentType: '', text: '' }
    },
  }
  const startAt = new Date(start + 61_000).toISOString()
  const after = await serverOnLoopback(t, { settings, startAt, fetcher })
  await after.idle()
  assert.equal(tokenOf(sent[0]).iss, after.issuer)
  assert.deepEqual([sent.length, await waiting(after)], [1, 0])
})

test('Back-Channel Logout §2.5: a client that was deleted meanwhile is not told', async (t) => {
  const [sqlite] = engines
  assert.ok(sqlite)
  const scene = await aScene(t, await sqlite.open(t))
  const server = await scene.process()
  scene.client.status = 0
  const { client } = await logInAndOut(server)
  await rowsOf(server).clients.delete(client.id)
  server.advance('1s')
  await server.idle()
  assert.deepEqual([scene.told.length, await waiting(server)], [1, 0])
})
