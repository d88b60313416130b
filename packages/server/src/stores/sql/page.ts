import { type Page, type PageRequest, StoreInvalid } from '../../domain/store.ts'

/** The most rows a page can have. */
export const PAGE_LIMIT = 1000

/** How many rows to read for a page: one more than it holds, to learn whether there is a next one. */
export function rowsToRead(page: PageRequest): number {
  if (Number.isSafeInteger(page.limit) && page.limit >= 1 && page.limit <= PAGE_LIMIT) return page.limit + 1
  throw new StoreInvalid('page', `has a limit that is not between 1 and ${PAGE_LIMIT}`)
}

/** Makes the page of the rows read. `cursor` writes the position of an item, for the next request's `after`. */
export function pageOf<Noun>(
  read: readonly Noun[],
  page: PageRequest,
  cursor: (item: Noun) => string,
): Page<Noun> {
  const items = read.slice(0, page.limit)
  const last = items.at(-1)
  return read.length > page.limit && last !== undefined ? { items, next: cursor(last) } : { items }
}
