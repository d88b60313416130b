// What the tests with other people's clients share: a server on the real time, and a person who clicks.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { TestContext } from 'node:test'
import {
  startTestServer,
  type TestBrowser,
  type TestServer,
  type TestServerOptions,
  type TestUser,
} from '../../src/testkit/testkit.ts'

type Until = Pick<TestContext, 'after'>

/** A server in-process whose clock stands at the present, since these clients look at the clock of the machine. */
export async function serverNow(t: Until, options: TestServerOptions = {}): Promise<TestServer> {
  const server = await startTestServer({ startAt: new Date().toISOString(), ...options })
  t.after(() => server.close())
  return server
}

/** A server that listens on `http://localhost` and a free port, which is its issuer. */
export async function serverOnLoopback(
  t: Until,
  options: TestServerOptions = {},
  attempts = 3,
): Promise<TestServer> {
  const port = await freePort()
  const settings = { publicUrl: `http://localhost:${port}`, listen: { port }, ...options.settings }
  const server = await startTestServer({ startAt: new Date().toISOString(), ...options, settings })
  try {
    await server.listen()
  } catch (error) {
    await server.close()
    // Another process took the port between our look and our start.
    if (attempts > 1) return serverOnLoopback(t, options, attempts - 1)
    throw error
  }
  t.after(() => server.close())
  return server
}

/** Serves on a free port until the test ends, and answers the port. */
export async function onLoopback(t: Until, listener: RequestListener): Promise<number> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  assert.ok(typeof address === 'object' && address !== null)
  return address.port
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  await once(probe, 'close')
  assert.ok(typeof address === 'object' && address !== null)
  return address.port
}

export interface Person {
  readonly user: TestUser
  readonly browser: TestBrowser
  /** What the person does when asked for consent; allows everything where it is absent. */
  readonly answer?: 'allow' | 'decline'
}

/** Opens an authorization URL, logs in and decides where the pages ask for it, and answers where the browser was sent. */
export async function visit(url: URL, { user, browser, answer = 'allow' }: Person): Promise<URL> {
  let shown = await browser.open(url.href)
  if (new URL(shown.url).pathname === '/u/login') shown = await browser.logIn(shown, user)
  if (new URL(shown.url).pathname === '/u/consent') shown = await browser[answer](shown)
  assert.ok(shown.leftTo, `no redirect to the client: ${shown.status} ${shown.url} ${shown.html}`)
  return shown.leftTo.url
}
