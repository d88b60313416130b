import assert from 'node:assert/strict'
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose'
import { type Family, type Ledger, noteRevoked, type Presented } from './ledger.ts'
import { keepTokens } from './load.ts'
import type { NodeProcess } from './node-process.ts'
import { answerOf, askForTokens, audience, type Tenant, userInfo } from './scene.ts'

/** More than a round can bring of one kind. */
const tokensOfARound = 200

/**
 * Holds a server that was started again to what clients were told before. Throws what it does not keep. `all`: looks at
 * the access tokens of all rounds, not only at those of the latest.
 */
export async function verify(node: NodeProcess, ledger: Ledger, tenant: Tenant, all: boolean): Promise<void> {
  assert.deepEqual(ledger.complaints, [])
  await verifyAccessTokens(node, ledger, tenant, all ? Number.MAX_SAFE_INTEGER : tokensOfARound)
  await each([...ledger.families], (family) => verifyFamily(node, ledger, family))
  await verifyCodes(node, ledger)
}

async function verifyAccessTokens(
  node: NodeProcess,
  ledger: Ledger,
  tenant: Tenant,
  limit: number,
): Promise<void> {
  const newest = (tokens: ReadonlySet<string>) => [...tokens].slice(-limit)
  await each([...newest(ledger.opaque), ...newest(ledger.jwt)], async (token) => {
    const answer = await userInfo(node, token)
    assert.equal(answer?.status, 200, `a token that a client received is dead: ${JSON.stringify(answer)}`)
    assert.equal(answer.body.sub, tenant.user.id)
  })
  await each(newest(ledger.revoked), async (token) => {
    assert.equal((await userInfo(node, token))?.status, 401, 'a revoked token came back to life')
  })
  const published = await answerOf(node, '.well-known/jwks.json')
  const keys = createLocalJWKSet(published?.body as unknown as JSONWebKeySet)
  for (const token of [...newest(ledger.jwt), ...newest(ledger.own)])
    await jwtVerify(token, keys, { issuer: node.issuer, audience })
}

/**
 * The newest refresh token that a client received works, whatever happened to what it asked next: inside the leeway it
 * gets the successor that was lost. Without a leeway that much is owed only where no answer was lost.
 */
async function verifyFamily(node: NodeProcess, ledger: Ledger, family: Family): Promise<void> {
  const parameters = { grant_type: 'refresh_token', refresh_token: family.newest }
  const answer = await askForTokens(node, family.client, parameters)
  if (family.isInDoubt && family.client.refreshToken.leewaySeconds === 0 && answer?.status === 400) {
    assert.equal(answer.body.error, 'invalid_grant')
    ledger.ended.push(...ledger.families.splice(ledger.families.indexOf(family), 1))
    // RFC 9700 §4.14.2: the server took the retry for a theft, and ended the grant.
    noteRevoked(ledger, family.tokens)
    return
  }
  assert.equal(
    answer?.status,
    200,
    `${family.isInDoubt ? 'a refresh whose answer was lost' : 'the newest refresh token'}: ${JSON.stringify(answer)}`,
  )
  keepTokens(ledger, answer, family)
}

/** No code gives tokens twice, before and after the kill taken together. A code that nobody presented still works. */
async function verifyCodes(node: NodeProcess, ledger: Ledger): Promise<void> {
  await each(ledger.fresh.splice(0), async (code) => {
    const answer = await askForTokens(node, code.client, code.parameters)
    assert.equal(answer?.status, 200, `a code that a client received is dead: ${JSON.stringify(answer)}`)
    ledger.presented.push({ code, successes: 1, lost: 0, tokens: [keepTokens(ledger, answer)] })
  })
  // Presenting a code again revokes what it gave. Half of the codes are spared, so that their tokens see more kills.
  await each([...ledger.presented.splice(0).entries()], async ([index, presented]) => {
    const isSpared = index % 2 === 1 && presented.lost === 0
    if (!isSpared) await presentAgain(node, ledger, presented)
    assert.ok(presented.successes <= 1, `a code was redeemed ${presented.successes} times`)
  })
}

async function presentAgain(node: NodeProcess, ledger: Ledger, presented: Presented): Promise<void> {
  const { code, tokens } = presented
  for (let times = 0; times < 2; times++) {
    const answer = await askForTokens(node, code.client, code.parameters)
    if (answer?.status === 200) {
      presented.successes++
      tokens.push(keepTokens(ledger, answer))
    } else assert.equal(answer?.body.error, 'invalid_grant')
  }
  // RFC 6749 §4.1.2: a replay revokes what the first use got.
  for (const token of tokens) assert.equal((await userInfo(node, token))?.status, 401)
  noteRevoked(ledger, tokens)
}

/** Does the same for each of many, some at a time. */
async function each<Item>(items: readonly Item[], act: (item: Item) => Promise<void>): Promise<void> {
  for (let from = 0; from < items.length; from += 16)
    await Promise.all(items.slice(from, from + 16).map((item) => act(item)))
}
