import { StoreConflict, StoreInvalid, StoreUnavailable } from '../../domain/store.ts'

// https://www.sqlite.org/rescode.html; the low byte is the primary code.
const BUSY = 5
const LOCKED = 6
const CONSTRAINT = 19
const CONSTRAINT_FOREIGN_KEY = 787
const CONSTRAINT_PRIMARY_KEY = 1555
const CONSTRAINT_UNIQUE = 2067

/** Says what an error of SQLite means to the store's caller; `what` names the noun. */
export function failure(error: unknown, what: string): Error {
  const code = resultCode(error)
  if (code === CONSTRAINT_UNIQUE || code === CONSTRAINT_PRIMARY_KEY) return new StoreConflict(what)
  if (code === CONSTRAINT_FOREIGN_KEY) return new StoreInvalid(what, 'belongs to a row that does not exist')
  if (primary(code) === CONSTRAINT) return new StoreInvalid(what, 'breaks a rule of its table')
  return error instanceof StoreUnavailable ? error : new StoreUnavailable(error)
}

/** Whether another process holds the lock. */
export function isBusy(error: unknown): boolean {
  const code = primary(resultCode(error))
  return code === BUSY || code === LOCKED
}

function resultCode(error: unknown): number {
  return error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' ? error.errcode : 0
}

function primary(code: number): number {
  return code & 0xff
}
