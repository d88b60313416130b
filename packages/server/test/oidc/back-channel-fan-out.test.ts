// A logout must not make this server a weapon: one account, joined to many clients of one host, is many requests to it.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { SessionId } from '../../src/domain/ids.ts'
import { DeliveryLine } from '../../src/http/delivery-line.ts'
import { startTestServer } from '../../src/testkit/testkit.ts'
import { claimsOf, rowsOf } from '../rfc/requests.ts'

interface Crowd {
  now: number
  most: number
}

const all: Crowd = { now: 0, most: 0 }
const byHost = new Map<string, Crowd>()
let calls = 0

async function counted<Value>(crowds: readonly Crowd[], work: () => Promise<Value>): Promise<Value> {
  for (const crowd of crowds) {
    crowd.now += 1
    crowd.most = Math.max(crowd.most, crowd.now)
  }
  try {
    return await work()
  } finally {
    for (const crowd of crowds) crowd.now -= 1
  }
}

const server = await startTestServer({
  fetcher: {
    fetch({ url }) {
      calls += 1
      const { host } = new URL(url)
      const crowd = byHost.get(host) ?? { now: 0, most: 0 }
      byHost.set(host, crowd)
      return counted([all, crowd], async () => {
        await new Promise((resolve) => setTimeout(resolve, 10))
        return { status: 200, contentType: '', text: '' }
      })
    },
  },
})
after(() => server.close())

test('RFC 9700 §4.12: a logout calls one host no more than four times at once, and all hosts thirty-two times', async () => {
  const user = await server.aUser()
  const client = await server.aClient()
  const browser = server.browser()
  const { id_token } = await server.signIn({ client, user, browser })
  const sid = claimsOf(id_token).sid as SessionId
  const join = async (backchannelUri: string) => {
    const joined = await server.aClient({ logout: { backchannelUri } })
    await rowsOf(server).sessions.join(sid, joined.id)
  }
  for (let index = 0; index < 60; index++) await join(`https://victim.test/${index}`)
  for (let index = 0; index < 60; index++) await join(`https://app-${index}.test/logout`)
  await browser.open(`${server.issuer}v2/logout`)
  await server.idle()
  assert.equal(calls, 120, 'everybody is told')
  const most = byHost.get('victim.test')?.most ?? 0
  assert.ok(most > 1 && most <= 4, `${most} at once to one host`)
  assert.ok(all.most > 4 && all.most <= 32, `${all.most} at once`)
})

/** Work that ends when the test says so. */
function aPiece(begun: string[], name: string) {
  const { promise, resolve } = Promise.withResolvers<void>()
  const work = () => {
    begun.push(name)
    return promise
  }
  return { work, end: resolve }
}

test('hosts take turns, so that none waits for all that another has', async () => {
  const line = new DeliveryLine({ atOnce: 1, perHost: 1 })
  const begun: string[] = []
  const pieces = ['a', 'a', 'a', 'b', 'c'].map((host, index) => {
    const piece = aPiece(begun, host + index)
    return { done: line.run(host, piece.work), end: piece.end }
  })
  for (const { end } of pieces) end()
  await Promise.all(pieces.map(({ done }) => done))
  assert.deepEqual(begun, ['a0', 'a1', 'b3', 'c4', 'a2'])
})

test('a host that hangs keeps its places and no more', async () => {
  const line = new DeliveryLine({ atOnce: 3, perHost: 2 })
  const begun: string[] = []
  const hanging = [1, 2, 3].map((index) => aPiece(begun, `hanging ${index}`))
  for (const { work } of hanging) void line.run('a', work)
  const other = aPiece(begun, 'other')
  other.end()
  await line.run('b', other.work)
  assert.deepEqual(begun, ['hanging 1', 'hanging 2', 'other'])
})

test('what failed makes room too, and the caller is told', async () => {
  const line = new DeliveryLine({ atOnce: 1, perHost: 1 })
  await assert.rejects(
    line.run('a', () => Promise.reject(new Error('broken'))),
    /broken/,
  )
  const begun: string[] = []
  const next = aPiece(begun, 'next')
  next.end()
  await line.run('a', next.work)
  assert.deepEqual(begun, ['next'])
})

test('a stopped line begins nothing more, and nobody waits for what it dropped', async () => {
  const line = new DeliveryLine({ atOnce: 1, perHost: 1 })
  const begun: string[] = []
  const first = aPiece(begun, 'first')
  const running = line.run('a', first.work)
  const dropped = line.run('a', aPiece(begun, 'second').work)
  line.stop()
  await dropped
  await line.run('b', aPiece(begun, 'third').work)
  first.end()
  await running
  assert.deepEqual(begun, ['first'])
})
