import { StoreInvalid } from '../../domain/store.ts'
import type { Engine } from './engine.ts'
import type { Fault, Query } from './query.ts'

/** The ways to one noun's rows. They differ in what becomes of text that no row can hold. */
export interface Access {
  /** Reads; such text matches nothing. */
  read<Row>(query: Query): Promise<readonly Row[]>
  /** Changes rows found by text; such text matches nothing. */
  change<Row>(query: Query): Promise<readonly Row[]>
  /** Stores text; throws `StoreInvalid`. */
  put<Row>(query: Query): Promise<readonly Row[]>
}

const reasons: Readonly<Record<Fault, string>> = {
  text: 'has text with NUL, a lone surrogate or more than 600 bytes',
  number: 'has a number that is not a safe integer',
  document: 'has a member that JSON cannot hold, or is too large',
}

/** Opens the rows of a noun; `what` is its name in errors. */
export function access(engine: Engine, what: string): Access {
  return {
    read: async (query) => (matchesNothing(query, what) ? [] : engine.read(query)),
    change: async (query) => (matchesNothing(query, what) ? [] : engine.write(query, what)),
    put: async (query) => {
      if (query.fault !== undefined) throw new StoreInvalid(what, reasons[query.fault])
      return engine.write(query, what)
    },
  }
}

function matchesNothing({ fault }: Query, what: string): boolean {
  if (fault === undefined || fault === 'text') return fault === 'text'
  throw new StoreInvalid(what, reasons[fault])
}
