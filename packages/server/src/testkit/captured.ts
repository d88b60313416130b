import { channel } from 'node:diagnostics_channel'
import type { LogFields, Logger, Mail, Mailer } from '../domain/ports.ts'

export interface LogEntry {
  readonly level: 'info' | 'warn' | 'error'
  readonly event: string
  readonly fields: LogFields
}

/** Where every entry of every server of this process can be heard as well, for whoever counts over many tests. */
export const logChannel = 'valetkey.testkit.log'

/** Keeps what would have been logged. */
export function capturedLogger(): { readonly logger: Logger; readonly entries: readonly LogEntry[] } {
  const entries: LogEntry[] = []
  const listeners = channel(logChannel)
  const at =
    (level: LogEntry['level']) =>
    (event: string, fields: LogFields = {}) => {
      const entry: LogEntry = { level, event, fields }
      entries.push(entry)
      listeners.publish(entry)
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
