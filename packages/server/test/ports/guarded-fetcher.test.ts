import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import { after, test } from 'node:test'
import { FetchRefused } from '../../src/domain/ports.ts'
import { guardedFetcher, isPublicAddress } from '../../src/ports/guarded-fetcher.ts'

const servers: Server[] = []
after(() => {
  for (const server of servers) {
    server.closeAllConnections()
    server.close()
  }
})

/** A server on a loopback port, which nobody may reach who is not allowed to. Counts its visitors. */
async function aServer(answer: RequestListener) {
  let visits = 0
  const server = createServer((request, response) => {
    visits += 1
    answer(request, response)
  }).listen(0, '127.0.0.1')
  servers.push(server)
  await once(server, 'listening')
  const address = server.address()
  assert.ok(address !== null && typeof address === 'object')
  const { port } = address
  return { port, origin: `http://127.0.0.1:${port}`, visits: () => visits }
}

const nobody = guardedFetcher({ allowedHosts: [] })

async function refusal(url: string, fetcher = nobody): Promise<string> {
  try {
    await fetcher.fetch({ url, timeoutMilliseconds: 500 })
  } catch (error) {
    assert.ok(error instanceof FetchRefused, String(error))
    return error.message
  }
  return assert.fail(`${url} was fetched`)
}

test('RFC 9700 §4.12: an address that is not public is refused, however it is written', async (t) => {
  const rows = [
    { name: 'loopback', url: 'https://127.0.0.1/' },
    { name: 'any loopback', url: 'https://127.8.9.10/' },
    { name: 'decimal', url: 'https://2130706433/' },
    { name: 'octal', url: 'https://0177.0.0.1/' },
    { name: 'hexadecimal', url: 'https://0x7f000001/' },
    { name: 'short', url: 'https://127.1/' },
    { name: 'a trailing dot', url: 'https://127.0.0.1./' },
    { name: 'full-width digits', url: 'https://１２７.０.０.１/' },
    { name: 'zero', url: 'https://0/' },
    { name: 'IPv6 loopback', url: 'https://[::1]/' },
    { name: 'IPv6 unspecified', url: 'https://[::]/' },
    { name: 'mapped', url: 'https://[::ffff:127.0.0.1]/' },
    { name: 'mapped in hex', url: 'https://[::ffff:7f00:1]/' },
    { name: 'translated', url: 'https://[::ffff:0:127.0.0.1]/' },
    { name: 'NAT64', url: 'https://[64:ff9b::7f00:1]/' },
    { name: '6to4', url: 'https://[2002:7f00:1::]/' },
    { name: 'private 10', url: 'https://10.0.0.1/' },
    { name: 'private 172', url: 'https://172.31.255.255/' },
    { name: 'private 192', url: 'https://192.168.0.1/' },
    { name: 'carrier', url: 'https://100.64.0.1/' },
    { name: 'cloud metadata', url: 'https://169.254.169.254/latest/meta-data/' },
    { name: 'cloud metadata over IPv6', url: 'https://[fd00:ec2::254]/' },
    { name: "Azure's wire server", url: 'https://168.63.129.16/' },
    { name: 'link-local', url: 'https://[fe80::1]/' },
    { name: 'unique local', url: 'https://[fc00::1]/' },
    { name: 'multicast', url: 'https://224.0.0.1/' },
    { name: 'broadcast', url: 'https://255.255.255.255/' },
    { name: 'a name', url: 'https://localhost/' },
    { name: 'a name with a dot', url: 'https://localhost./' },
  ]
  for (const { name, url } of rows)
    await t.test(name, async () => {
      const why = await refusal(url)
      // A system may not know a name at all; what matters is that nothing else was tried.
      assert.ok(why === 'the address is not public' || /localhost\./.test(url), why)
    })
})

test('RFC 6890 §2.2: what is public, and what is not', () => {
  const open = ['1.1.1.1', '8.8.8.8', '172.32.0.1', '223.255.255.255', '2606:4700::1111', '::ffff:8.8.8.8']
  assert.deepEqual(
    open.filter((address) => !isPublicAddress(address)),
    [],
  )
  const closed = ['', 'x', '1.1.1', 'fe80::1%eth0', '::8.8.8.8', '3fff::1', '5f00::1']
  assert.deepEqual(closed.filter(isPublicAddress), [])
})

test('RFC 9700 §4.12: only https, and no credentials', async () => {
  assert.equal(await refusal('http://example.com/'), 'only https is fetched')
  for (const url of ['file:///etc/passwd', 'ftp://example.com/', 'data:,x', 'gopher://example.com/'])
    assert.equal(await refusal(url), 'only https is fetched')
  for (const url of ['https://user@example.com/', 'https://:password@example.com/'])
    assert.equal(await refusal(url), 'the URL holds credentials')
  for (const url of ['', 'example.com', 'https://', 'https://exa mple.com/'])
    assert.equal(await refusal(url), 'the URL is malformed')
})

test('an allowed host is allowed on its port alone', async () => {
  const open = await aServer((_request, response) => response.end('open'))
  const closed = await aServer((_request, response) => response.end('closed'))
  const fetcher = guardedFetcher({ allowedHosts: [`127.0.0.1:${open.port}`] })
  assert.equal((await fetcher.fetch({ url: open.origin })).text, 'open')
  assert.equal(await refusal(closed.origin, fetcher), 'only https is fetched')
  assert.equal(await refusal(closed.origin.replace('http', 'https'), fetcher), 'the address is not public')
  const byHost = guardedFetcher({ allowedHosts: ['127.0.0.1', 'LOCALHOST'] })
  for (const origin of [open.origin, closed.origin])
    assert.equal(await refusal(origin, byHost), 'only https is fetched')
  // A host alone is its default port, written or not.
  for (const url of ['http://localhost/', 'http://localhost:80/', 'https://127.0.0.1:443/'])
    assert.equal(await refusal(url, byHost), 'nobody answered')
  assert.equal(closed.visits(), 0)
})

