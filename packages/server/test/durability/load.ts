import type { Family, Ledger } from './ledger.ts'
import type { NodeProcess } from './node-process.ts'
import { type Answer, askForTokens, audience, type Tenant, userInfo } from './scene.ts'
import type { Session } from './session.ts'

/** The clients of a round. */
export interface Load {
  readonly node: NodeProcess
  readonly tenant: Tenant
  readonly session: Session
  readonly ledger: Ledger
  /** Called for each answer that came; false ends the load. */
  goOn(): boolean
}

/** Lets all clients work at once until they are told to stop or the server answers no more. */
export async function runLoad(load: Load): Promise<void> {
  const { families } = load.ledger
  await Promise.all([
    ...families.map((family) => until(load, () => refresh(load, family))),
    ...[redeem, redeem, redeem, redeem].map((step) => until(load, () => step(load))),
    until(load, () => askForCode(load, true)),
    until(load, () => askForCode(load, false)),
    until(load, () => raceForCode(load)),
    until(load, () => tokenForItself(load)),
    until(load, () => readUserInfo(load)),
  ])
}

async function until({ goOn }: Load, step: () => Promise<boolean>): Promise<void> {
  while ((await step()) && goOn());
}

/** Whether an answer came that says something. An outage says nothing: what was asked may have happened or not. */
export function isDecided(answer: Answer | undefined): answer is Answer {
  return answer !== undefined && answer.status < 500
}

async function refresh(load: Load, family: Family): Promise<boolean> {
  const answer = await askForTokens(load.node, family.client, {
    grant_type: 'refresh_token',
    refresh_token: family.newest,
  })
  if (answer !== undefined && !isDecided(answer)) outage(load, answer)
  // A client that may have been rotated behind its back must not go on guessing; it asks again after the restart.
  if (!isDecided(answer)) {
    family.isInDoubt = true
    return false
  }
  if (answer.status !== 200) complain(load, 'a refresh was refused', answer)
  else keepTokens(load.ledger, answer, family)
  return answer.status === 200
}

/** Files the tokens of an answer, and moves its family on. Answers the access token. */
export function keepTokens(ledger: Ledger, { body }: Answer, family?: Family): string {
  const token = String(body.access_token)
  const kind = token.split('.').length === 3 ? ledger.jwt : ledger.opaque
  kind.add(token)
  if (family !== undefined) {
    family.newest = String(body.refresh_token)
    family.isInDoubt = false
    family.tokens.push(token)
  }
  return token
}

async function askForCode({ session, tenant, ledger }: Load, isOpaque: boolean): Promise<boolean> {
  const code = await session.code(tenant.patient, isOpaque)
  if (code !== undefined) ledger.fresh.push(code)
  return code !== undefined
}

async function redeem(load: Load): Promise<boolean> {
  const { ledger, node } = load
  const code = ledger.fresh.shift() ?? (await load.session.code(load.tenant.strict, true))
  if (code === undefined) return false
  const presented = { code, successes: 0, lost: 1, tokens: [] as string[] }
  ledger.presented.push(presented)
  const answer = await askForTokens(node, code.client, code.parameters)
  if (answer !== undefined && !isDecided(answer)) outage(load, answer)
  if (!isDecided(answer)) return false
  presented.lost = 0
  if (answer.status !== 200) complain(load, 'a fresh code was refused', answer)
  else {
    presented.successes++
    presented.tokens.push(keepTokens(ledger, answer))
  }
  return answer.status === 200
}

/** Two requests with one code at once. The replay revokes what the first one got (RFC 6749 §4.1.2), so it is not kept. */
async function raceForCode(load: Load): Promise<boolean> {
  const code = await load.session.code(load.tenant.patient, true)
  if (code === undefined) return false
  const presented = { code, successes: 0, lost: 2, tokens: [] }
  load.ledger.presented.push(presented)
  const answers = await Promise.all(
    [1, 2].map(async () => {
      const answer = await askForTokens(load.node, code.client, code.parameters)
      if (answer !== undefined && !isDecided(answer)) outage(load, answer)
      if (!isDecided(answer)) return false
      presented.lost--
      if (answer.status === 200) presented.successes++
      else if (answer.body.error !== 'invalid_grant') complain(load, 'a raced code', answer)
      return true
    }),
  )
  return answers.every(Boolean)
}

async function tokenForItself(load: Load): Promise<boolean> {
  const grant = { grant_type: 'client_credentials', audience }
  const answer = await askForTokens(load.node, load.tenant.patient, grant)
  if (answer !== undefined && !isDecided(answer)) outage(load, answer)
  if (!isDecided(answer)) return false
  if (answer.status !== 200) complain(load, 'client credentials were refused', answer)
  else load.ledger.own.add(String(answer.body.access_token))
  return answer.status === 200
}

async function readUserInfo(load: Load): Promise<boolean> {
  const [token] = load.ledger.opaque
  if (token === undefined) return (await load.session.code(load.tenant.strict, true)) !== undefined
  const answer = await userInfo(load.node, token)
  if (answer !== undefined && !isDecided(answer)) outage(load, answer)
  if (!isDecided(answer)) return false
  if (answer.status !== 200) complain(load, 'a good token was refused', answer)
  return answer.status === 200
}

/** An outage is told as one, and never looks like a decision about the client or its grant. */
function outage(load: Load, answer: Answer): void {
  if (answer.status !== 503 || answer.body.error !== 'temporarily_unavailable')
    complain(load, 'an outage was told wrongly', answer)
}

function complain({ ledger }: Load, what: string, { status, body }: Answer): void {
  ledger.complaints.push(`${what}: ${status} ${JSON.stringify(body)}`)
}
