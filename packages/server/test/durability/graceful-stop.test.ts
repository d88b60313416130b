import assert from 'node:assert/strict'
import { once } from 'node:events'
import { Agent, type ClientRequest, type IncomingMessage, request } from 'node:http'
import { connect } from 'node:net'
import { json } from 'node:stream/consumers'
import { type TestContext, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { freshDatabase } from '../support/postgres.ts'
import { strikeAgainAndAgain } from './kills.ts'
import { type NodeProcess, startNode } from './node-process.ts'
import { audience, fillTenant, postgresSettings, type Settings, sqliteSettings } from './scene.ts'

/** A request for a token whose head the server has read and whose body it waits for. */
interface Begun {
  /** Sends the body and answers the status and whether a token came. */
  finish(): Promise<{ readonly status: number | undefined; readonly hasToken: boolean }>
}

async function begin(node: NodeProcess, body: string, agent: Agent): Promise<Begun> {
  const sent: ClientRequest = request(`http://127.0.0.1:${node.port}/oauth/token`, {
    method: 'POST',
    agent,
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'content-length': Buffer.byteLength(body),
      // RFC 9110 §10.1.1: the server says when it has read the head.
      expect: '100-continue',
    },
  })
  // A test that never finishes it expects the connection to break.
  sent.on('error', () => undefined)
  sent.flushHeaders()
  await once(sent, 'continue')
  return {
    async finish() {
      sent.end(body)
      const [response] = (await once(sent, 'response')) as [IncomingMessage]
      const answer = (await json(response)) as { access_token?: string }
      return { status: response.statusCode, hasToken: typeof answer.access_token === 'string' }
    },
  }
}

async function refusesConnections({ port }: NodeProcess): Promise<void> {
  for (let tries = 0; tries < 500; tries++) {
    const socket = connect(port, '127.0.0.1')
    const isOpen = await once(socket, 'connect').then(
      () => true,
      () => false,
    )
    socket.destroy()
    if (!isOpen) return
    await pause(10)
  }
  assert.fail('the server goes on taking connections')
}

async function started(t: TestContext, settings: Settings) {
  const { patient } = await fillTenant(settings)
  const node = await startNode(settings)
  const agent = new Agent({ keepAlive: true })
  t.after(async () => {
    agent.destroy()
    await node.end('SIGKILL')
  })
  const credentials = { client_id: patient.id, client_secret: patient.secret }
  const body = new URLSearchParams({ grant_type: 'client_credentials', audience, ...credentials }).toString()
  return { node, begin: () => begin(node, body, agent) }
}

async function finishesWhatWasBegun(t: TestContext, settings: Settings): Promise<void> {
  const { node, begin } = await started(t, settings)
  const begun = await Promise.all(Array.from({ length: 20 }, begin))
  const ended = node.end('SIGTERM')
  await refusesConnections(node)
  const answers = await Promise.all(begun.map((one) => one.finish()))
  for (const answer of answers) assert.deepEqual(answer, { status: 200, hasToken: true })
  const answeredAt = performance.now()
  assert.deepEqual(await ended, { code: 0, signal: null })
  const seconds = (performance.now() - answeredAt) / 1000
  assert.ok(seconds < 4, `it took ${seconds} s to end although nothing was left to do`)
}

test('SIGTERM: requests that were begun are answered before a server on SQLite ends with 0', async (t) =>
  finishesWhatWasBegun(t, await sqliteSettings(t)))

test('SIGTERM: requests that were begun are answered before a server on PostgreSQL ends with 0', async (t) => {
  const database = await freshDatabase()
  t.after(() => database.drop())
  await finishesWhatWasBegun(t, await postgresSettings(t, database.url))
})

test('SIGTERM: a request that never ends is cut after the grace time, and the server ends with 0', async (t) => {
  const { node, begin } = await started(t, { ...(await sqliteSettings(t)), shutdownGraceSeconds: 1 })
  await begin()
  const askedAt = performance.now()
  const ended = node.end('SIGTERM')
  assert.deepEqual(await ended, { code: 0, signal: null })
  const seconds = (performance.now() - askedAt) / 1000
  assert.ok(seconds >= 0.9 && seconds < 6, `it took ${seconds} s`)
})

test('SIGTERM: under load nothing is done whose answer does not arrive', async (t) => {
  const settings = await sqliteSettings(t)
  const ledger = await strikeAgainAndAgain(t, settings, 3, async (node) => {
    assert.deepEqual(await node.end('SIGTERM'), { code: 0, signal: null })
    return startNode(settings)
  })
  assert.deepEqual(ledger.ended, [])
})
