// Owns the authorization endpoint: identify, check, next step, issue. A person's pages come between, through the store.
import { networkOf } from '../../domain/network.ts'
import { randomToken } from '../../domain/ports.ts'
import { type Hashed, hashed } from '../../domain/secrets.ts'
import type { Login } from '../../domain/session.ts'
import {
  isForDevice,
  type OwnerRequest,
  type Transaction,
  transactionKind,
  transactionLifetimeSeconds,
  type WaitingRequest,
} from '../../domain/transaction.ts'
import { reachedAcr } from '../acr.ts'
import type { Call } from '../call.ts'
import { settleDevice } from '../device/settle.ts'
import { lenientParam, type RawParameters } from '../params.ts'
import { Refusal, refuse } from '../refusal.ts'
import { rule } from '../rule.ts'
import { subjectFor } from '../subject.ts'
import { apiOf } from '../target.ts'
import { check } from './checks.ts'
import {
  askedScopes,
  consentAudience,
  consentNeeded,
  isImpersonable,
  rememberConsent,
  requiredScopes,
} from './consent.ts'
import { identify } from './identify.ts'
import { issueResponse } from './issue.ts'
import { nextStep, type Step } from './next-step.ts'
import { type AuthorizeOutcome, deliver, deliverRefusal, type Pending } from './outcome.ts'
import { usePushed } from './pushed.ts'
import { unwrap } from './unwrap.ts'

const ownerDeclined = rule({
  id: 'authorize.owner_declined',
  clause: 'RFC 6749 §4.1.2.1',
  error: 'access_denied',
  description: 'User did not authorize the request',
})
const clientGone = rule({
  id: 'authorize.client_gone',
  clause: 'RFC 6749 §4.1.2.1',
  error: 'unauthorized_client',
  description: 'The client was deleted while its request waited',
})
const tooManyWaiting = rule({
  id: 'authorize.too_many_waiting',
  clause: 'RFC 6819 §4.4.1.11',
  error: 'temporarily_unavailable',
  description: 'Too many requests from this address wait for a login. Try again later.',
})
export const decisionRules = [ownerDeclined, clientGone, tooManyWaiting] as const

/** Who asks: the owner who is logged in, and the browser that a waiting request is bound to. */
export interface Browser {
  readonly login: Login | undefined
  readonly hash: Hashed
}

/** Answers an authorization request (RFC 6749 §3.1, OpenID Connect Core §3.1.2). Only a bug or an outage throws. */
export async function authorize(raw: RawParameters, browser: Browser, call: Call): Promise<AuthorizeOutcome> {
  const unwrapped = await orRefusal(() => unwrap(raw, call))
  if (unwrapped instanceof Refusal) return refuseUnopened(raw, unwrapped, call)
  const to = await orRefusal(() => identify(unwrapped.parameters, call))
  if (to instanceof Refusal) return { kind: 'shown', refusal: to }
  const request = await orRefusal(() => check(unwrapped, to, call))
  if (request instanceof Refusal) return deliverRefusal(to, request, call)
  return begin(request, browser, call)
}

/** Asks the owner for a checked request, as far as there is something to ask. */
export async function begin(
  request: WaitingRequest,
  browser: Browser,
  call: Call,
): Promise<AuthorizeOutcome> {
  const step = await stepOf({ request, browser: browser.hash }, browser.login, call)
  if (step.kind === 'issue' || step.kind === 'refuse') return finish(request, step, call)
  const transactionId = await orRefusal(() => remember({ request, browser: browser.hash }, call))
  if (transactionId instanceof Refusal) return { kind: 'shown', refusal: transactionId }
  return { kind: step.kind, transactionId }
}

// What was outside a request that could not be opened is a request by itself: where it proves a destination, that is told.
async function refuseUnopened(raw: RawParameters, refusal: Refusal, call: Call): Promise<AuthorizeOutcome> {
  if (lenientParam(raw, 'redirect_uri') === undefined) return { kind: 'shown', refusal }
  const to = await orRefusal(() => identify(raw, call))
  return to instanceof Refusal ? { kind: 'shown', refusal } : deliverRefusal(to, refusal, call)
}

/** Goes on with a waiting request after a page; `undefined` when it is gone or belongs to another browser. */
export async function resume(
  id: string,
  browser: Browser,
  call: Call,
): Promise<AuthorizeOutcome | undefined> {
  const transaction = await findTransaction(id, browser.hash, call)
  if (transaction === undefined) return undefined
  const step = await stepOf(transaction, browser.login, call)
  if (step.kind === 'login' || step.kind === 'consent') return { kind: step.kind, transactionId: id }
  return finishTransaction(id, transaction.request, step, call)
}

/** Ends a waiting request as its owner decided: `ticked` holds the scopes that were left ticked. */
export async function decide(
  id: string,
  decision: { readonly kind: 'accepted'; readonly ticked: readonly string[] } | { readonly kind: 'declined' },
  browser: Browser,
  call: Call,
): Promise<AuthorizeOutcome | undefined> {
  const transaction = await findTransaction(id, browser.hash, call)
  if (transaction === undefined) return undefined
  const { request } = transaction
  const step = await stepOf(transaction, browser.login, call)
  if (step.kind === 'login') return { kind: 'login', transactionId: id }
  if (step.kind === 'refuse') return finishTransaction(id, request, step, call)
  // The answer decides, also where meanwhile nobody would have to be asked any more: what was ticked is what the token carries.
  if (decision.kind === 'declined') {
    return finishTransaction(id, request, { kind: 'refuse', rule: ownerDeclined }, call)
  }
  // Of two racing answers only the one that counts is remembered.
  if (!(await take(id, call))) return undefined
  await rememberConsent(request, decision.ticked, step.login, call)
  const scope = askedScopes(request).filter(
    (value) => requiredScopes.includes(value) || decision.ticked.includes(value),
  )
  return finish(request, { kind: 'issue', login: step.login, scope }, call)
}

