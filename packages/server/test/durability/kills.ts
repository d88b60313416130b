import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { emptyLedger, type Ledger } from './ledger.ts'
import { keepTokens, runLoad } from './load.ts'
import { type NodeProcess, startNode } from './node-process.ts'
import { askForTokens, fillTenant, type Settings, type Tenant } from './scene.ts'
import { seeded } from './seeded.ts'
import { logIn, type Session } from './session.ts'
import { verify } from './verify.ts'

/** Twenty starts of processes and databases, on a machine that does other things too. */
export const killsLimitMs = 600_000

/** Strikes while the clients work, and answers the process to go on with: a new one, or the one that survived. */
export type Strike = (node: NodeProcess, round: number) => Promise<NodeProcess>

const seed = Number(process.env.VALETKEY_TEST_SEED ?? 20260101)
const answersBeforeStrike = { least: 15, most: 150 } as const

/**
 * Lets clients work, strikes at a pseudo-random moment, and holds the server to what they were told; `rounds` times over
 * the same data. `VALETKEY_TEST_SEED` gives other moments.
 */
export async function strikeAgainAndAgain(
  t: TestContext,
  settings: Settings,
  rounds: number,
  strike: Strike,
): Promise<Ledger> {
  t.diagnostic(`seed ${seed}`)
  const pick = seeded(seed)
  const tenant = await fillTenant(settings)
  const ledger = emptyLedger()
  let node = await startNode(settings)
  t.after(async () => {
    await node.end('SIGKILL')
  })
  const session = await logIn(node, tenant)
  let answers = 0
  for (let round = 1; round <= rounds; round++) {
    await completeFamilies(node, session, tenant, ledger)
    const { least, most } = answersBeforeStrike
    let remaining = least + pick(most - least)
    answers += remaining
    let struck: Promise<NodeProcess> | undefined
    let isOver = false
    const goOn = () => {
      remaining--
      if (remaining === 0)
        struck = strike(node, round).finally(() => {
          isOver = true
        })
      return !isOver
    }
    await runLoad({ node, tenant, session, ledger, goOn })
    assert.ok(struck, `the server stopped answering by itself:\n${node.log()}`)
    node = await struck
    session.moveTo(node)
    await verify(node, ledger, tenant, round === rounds).catch((error) => {
      t.diagnostic(`the server's log ends: ${node.log().slice(-4000)}`)
      throw error
    })
  }
  const { opaque, jwt, own, revoked } = ledger
  t.diagnostic(
    `${answers} answers before ${rounds} strikes; ${opaque.size} opaque tokens, ${jwt.size + own.size} JWTs and ${ledger.families.length} refresh tokens live, ${revoked.size} tokens are revoked`,
  )
  return ledger
}

/** Four families for each client; those that a lost answer ended are replaced. */
async function completeFamilies(
  node: NodeProcess,
  session: Session,
  { patient, strict }: Tenant,
  ledger: Ledger,
): Promise<void> {
  for (const client of [patient, strict]) {
    while (ledger.families.filter((family) => family.client === client).length < 4) {
      const code = await session.code(client, ledger.families.length % 2 === 0)
      assert.ok(code)
      const answer = await askForTokens(node, client, code.parameters)
      assert.equal(answer?.status, 200)
      const family = { client, newest: '', isInDoubt: false, tokens: [] }
      keepTokens(ledger, answer, family)
      ledger.families.push(family)
    }
  }
}
