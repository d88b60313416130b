import { randomFillSync } from 'node:crypto'
import type { Random } from '../domain/ports.ts'

/** The operating system's cryptographic randomness. */
export const systemRandom: Random = pooledRandom(4096)

// Asking the generator costs the same for a few bytes as for many. Each byte is handed out once, and wiped from the pool.
function pooledRandom(size: number): Random {
  const pool = Buffer.alloc(size)
  let used = size
  return {
    bytes(length) {
      if (length > size) return randomFillSync(Buffer.alloc(length))
      if (used + length > size) {
        randomFillSync(pool)
        used = 0
      }
      const bytes = Buffer.from(pool.subarray(used, used + length))
      pool.fill(0, used, used + length)
      used += length
      return bytes
    },
  }
}
