// A name that answers one address when it is checked and another when it is connected to (DNS re-binding).
import assert from 'node:assert/strict'
import dns from 'node:dns'
import { once } from 'node:events'
import { syncBuiltinESMExports } from 'node:module'
import { createServer } from 'node:net'
import { after, mock, test } from 'node:test'
import { FetchRefused } from '../../src/domain/ports.ts'

let visits = 0
const inside = createServer((socket) => {
  visits += 1
  socket.destroy()
}).listen(0, '127.0.0.1')
await once(inside, 'listening')
const address = inside.address()
assert.ok(typeof address === 'object' && address !== null)
const { port } = address

// The resolver of this process; each look-up takes the next answer.
let answers: readonly (readonly string[])[] = []
let lookups = 0
const resolver = mock.method(dns, 'lookup', (_name: string, _options: object, callback: unknown) => {
  const [next = ['127.0.0.1'], ...later] = answers
  answers = later
  lookups += 1
  assert.ok(typeof callback === 'function')
  const found = next.map((ip) => ({ address: ip, family: ip.includes(':') ? 6 : 4 }))
  process.nextTick(() => callback(null, found))
})
syncBuiltinESMExports()
const { guardedFetcher } = await import('../../src/ports/guarded-fetcher.ts')
after(() => {
  resolver.mock.restore()
  syncBuiltinESMExports()
  inside.close()
})
const fetcher = guardedFetcher({ allowedHosts: [] })

function refused(host: string): Promise<void> {
  const outgoing = { url: `https://${host}:${port}/jwks.json`, timeoutMilliseconds: 200 }
  return assert.rejects(fetcher.fetch(outgoing), FetchRefused)
}

test('RFC 9700 §4.12: a name with a private address among public ones is not connected to', async (t) => {
  const rows = [
    { name: 'private alone', ips: ['127.0.0.1'] },
    { name: 'private last', ips: ['192.0.2.1', '127.0.0.1'] },
    { name: 'a public one first', ips: ['8.8.8.8', '127.0.0.1'] },
    { name: 'in IPv6 clothes', ips: ['2606:4700::1111', '::ffff:127.0.0.1'] },
    { name: 'nothing', ips: [] },
  ]
  for (const { name, ips } of rows) {
    await t.test(name, async () => {
      answers = [ips]
      await refused('rebinding.test')
    })
  }
  assert.equal(visits, 0)
})

test('RFC 9700 §4.12: a name is asked for once, so that a better second answer changes nothing', async () => {
  lookups = 0
  answers = [['127.0.0.1'], ['8.8.8.8']]
  await refused('rebinding.test')
  assert.deepEqual([lookups, visits], [1, 0])
})

test('RFC 9700 §4.12: a name that is public when it is asked for and private afterwards leads nowhere inside', async () => {
  lookups = 0
  // Public, and nobody's.
  answers = [['2d00::1'], ['127.0.0.1']]
  await refused('rebinding.test')
  assert.deepEqual([lookups, visits], [1, 0])
})
