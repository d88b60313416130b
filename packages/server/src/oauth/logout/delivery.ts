// Owns messages about ended sessions until their clients took them (OpenID Connect Back-Channel Logout §2.5). They wait in the
// store, so that another process goes on where one was stopped.
import { artifactKind } from '../../domain/artifact.ts'
import type { Client } from '../../domain/client.ts'
import type { ClientId, EpochSeconds, SessionId, UserId } from '../../domain/ids.ts'
import { randomToken } from '../../domain/ports.ts'
import { type Hashed, hashed } from '../../domain/secrets.ts'
import type { Login } from '../../domain/session.ts'
import type { Page, PageRequest } from '../../domain/store.ts'
import type { Call } from '../call.ts'

/** A message to one client. */
export interface Delivery {
  readonly clientId: ClientId
  readonly userId: UserId
  readonly sessionId: SessionId
  /** How often it was tried before. */
  readonly attempt: number
  /** From when on a process that did not put it there may try it. */
  readonly dueAt: EpochSeconds
}

/** A delivery where it waits. Each attempt has a hash of its own, so that one process at most makes it. */
export interface KeptDelivery {
  readonly hash: Hashed
  readonly delivery: Delivery
}

const logoutDelivery = artifactKind<Delivery>('logout_delivery')

/** How long to wait before each further attempt to tell a client. */
const retryAfterSeconds = [1, 5, 30] as const
/** How long a delivery belongs to the process that put it there: longer than an attempt may take. */
const ownSeconds = 60
/** How long a message is worth anything, though nobody could send it. */
const lifetimeSeconds = 86_400

/** How long after a failure the next attempt is made; `undefined` after the last one. */
export function retryAfter({ attempt }: Delivery): number | undefined {
  return retryAfterSeconds[attempt]
}

/** Puts down who has to be told directly that a session ends. */
export function keepDeliveries(
  clients: readonly Client[],
  { session, user }: Login,
  call: Call,
): Promise<readonly KeptDelivery[]> {
  const told = clients.filter(({ logout }) => logout?.backchannelUri !== undefined)
  const dueAt = call.now + ownSeconds
  return Promise.all(
    told.map(({ id }) =>
      keep({ clientId: id, userId: user.id, sessionId: session.id, attempt: 0, dueAt }, call),
    ),
  )
}

async function keep(delivery: Delivery, call: Call): Promise<KeptDelivery> {
  const hash = hashed(randomToken(call.ports.random))
  const artifact = { body: delivery, expiresAt: call.now + lifetimeSeconds }
  await call.store.artifacts.put(logoutDelivery, hash, artifact, call.now)
  return { hash, delivery }
}

/** Removes a delivery. Of several who do so at once, exactly one is told that it was there. */
export async function dropDelivery({ hash }: KeptDelivery, call: Call): Promise<boolean> {
  return (await call.store.artifacts.take(logoutDelivery, hash, call.now)) !== undefined
}

/** An attempt that is this process's to make, and the one to make if it fails; none after the last one. */
export interface ClaimedDelivery {
  readonly next: KeptDelivery | undefined
}

/**
 * Claims an attempt: one caller gets it, the others `undefined`. The next attempt is put down before, so that a process that
 * dies in between leaves a message twice rather than not at all.
 */
export async function claimDelivery(kept: KeptDelivery, call: Call): Promise<ClaimedDelivery | undefined> {
  const { delivery } = kept
  const wait = retryAfter(delivery)
  const next =
    wait === undefined
      ? undefined
      : await keep({ ...delivery, attempt: delivery.attempt + 1, dueAt: call.now + wait + ownSeconds }, call)
  if (await dropDelivery(kept, call)) return { next }
  if (next !== undefined) await dropDelivery(next, call)
  return undefined
}

/** A page of the deliveries that wait, and whether their processes had their time. */
export async function waitingDeliveries(page: PageRequest, call: Call): Promise<Page<KeptDelivery>> {
  const { items, ...rest } = await call.store.artifacts.list(logoutDelivery, page, call.now)
  return { ...rest, items: items.map(({ hash, body }) => ({ hash, delivery: body })) }
}
