import { StoreConflict, StoreInvalid, StoreUnavailable } from '../../domain/store.ts'

// https://www.postgresql.org/docs/current/errcodes-appendix.html
const UNIQUE_VIOLATION = '23505'
const FOREIGN_KEY_VIOLATION = '23503'
/** Integrity, data and size: the value is at fault, and asking again would not help. */
const INVALID_CLASSES = ['22', '23', '54']

/** Says what an error of the driver means to the store's caller; `what` names the noun. */
export function failure(error: unknown, what: string): Error {
  const state = sqlState(error)
  if (state === UNIQUE_VIOLATION) return new StoreConflict(what)
  if (state === FOREIGN_KEY_VIOLATION) return new StoreInvalid(what, 'belongs to a row that does not exist')
  if (INVALID_CLASSES.includes(state.slice(0, 2))) return new StoreInvalid(what, 'breaks a rule of its table')
  // Refused, reset, timed out, shutting down, too many connections, deadlock: the caller may try again.
  return new StoreUnavailable(error)
}

function sqlState(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
}