/** What the pages of a waiting request have to show; `undefined` when it is gone or belongs to another browser. */
export async function pending(id: string, browser: Browser, call: Call): Promise<Pending | undefined> {
  const transaction = await findTransaction(id, browser.hash, call)
  if (transaction === undefined) return undefined
  const client = await call.store.clients.find(transaction.request.clientId)
  return client === undefined ? undefined : { request: transaction.request, client, login: browser.login }
}

/** Notes that the owner logged in for this very request. Answers whether it still waits. */
export async function noteLogin(id: string, browser: Hashed, login: Login, call: Call): Promise<boolean> {
  const transaction = await findTransaction(id, browser, call)
  if (transaction === undefined) return false
  const body: Transaction = { ...transaction, authenticated: login.session.id }
  return call.store.artifacts.replace(transactionKind, hashed(id), body, call.now)
}

async function findTransaction(id: string, browser: Hashed, call: Call): Promise<Transaction | undefined> {
  const transaction = await call.store.artifacts.peek(transactionKind, hashed(id), call.now)
  // RFC 9700 §4.7: a request that began in one browser cannot be finished in another.
  return transaction?.browser === browser ? transaction : undefined
}

/** How many requests of one address may wait for their owners to log in, and how long they are counted together. */
const waitingRequests = { perAddress: 2000, windowSeconds: 900 } as const

// Nobody is known yet who could be held to account for what is stored, so that an address is.
async function admitTransaction(call: Call): Promise<void> {
  const key = `transaction:${hashed(networkOf(call.address))}`
  const waiting = await call.store.counters.hit(key, waitingRequests.windowSeconds, call.now)
  if (waiting > waitingRequests.perAddress) throw refuse(tooManyWaiting)
}

async function remember(transaction: Transaction, call: Call): Promise<string> {
  await admitTransaction(call)
  const id = randomToken(call.ports.random)
  const artifact = { body: transaction, expiresAt: call.now + transactionLifetimeSeconds }
  await call.store.artifacts.put(transactionKind, hashed(id), artifact, call.now)
  return id
}

async function stepOf(transaction: Transaction, login: Login | undefined, call: Call): Promise<Step> {
  const { request } = transaction
  const api = await orRefusal(() => apiOf(request.audience, call))
  // The API may have been deleted while its owner was reading.
  if (api instanceof Refusal) return { kind: 'refuse', rule: api.rule }
  const client = await call.store.clients.find(request.clientId)
  const consent =
    login && (await call.store.consents.find(login.user.id, request.clientId, consentAudience(request)))
  return nextStep(request, {
    login,
    subject: login && client && subjectFor(login.user, client, call),
    reachesAcr: reachesAcr(request, login, call),
    authenticated: transaction.authenticated,
    consentNeeded: client === undefined || consentNeeded(request, client, api),
    impersonable: client === undefined || isImpersonable(request, client, call),
    consent,
    now: call.now,
  })
}

// OpenID Connect Core §5.5.1.1: an essential acr with values that the login did not reach fails the request.
function reachesAcr({ claims }: OwnerRequest, login: Login | undefined, call: Call): boolean {
  if (login === undefined || claims?.acr?.essential !== true || claims.acr.values.length === 0) return true
  return reachedAcr(claims.acr.values, login.session.methods, call.tenant) !== undefined
}

type FinalStep = Extract<Step, { kind: 'issue' | 'refuse' }>

// Taking the transaction decides which of two racing answers is the one.
async function take(id: string, call: Call): Promise<boolean> {
  return (await call.store.artifacts.take(transactionKind, hashed(id), call.now)) !== undefined
}

async function finishTransaction(
  id: string,
  request: WaitingRequest,
  step: FinalStep,
  call: Call,
): Promise<AuthorizeOutcome | undefined> {
  return (await take(id, call)) ? finish(request, step, call) : undefined
}

async function finish(request: WaitingRequest, step: FinalStep, call: Call): Promise<AuthorizeOutcome> {
  if (isForDevice(request)) {
    const result = await settleDevice(request.device, step.kind === 'issue' ? step : undefined, call)
    return { kind: 'device', result }
  }
  const used = await orRefusal(async () => request.pushed && usePushed(request.pushed, call))
  if (used instanceof Refusal) return { kind: 'shown', refusal: used }
  if (step.kind === 'refuse') return deliverRefusal(request, refuse(step.rule), call)
  const client = await call.store.clients.find(request.clientId)
  if (client === undefined) return { kind: 'shown', refusal: refuse(clientGone) }
  const parameters = await orRefusal(() => issueResponse(request, step, client, call))
  if (parameters instanceof Refusal) return deliverRefusal(request, parameters, call)
  return { kind: 'delivered', delivery: deliver(request, parameters, call) }
}

async function orRefusal<Value>(stage: () => Promise<Value>): Promise<Value | Refusal> {
  try {
    return await stage()
  } catch (error) {
    if (error instanceof Refusal) return error
    throw error
  }
}
