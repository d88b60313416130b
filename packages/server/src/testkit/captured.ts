import type { LogFields, Logger, Mail, Mailer } from '../domain/ports.ts'

export interface LogEntry {
  readonly level: 'info' | 'warn' | 'error'
  readonly event: string
  readonly fields: LogFields
}

/** Keeps what would have been logged. */
export function capturedLogger(): { readonly logger: Logger; readonly entries: readonly LogEntry[] } {
  const entries: LogEntry[] = []
  const at =
    (level: LogEntry['level']) =>
    (event: string, fields: LogFields = {}) => {
      entries.push({ level, event, fields })
    }
  return { entries, logger: { info: at('info'), warn: at('warn'), error: at('error') } }
}

/** Keeps what would have been sent. */
export function capturedMailer(): { readonly mailer: Mailer; readonly mails: readonly Mail[] } {
  const mails: Mail[] = []
  return {
    mails,
    mailer: {
      async send(mail) {
        mails.push(mail)
      },
    },
  }
}
