import { StoreConflict, StoreInvalid, StoreUnavailable } from '../domain/store.ts'
import { MasterKeyMistake } from '../ports/master-key.ts'
import { redact } from '../ports/redact.ts'

/** What a person can do about an error; for one that nobody expected, its stack without secrets. */
export function explain(error: unknown): string {
  if (error instanceof MasterKeyMistake || error instanceof StoreInvalid || error instanceof StoreConflict)
    return error.message
  if (error instanceof StoreUnavailable) return `the store did not answer (${reason(error.cause)})`
  if (isSystemError(error)) return systemMessage(error)
  const { error: safe } = redact({ error }) as { readonly error: { readonly stack?: string } }
  return `internal error\n${safe?.stack ?? String(safe)}`
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error && 'code' in error
}

function systemMessage(
  error: NodeJS.ErrnoException & { readonly address?: string; readonly port?: number },
): string {
  if (error.syscall !== 'listen') return error.message
  const where = `${error.address ?? ''}:${error.port ?? ''}`
  if (error.code === 'EADDRINUSE')
    return `${where} is in use by another process: set listen.port (VALETKEY_LISTEN_PORT)`
  return `cannot listen on ${where} (${error.code})`
}

/** A system's or a database's code and its message, which may quote an address with a password. */
function reason(cause: unknown): string {
  const { cause: safe } = redact({ cause }) as {
    readonly cause?: { readonly code?: string; readonly message?: string }
  }
  return (
    [safe?.code, safe?.message].filter((part) => part !== undefined && part !== '').join(': ') ||
    'no reason given'
  )
}
