// Owns what protects secrets at rest. A sealed value is base64url of
//   version (1 byte) ‖ key id (4) ‖ IV (12) ‖ ciphertext ‖ tag (16)
// under AES-256-GCM; the header and the purpose are authenticated with it. The key id lets the master key be replaced:
// values sealed under an older key stay readable while that key is still given.
import { createCipheriv, createDecipheriv, createHmac, hkdfSync } from 'node:crypto'
import type { Random, Sealer } from '../domain/ports.ts'
import type { Sealed } from '../domain/secrets.ts'

const version = 1
const headerLength = 5
const ivLength = 12
const tagLength = 16
const purposesKept = 64
/** How many opened values are remembered: a busy client's secret is asked for with each of its requests. */
const openedKept = 1000

/** `keys`: 32 bytes each; the first one seals and makes digests, all of them open. */
export function createSealer(keys: readonly [Uint8Array, ...Uint8Array[]], random: Random): Sealer {
  const rings = keys.map(keyRing)
  const [current] = rings as [KeyRing, ...KeyRing[]]

  function seal(plain: string, purpose: string): Sealed {
    const iv = random.bytes(ivLength)
    const cipher = createCipheriv('aes-256-gcm', current.sealingKey, iv)
    cipher.setAAD(authenticated(current.header, purpose))
    const sealed = Buffer.concat([
      current.header,
      iv,
      cipher.update(plain, 'utf8'),
      cipher.final(),
      cipher.getAuthTag(),
    ])
    return sealed.toString('base64url') as Sealed
  }

  const opened = new Map<string, string>()

  function open(sealed: Sealed, purpose: string): string {
    const name = `${purpose} ${sealed}`
    const known = opened.get(name)
    if (known !== undefined) return known
    const plain = unseal(sealed, purpose)
    // The master key stands in the same memory, so that a remembered value gives away nothing more.
    if (opened.size >= openedKept) opened.clear()
    opened.set(name, plain)
    return plain
  }

  function unseal(sealed: Sealed, purpose: string): string {
    const bytes = Buffer.from(sealed, 'base64url')
    const header = bytes.subarray(0, headerLength)
    const ring = rings.find((candidate) => candidate.header.equals(header))
    if (ring === undefined || bytes.length < headerLength + ivLength + tagLength)
      throw new Error(`a ${purpose} was not sealed under this master key`)
    const ivEnd = headerLength + ivLength
    const decipher = createDecipheriv('aes-256-gcm', ring.sealingKey, bytes.subarray(headerLength, ivEnd), {
      authTagLength: tagLength,
    })
    decipher.setAAD(authenticated(ring.header, purpose))
    decipher.setAuthTag(bytes.subarray(-tagLength))
    try {
      const plain = decipher.update(bytes.subarray(ivEnd, -tagLength))
      return Buffer.concat([plain, decipher.final()]).toString('utf8')
    } catch (cause) {
      throw new Error(`a sealed ${purpose} was changed, or sealed for another purpose`, { cause })
    }
  }

  function mac(value: string, purpose: string): string {
    return createHmac('sha256', current.macKey(purpose)).update(value).digest('base64url')
  }

  return { seal, open, mac }
}

interface KeyRing {
  /** Version and key id, as they stand before every value sealed under this key. */
  readonly header: Buffer
  readonly sealingKey: Buffer
  macKey(purpose: string): Buffer
}

/** The keys derived from one master key (RFC 5869): none of them tells another. */
function keyRing(masterKey: Uint8Array): KeyRing {
  if (masterKey.length !== 32) throw new Error('the master key must have 32 bytes')
  const derive = (info: string, length: number) =>
    Buffer.from(hkdfSync('sha256', masterKey, new Uint8Array(), `valetkey ${info}`, length))
  const macKeys = new Map<string, Buffer>()

  function macKey(purpose: string): Buffer {
    const known = macKeys.get(purpose)
    if (known !== undefined) return known
    const key = derive(`mac ${purpose}`, 32)
    // Purposes are constants of the program; the bound only keeps a mistaken caller from filling the memory.
    if (macKeys.size < purposesKept) macKeys.set(purpose, key)
    return key
  }

  return {
    header: Buffer.concat([Buffer.from([version]), derive('key id', headerLength - 1)]),
    sealingKey: derive('seal', 32),
    macKey,
  }
}

function authenticated(header: Buffer, purpose: string): Buffer {
  return Buffer.concat([header, Buffer.from(purpose, 'utf8')])
}
