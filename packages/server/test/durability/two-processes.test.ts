import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { freshDatabase } from '../support/postgres.ts'
import {
  askForTokens,
  fillTenant,
  postgresSettings,
  type Settings,
  sqliteSettings,
  userInfo,
} from './scene.ts'
import { type Code, logIn } from './session.ts'
import { fiftyAtOnce, startTwo, type Two } from './two.ts'

interface Both {
  readonly nodes: Two
  readonly codes: readonly Code[]
}

/** Two server processes that share one database, and codes that nobody has redeemed. */
async function twoProcesses(t: TestContext, settings: Settings, count: number): Promise<Both> {
  const tenant = await fillTenant(settings)
  const nodes = await startTwo(t, settings)
  const session = await logIn(nodes[0], tenant)
  const codes: Code[] = []
  for (let made = 0; made < count; made++) {
    session.moveTo(made % 2 === 0 ? nodes[0] : nodes[1])
    const code = await session.code(tenant.strict, true)
    assert.ok(code)
    codes.push(code)
  }
  return { nodes, codes }
}

/** Sends the same request fifty times at once, half of it to each process. */
async function fiftyTimes({ nodes }: Both, code: Code, parameters: Readonly<Record<string, string>>) {
  const answers = await fiftyAtOnce(nodes, (node) => askForTokens(node, code.client, parameters))
  const successes = answers.filter((answer) => answer?.status === 200)
  for (const answer of answers)
    if (answer?.status !== 200) assert.deepEqual([answer?.status, answer?.body.error], [400, 'invalid_grant'])
  return successes.map((answer) => answer?.body ?? {})
}

async function oneOfFiftyRedeems(t: TestContext, settings: Settings): Promise<void> {
  const both = await twoProcesses(t, settings, 4)
  for (const code of both.codes) {
    const successes = await fiftyTimes(both, code, code.parameters)
    assert.equal(successes.length, 1)
    const token = String(successes[0]?.access_token)
    for (const node of both.nodes) assert.equal((await userInfo(node, token))?.status, 401)
  }
}

async function familiesDoNotFork(t: TestContext, settings: Settings): Promise<void> {
  const both = await twoProcesses(t, settings, 4)
  for (const code of both.codes) {
    const first = await askForTokens(both.nodes[0], code.client, code.parameters)
    assert.equal(first?.status, 200)
    const refresh_token = String(first.body.refresh_token)
    const successes = await fiftyTimes(both, code, { grant_type: 'refresh_token', refresh_token })
    // Within the second of the rotation a repeat gets what the first one got.
    assert.equal(new Set(successes.map((body) => body.refresh_token)).size, 1)
  }
}

test('RFC 6749 §4.1.2: of fifty requests with one code at two processes on one SQLite file, one gets tokens', async (t) =>
  oneOfFiftyRedeems(t, await sqliteSettings(t)))

test('RFC 6749 §4.1.2: of fifty requests with one code at two processes on one PostgreSQL, one gets tokens', async (t) => {
  const database = await freshDatabase()
  t.after(() => database.drop())
  await oneOfFiftyRedeems(t, await postgresSettings(t, database.url))
})

test('RFC 9700 §4.14.2: fifty refreshes with one token at two processes on one SQLite file fork no family', async (t) =>
  familiesDoNotFork(t, await sqliteSettings(t)))

test('RFC 9700 §4.14.2: fifty refreshes with one token at two processes on one PostgreSQL fork no family', async (t) => {
  const database = await freshDatabase()
  t.after(() => database.drop())
  await familiesDoNotFork(t, await postgresSettings(t, database.url))
})
