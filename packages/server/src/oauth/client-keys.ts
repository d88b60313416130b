// Owns the public keys of clients: where they come from, how long they are kept, and which one fits.
import { compactVerify, type JWK } from 'jose'
import type { Client, ClientJwk } from '../domain/client.ts'
import { isAffordableJwk, isPublicJwk, isSoundJwk, maxKeys } from '../domain/client-jwk.ts'
import type { EpochSeconds } from '../domain/ids.ts'
import { FetchRefused } from '../domain/ports.ts'
import type { TenantCall } from '../domain/tenant-call.ts'
import type { Call } from './call.ts'
import { algorithmOf, type UnverifiedJwt } from './jws.ts'
import { KeyCache } from './key-cache.ts'

/** How long fetched keys are used without asking again, and how long at most while nobody answers. */
const freshSeconds = 600
const staleSeconds = 3600
/** How long an unknown `kid` or a failure asks nobody again, per client: strangers can name any `kid`. */
const coolDownSeconds = 15
/** Of all fetched sets together, in characters of their JSON. */
const cacheCapacity = 16_000_000
/** How many keys are tried at a signature: who sends it may have chosen them all. */
const maxTried = 4

/** Who has keys: a client, or an issuer that it trusts. */
export type KeyHolder = Pick<Client, 'id' | 'jwks' | 'jwksUri'>

/** The public keys of clients, by value or from `jwks_uri` (RFC 7591 §2). */
export interface ClientKeys {
  /** The keys that fit. Asks the client's `jwks_uri` again when none does (OpenID Connect Core §10.1.1). */
  find(client: KeyHolder, fits: (key: JWK) => boolean, call: TenantCall): Promise<readonly JWK[]>
}

interface Held {
  readonly keys: readonly JWK[]
  /** Of the JSON that they came in. */
  readonly characters: number
  readonly readAt: EpochSeconds
  readonly triedAt: EpochSeconds
}

export function createClientKeys(): ClientKeys {
  const held = new KeyCache<Held>(cacheCapacity)
  const asking = new Map<string, Promise<Held>>()

  async function ask(name: string, url: string, call: TenantCall): Promise<Held> {
    const answer = await fetchKeys(url, call)
    const before = held.get(name)
    const isUsable = before !== undefined && call.now - before.readAt < staleSeconds
    const kept = isUsable ? before : { keys: [], characters: 0, readAt: call.now - freshSeconds }
    const entry =
      answer === undefined
        ? { ...kept, triedAt: call.now }
        : { ...answer, readAt: call.now, triedAt: call.now }
    held.set(name, entry, entry.characters)
    return entry
  }

  return {
    async find(client, fits, call) {
      if (client.jwks !== undefined)
        return client.jwks.keys.filter(isPublicJwk).filter(isAffordableJwk).filter(isJwk).filter(fits)
      if (client.jwksUri === undefined) return []
      const name = `${call.tenant.id}\n${client.id}\n${client.jwksUri}`
      const known = held.get(name)
      if (known !== undefined) {
        const fitting = known.keys.filter(fits)
        const isFresh = call.now - known.readAt < freshSeconds
        const mayAsk = call.now - known.triedAt >= coolDownSeconds
        if (!mayAsk || (isFresh && fitting.length > 0)) return fitting
      }
      // Requests that come together share one question.
      const pending = asking.get(name) ?? ask(name, client.jwksUri, call)
      asking.set(name, pending)
      try {
        return (await pending).keys.filter(fits)
      } finally {
        asking.delete(name)
      }
    },
  }
}

// RFC 7517 §5: keys that are not understood, or out of the supported ranges, are ignored.
function usableOf(keys: readonly unknown[]): readonly JWK[] {
  const affordable = keys.filter(isPublicJwk).filter(isAffordableJwk).slice(0, maxKeys)
  return affordable.filter(isSoundJwk).filter(isJwk)
}

const textMembers = ['kty', 'use', 'alg', 'kid', 'crv'] as const

function isJwk(key: ClientJwk): key is ClientJwk & JWK {
  return textMembers.every((member) => key[member] === undefined || typeof key[member] === 'string')
}

async function fetchKeys(
  url: string,
  call: TenantCall,
): Promise<Pick<Held, 'keys' | 'characters'> | undefined> {
  try {
    const answer = await call.ports.fetcher.fetch({ url, headers: { accept: 'application/json' } })
    const set: unknown = answer.status === 200 ? JSON.parse(answer.text) : undefined
    if (typeof set === 'object' && set !== null && 'keys' in set && Array.isArray(set.keys))
      return { keys: usableOf(set.keys), characters: answer.text.length }
    call.ports.logger.warn('client_keys.unusable', { url, status: answer.status })
  } catch (error) {
    if (!(error instanceof FetchRefused || error instanceof SyntaxError)) throw error
    call.ports.logger.warn('client_keys.unusable', { url, message: error.message })
  }
  return undefined
}

/** How a signature by a client's key came out. */
export type Verification = 'verified' | 'no_key' | 'wrong_signature'

/** Checks a JWS that only the client can have signed. The key is the client's registered one, never one that the JWS points to. */
export async function verifyByClient(
  jws: string,
  header: UnverifiedJwt,
  client: KeyHolder,
  call: Call,
): Promise<Verification> {
  const keys = await call.clientKeys.find(client, (key) => verifies(key, header), call)
  const named = keys.filter(({ kid }) => kid !== undefined)
  const unnamed = keys.filter(({ kid }) => kid === undefined)
  for (const key of [...named, ...unnamed].slice(0, maxTried))
    if (await isSignedWith(jws, header.alg, key)) return 'verified'
  return keys.length === 0 ? 'no_key' : 'wrong_signature'
}

const keyTypes = { RS: 'RSA', PS: 'RSA', ES: 'EC', Ed: 'OKP' } as const

/** Whether the key may verify what the header says; one without `kid` serves any (RFC 7517 §4.2, §4.4, §4.5). */
function verifies(key: JWK, { alg, kid }: UnverifiedJwt): boolean {
  const prefix = alg.slice(0, 2)
  const isOfType = Object.entries(keyTypes).some(([known, kty]) => known === prefix && kty === key.kty)
  const isForSigning = key.use === undefined || key.use === 'sig'
  const isForAlgorithm = key.alg === undefined || algorithmOf(key.alg) === alg
  return isOfType && isForSigning && isForAlgorithm && (!kid || key.kid === undefined || key.kid === kid)
}

/** Whether the signature is right under exactly this algorithm (RFC 8725 §3.1). */
export async function isSignedWith(jws: string, alg: string, key: JWK | Uint8Array): Promise<boolean> {
  try {
    await compactVerify(jws, key, { algorithms: alg === 'EdDSA' ? ['EdDSA', 'Ed25519'] : [alg] })
    return true
  } catch {
    // A wrong signature, an unusable key and an unknown critical header are one and the same: not proven.
    return false
  }
}
