import type { ReadThrough } from './read-through.ts'
import type { Remembered } from './remembered.ts'
import type { TenantCache } from './tenant-cache.ts'

/** Reads one noun: from memory, else what `load` answers. */
export type Reader<Noun> = (key: string, load: () => Promise<Noun>) => Promise<Noun>

/** Makes the reader of a noun; `select` finds its place. */
export function reader<Noun>(
  cache: () => TenantCache,
  select: (remembered: Remembered) => ReadThrough<Noun>,
): Reader<Noun> {
  const read: Reader<Noun> = (key, load) => {
    const { fresh } = cache()
    if (fresh === undefined) return confirmFirst(key, load)
    const place = select(fresh)
    return place.get(key) ?? place.load(key, load)
  }
  const confirmFirst: Reader<Noun> = async (key, load) => {
    const kept = cache()
    await kept.confirm()
    // The answer may have taken so long that it is old itself.
    return kept.fresh === undefined ? load() : read(key, load)
  }
  return read
}
