import { createHash } from 'node:crypto'
import type { Random } from '../domain/ports.ts'

/** Bytes that look random and are the same for the same seed, so that ids are. Never outside tests. */
export function seededRandom(seed: string): Random {
  let block = 0
  return {
    bytes(length) {
      const chunks: Buffer[] = []
      for (let made = 0; made < length; made += 32) {
        chunks.push(createHash('sha256').update(`${seed} ${block++}`).digest())
      }
      return Buffer.concat(chunks).subarray(0, length)
    },
  }
}
