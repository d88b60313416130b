import { type DestinationStream, destination, pino } from 'pino'
import type { LogFields, Logger } from '../domain/ports.ts'
import { redact } from './redact.ts'

export type LogLevel = 'info' | 'warn' | 'error' | 'silent'

/** A logger that writes JSON lines to standard error, or to `stream`, without secrets. Buffered lines leave at exit. */
export function createLogger(level: LogLevel, stream?: DestinationStream): Logger {
  const options = {
    level,
    base: null,
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
  }
  const log = pino(options, stream ?? destination({ dest: 2, sync: false }))
  const write =
    (at: 'info' | 'warn' | 'error') =>
    (event: string, fields: LogFields = {}) => {
      if (log.isLevelEnabled(at)) log[at]({ event, ...redact(fields) })
    }
  return { info: write('info'), warn: write('warn'), error: write('error') }
}
