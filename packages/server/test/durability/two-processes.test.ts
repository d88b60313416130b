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
async function twoProcesses(
  t: TestContext,
  settings: Settings,
  count: number,
  client: 'strict' | 'patient' = 'strict',
): Promise<Both> {
  const tenant = await fillTenant(settings)
  const nodes = await startTwo(t, settings)
  const session = await logIn(nodes[0], tenant)
  const codes: Code[] = []
  for (let made = 0; made < count; made++) {
    session.moveTo(made % 2 === 0 ? nodes[0] : nodes[1])
    const code = await session.code(tenant[client], true)
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

async function oneOfFiftyRotates(t: TestContext, settings: Settings): Promise<void> {
  const both = await twoProcesses(t, settings, 2)
  for (const code of both.codes) {
    const successes = await fiftyRefreshes(both, code)
    assert.equal(successes.length, 1)
    // The others have shown a token that had been rotated: nothing of the family lives on, at either process.
    const { refresh_token, access_token } = successes[0] ?? {}
    for (const node of both.nodes) {
      assert.equal((await userInfo(node, String(access_token)))?.status, 401)
      const next = { grant_type: 'refresh_token', refresh_token: String(refresh_token) }
      const answer = await askForTokens(node, code.client, next)
      assert.deepEqual([answer?.status, answer?.body.error], [400, 'invalid_grant'])
    }
  }
}

async function allOfFiftyGetOneSuccessor(t: TestContext, settings: Settings): Promise<void> {
  const both = await twoProcesses(t, settings, 1, 'patient')
  for (const code of both.codes) {
    const successes = await fiftyRefreshes(both, code)
    assert.equal(successes.length, 50)
    const [successor, ...others] = new Set(successes.map(({ refresh_token }) => String(refresh_token)))
    assert.deepEqual(others, [])
    const next = { grant_type: 'refresh_token', refresh_token: String(successor) }
    assert.equal((await askForTokens(both.nodes[1], code.client, next))?.status, 200)
  }
}

/** The answers of the refreshes that succeeded, of fifty at once with the token of one code. */
async function fiftyRefreshes(both: Both, code: Code) {
  const first = await askForTokens(both.nodes[0], code.client, code.parameters)
  assert.equal(first?.status, 200)
  const refresh_token = String(first.body.refresh_token)
  return fiftyTimes(both, code, { grant_type: 'refresh_token', refresh_token })
}

test('RFC 6749 §4.1.2: of fifty requests with one code at two processes on one SQLite file, one gets tokens', async (t) =>
  oneOfFiftyRedeems(t, await sqliteSettings(t)))

test('RFC 6749 §4.1.2: of fifty requests with one code at two processes on one PostgreSQL, one gets tokens', async (t) => {
  const database = await freshDatabase()
  t.after(() => database.drop())
  await oneOfFiftyRedeems(t, await postgresSettings(t, database.url))
})

test('RFC 9700 §4.14.2: of fifty refreshes with one token at two processes on one SQLite file, one rotates', async (t) =>
  oneOfFiftyRotates(t, await sqliteSettings(t)))

test('RFC 9700 §4.14.2: of fifty refreshes with one token at two processes on one PostgreSQL, one rotates', async (t) => {
  const database = await freshDatabase()
  t.after(() => database.drop())
  await oneOfFiftyRotates(t, await postgresSettings(t, database.url))
})

test('RFC 9700 §4.14.2: within the leeway fifty refreshes at two processes on one SQLite file get one successor', async (t) =>
  allOfFiftyGetOneSuccessor(t, await sqliteSettings(t)))

test('RFC 9700 §4.14.2: within the leeway fifty refreshes at two processes on one PostgreSQL get one successor', async (t) => {
  const database = await freshDatabase()
  t.after(() => database.drop())
  await allOfFiftyGetOneSuccessor(t, await postgresSettings(t, database.url))
})
