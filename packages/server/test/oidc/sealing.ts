import type { Sealer } from '../../src/domain/ports.ts'
import { systemRandom } from '../../src/ports/random.ts'
import { createSealer } from '../../src/ports/sealer.ts'

const masterKey = new Uint8Array(32).fill(9)

/** The setting `masterKey` of a server whose secrets a test seals itself. */
export const masterKeyText = Buffer.from(masterKey).toString('base64url')

export function openSealer(): Sealer {
  return createSealer([masterKey], systemRandom)
}