test('an allowed host is a host and not the beginning or the end of one', async () => {
  const { port } = await aServer((_request, response) => response.end())
  const fetcher = guardedFetcher({ allowedHosts: [`app.localhost:${port}`] })
  for (const host of ['localhost', 'evil.app.localhost', 'app.localhost.evil.test'])
    assert.equal(await refusal(`http://${host}:${port}/`, fetcher), 'only https is fetched')
  assert.equal(await refusal(`http://app.localhost@127.0.0.1:${port}/`, fetcher), 'only https is fetched')
})

test('RFC 9700 §4.12: a redirect is not followed, wherever it leads', async (t) => {
  const target = await aServer((_request, response) => response.end('secret'))
  for (const status of [301, 302, 303, 307, 308])
    await t.test(String(status), async () => {
      const from = await aServer((_request, response) =>
        response.writeHead(status, { location: target.origin }).end(),
      )
      const fetcher = guardedFetcher({
        allowedHosts: [`127.0.0.1:${from.port}`, `127.0.0.1:${target.port}`],
      })
      assert.equal(await refusal(from.origin, fetcher), 'redirects are not followed')
    })
  assert.equal(target.visits(), 0)
})

test('an answer that is too long is cut, whether it says so or not', async (t) => {
  const rows: readonly { readonly name: string; readonly answer: RequestListener }[] = [
    { name: 'announced', answer: (_request, response) => response.end(Buffer.alloc(2000)) },
    {
      name: 'in chunks',
      answer: (_request, response) => {
        response.on('error', () => undefined)
        const more = setInterval(() => response.write(Buffer.alloc(500)), 1)
        response.on('close', () => clearInterval(more))
      },
    },
  ]
  for (const { name, answer } of rows)
    await t.test(name, async () => {
      const { origin, port } = await aServer(answer)
      const fetcher = guardedFetcher({ allowedHosts: [`127.0.0.1:${port}`] })
      await assert.rejects(fetcher.fetch({ url: origin, maxBytes: 1000 }), {
        name: 'FetchRefused',
        message: 'the answer is too long',
      })
    })
  const { origin, port } = await aServer((_request, response) => response.end(Buffer.alloc(1000)))
  const fetcher = guardedFetcher({ allowedHosts: [`127.0.0.1:${port}`] })
  assert.equal((await fetcher.fetch({ url: origin, maxBytes: 1000 })).text.length, 1000)
})

test('an answer that is too late is not waited for, from its first to its last byte', async (t) => {
  const rows: readonly { readonly name: string; readonly answer: RequestListener }[] = [
    { name: 'nothing', answer: () => undefined },
    { name: 'headers alone', answer: (_request, response) => response.flushHeaders() },
    {
      name: 'a byte now and then',
      answer: (_request, response) => {
        const drip = setInterval(() => response.write('x'), 20)
        response.on('close', () => clearInterval(drip))
      },
    },
  ]
  for (const { name, answer } of rows)
    await t.test(name, async () => {
      const { origin, port } = await aServer(answer)
      const fetcher = guardedFetcher({ allowedHosts: [`127.0.0.1:${port}`] })
      const began = performance.now()
      await assert.rejects(fetcher.fetch({ url: origin, timeoutMilliseconds: 150 }), { name: 'FetchRefused' })
      assert.ok(performance.now() - began < 2000)
    })
})

test('an answer says its status, its type and its text, and no cookie or redirect is kept', async () => {
  const { origin, port } = await aServer((request, response) => {
    const type = { 'content-type': 'application/jwt', 'set-cookie': 'a=b' }
    response.writeHead(404, type).end(`${request.method} ${request.url} ${request.headers.cookie ?? ''}`)
  })
  const fetcher = guardedFetcher({ allowedHosts: [`127.0.0.1:${port}`] })
  const url = `${origin}/path?query#fragment`
  for (const method of ['GET', 'POST'] as const) {
    const answer = await fetcher.fetch({ url, method, ...(method === 'POST' && { body: 'x=y' }) })
    assert.deepEqual(answer, {
      status: 404,
      contentType: 'application/jwt',
      text: `${method} /path?query `,
    })
  }
})

test('a compressed answer stays as it is: nothing can grow after it was measured', async () => {
  const { origin, port } = await aServer((request, response) => {
    assert.equal(request.headers['accept-encoding'], undefined)
    response.writeHead(200, { 'content-encoding': 'gzip' }).end('bomb')
  })
  const fetcher = guardedFetcher({ allowedHosts: [`127.0.0.1:${port}`] })
  assert.equal((await fetcher.fetch({ url: origin })).text, 'bomb')
})

test('RFC 9525 §6: a server without a certificate that holds is not spoken to', async () => {
  const { port } = await aServer((_request, response) => response.end())
  const fetcher = guardedFetcher({ allowedHosts: [`127.0.0.1:${port}`] })
  assert.equal(await refusal(`https://127.0.0.1:${port}/`, fetcher), 'nobody answered')
})
