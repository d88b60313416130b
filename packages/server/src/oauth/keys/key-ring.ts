import { constants, createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto'
import { promisify } from 'node:util'
import type { Sealer } from '../../domain/ports.ts'
import type { PublicJwk, SigningAlgorithm, SigningKey } from '../../domain/signing-key.ts'
import type { TenantStore } from '../../domain/store.ts'
import { openPrivateKey } from './signing-keys.ts'

const signAsync = promisify(sign)

/** Signs and verifies with the tenant's keys; unsealed keys are kept in memory, one per `kid`. */
export interface KeyRing {
  /** Signs a JSON object as a compact JWS (RFC 7515 §3.1) with the current key of the algorithm. */
  sign(algorithm: SigningAlgorithm, typ: string, claims: object): Promise<string>
  /** The public half of a published key; `undefined` when the `kid` is not ours or is for another algorithm. */
  publicKey(kid: string, algorithm: string): Promise<KeyObject | undefined>
  /** The published key set (RFC 7517 §5): next, current and previous keys. */
  publicJwks(): Promise<readonly PublicJwk[]>
}

/** `store.signingKeys.list()` is expected to be cached: it is asked for each signature. */
export function createKeyRing(store: TenantStore, sealer: Sealer): KeyRing {
  const privateKeys = new Map<string, { readonly key: KeyObject; readonly headers: Map<string, string> }>()
  const publicKeys = new Map<string, KeyObject>()

  function unsealed(key: SigningKey) {
    const known = privateKeys.get(key.kid)
    if (known !== undefined) return known
    const jwk = JSON.parse(openPrivateKey(key, sealer))
    const entry = { key: createPrivateKey({ key: jwk, format: 'jwk' }), headers: new Map<string, string>() }
    privateKeys.set(key.kid, entry)
    return entry
  }

  return {
    async sign(algorithm, typ, claims) {
      const key = currentKey(await store.signingKeys.list(), algorithm)
      const entry = unsealed(key)
      let header = entry.headers.get(typ)
      if (header === undefined) {
        header = encode({ alg: algorithm, typ, kid: key.kid })
        entry.headers.set(typ, header)
      }
      const input = `${header}.${encode(claims)}`
      const signature = await signatureOf(input, algorithm, entry.key)
      return `${input}.${signature.toString('base64url')}`
    },
    async publicKey(kid, algorithm) {
      const key = (await store.signingKeys.list()).find((candidate) => candidate.kid === kid)
      // RFC 8725 §3.1: a key serves the one algorithm it was made for.
      if (key === undefined || key.algorithm !== algorithm) return undefined
      const known = publicKeys.get(kid)
      if (known !== undefined) return known
      const imported = createPublicKey({ key: { ...key.publicJwk }, format: 'jwk' })
      publicKeys.set(kid, imported)
      return imported
    },
    async publicJwks() {
      return (await store.signingKeys.list()).map((key) => key.publicJwk)
    },
  }
}

/** `keys`: newest first within an algorithm. The newest waits as next; the one before it signs. */
function currentKey(keys: readonly SigningKey[], algorithm: SigningAlgorithm): SigningKey {
  const [next, current] = keys.filter((key) => key.algorithm === algorithm)
  const key = current ?? next
  if (key === undefined) throw new Error(`the tenant has no ${algorithm} key`)
  return key
}

function encode(json: object): string {
  return Buffer.from(JSON.stringify(json)).toString('base64url')
}

// RSA costs so much that the thread pool pays; handing an elliptic curve over costs about as much as the signature itself.
function signatureOf(input: string, algorithm: SigningAlgorithm, key: KeyObject): Buffer | Promise<Buffer> {
  const bytes = Buffer.from(input)
  switch (algorithm) {
    case 'RS256':
      return signAsync('sha256', bytes, { key, padding: constants.RSA_PKCS1_PADDING })
    case 'PS256':
      // RFC 7518 §3.5: the salt is as long as the hash.
      return signAsync('sha256', bytes, {
        key,
        padding: constants.RSA_PKCS1_PSS_PADDING,
        saltLength: 32,
      })
    case 'ES256':
      return sign('sha256', bytes, { key, dsaEncoding: 'ieee-p1363' })
    case 'EdDSA':
      return sign(null, bytes, key)
    default:
      return algorithm satisfies never
  }
}
