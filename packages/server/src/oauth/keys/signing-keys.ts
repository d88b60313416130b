// Owns key pairs: making, numbering, rotating, publishing and signing. Knows no token and no claim.
import { createHash, generateKeyPair, type KeyObject } from 'node:crypto'
import { promisify } from 'node:util'
import type { EpochSeconds } from '../../domain/ids.ts'
import type { Ports, Sealer } from '../../domain/ports.ts'
import {
  type PublicJwk,
  type SigningAlgorithm,
  type SigningKey,
  signingAlgorithms,
} from '../../domain/signing-key.ts'
import { StoreConflict, type TenantStore } from '../../domain/store.ts'

const generate = promisify(generateKeyPair)

/** What the sealed private key of this `kid` is sealed for: nobody with the database alone can put another in its place. */
export function privateKeyPurpose(kid: string): string {
  return `signing_key ${kid}`
}

/** The private half in clear, as a JWK. Throws when the key was sealed under another master key. */
export function openPrivateKey({ kid, privateJwk }: SigningKey, sealer: Sealer): string {
  return sealer.open(privateJwk, privateKeyPurpose(kid))
}

/** Makes the first two keys of every algorithm that lacks them, so that verifiers always know the next one. */
export async function ensureSigningKeys(store: TenantStore, ports: Ports, now: EpochSeconds): Promise<void> {
  const existing = await store.signingKeys.list()
  const absent = signingAlgorithms.flatMap((algorithm) =>
    [1, 2]
      .filter((sequence) => !existing.some((key) => key.algorithm === algorithm && key.sequence >= sequence))
      .map((sequence) => ({ algorithm, sequence })),
  )
  await Promise.all(
    absent.map(async ({ algorithm, sequence }) => {
      const key = await newSigningKey(ports, algorithm, sequence, now)
      await store.signingKeys.add(key).catch(ignoreConflict)
    }),
  )
}

/** Makes `next` the current key and a new key the next one. Older keys stay published for what they signed. */
export async function rotateKeys(
  store: TenantStore,
  ports: Ports,
  algorithm: SigningAlgorithm,
  now: EpochSeconds,
): Promise<SigningKey> {
  const [newest] = (await store.signingKeys.list()).filter((key) => key.algorithm === algorithm)
  const key = await newSigningKey(ports, algorithm, (newest?.sequence ?? 0) + 1, now)
  // Two rotations at once would skip a key that nobody has learned: the sequence number lets one of them through.
  await store.signingKeys.add(key)
  await removeOutlived(store, algorithm, now)
  return key
}

/** How long verifiers get to learn the next key; they may keep the key set for a minute, and a day at the worst. */
const learningSeconds = 600

/** When the next key of the algorithm has been published for long enough to sign. */
export async function nextKeyKnownAt(store: TenantStore, algorithm: SigningAlgorithm): Promise<EpochSeconds> {
  const [next] = (await store.signingKeys.list()).filter((key) => key.algorithm === algorithm)
  return (next?.createdAt ?? 0) + learningSeconds
}

/** The longest life of an access or ID token that a tenant file can give: 30 days. */
const longestTokenLife = 2_592_000

/** Removes the keys whose last token has expired. A key signs until the second one after it is made. */
async function removeOutlived(
  store: TenantStore,
  algorithm: SigningAlgorithm,
  now: EpochSeconds,
): Promise<void> {
  const keys = (await store.signingKeys.list()).filter((key) => key.algorithm === algorithm)
  const outlived = keys.filter((_, age) => {
    const stopped = keys[age - 2]?.createdAt
    return stopped !== undefined && stopped + longestTokenLife < now
  })
  for (const { kid } of outlived) await store.signingKeys.delete(algorithm, kid)
}

export type Revoked = 'revoked' | 'unknown' | 'is_next'

/**
 * Withdraws a key, and with it everything that it signed. The next key takes the place of a current one at once. The next
 * key itself has signed nothing: rotated in first, it can be withdrawn too.
 */
export async function revokeKey(
  store: TenantStore,
  ports: Ports,
  kid: string,
  now: EpochSeconds,
): Promise<Revoked> {
  const keys = await store.signingKeys.list()
  const key = keys.find((candidate) => candidate.kid === kid)
  if (key === undefined) return 'unknown'
  const [next, current] = keys.filter(({ algorithm }) => algorithm === key.algorithm)
  if (key.kid === next?.kid) return 'is_next'
  // In this order no older key ever stands where the current one does.
  if (key.kid === current?.kid) await rotateKeys(store, ports, key.algorithm, now)
  return (await store.signingKeys.delete(key.algorithm, kid)) ? 'revoked' : 'unknown'
}

async function newSigningKey(
  ports: Ports,
  algorithm: SigningAlgorithm,
  sequence: number,
  now: EpochSeconds,
): Promise<SigningKey> {
  const { publicKey, privateKey } = await newKeyPair(algorithm)
  const publicJwk = toPublicJwk(publicKey, algorithm)
  const privateJwk = ports.sealer.seal(
    JSON.stringify(privateKey.export({ format: 'jwk' })),
    privateKeyPurpose(publicJwk.kid),
  )
  return { kid: publicJwk.kid, algorithm, sequence, publicJwk, privateJwk, createdAt: now }
}

function newKeyPair(algorithm: SigningAlgorithm): Promise<{ publicKey: KeyObject; privateKey: KeyObject }> {
  switch (algorithm) {
    case 'RS256':
    case 'PS256':
      return generate('rsa', { modulusLength: 2048 })
    case 'ES256':
      return generate('ec', { namedCurve: 'P-256' })
    case 'EdDSA':
      return generate('ed25519', {})
    default:
      return algorithm satisfies never
  }
}

/** The key's public members, with a `kid` derived from them. */
function toPublicJwk(key: KeyObject, algorithm: SigningAlgorithm): PublicJwk {
  const members = Object.fromEntries(
    Object.entries(key.export({ format: 'jwk' })).flatMap(([name, value]) =>
      typeof value === 'string' ? [[name, value]] : [],
    ),
  )
  const kid = createHash('sha256').update(JSON.stringify(members)).digest('base64url').slice(0, 21)
  return { ...members, kty: members.kty ?? '', kid, use: 'sig', alg: algorithm }
}

function ignoreConflict(error: unknown): void {
  // Another process made the same key at the same time; theirs is as good.
  if (!(error instanceof StoreConflict)) throw error
}
