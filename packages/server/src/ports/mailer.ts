import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Clock, type Mailer, type Random, randomHex } from '../domain/ports.ts'

export interface OutboxOptions {
  readonly directory: string
  readonly from: string
  readonly clock: Clock
  readonly random: Random
}

/** Delivers mail into files that only this user can read: for development, and wherever no SMTP server is set. */
export function outboxMailer({ directory, from, clock, random }: OutboxOptions): Mailer {
  return {
    async send({ to, subject, text }) {
      await mkdir(directory, { recursive: true, mode: 0o700 })
      const now = clock.now()
      const headers = [
        `From: ${oneLine(from)}`,
        `To: ${oneLine(to)}`,
        `Subject: ${oneLine(subject)}`,
        `Date: ${new Date(now * 1000).toUTCString()}`,
        'MIME-Version: 1.0',
        'Content-Type: text/plain; charset=utf-8',
        'Content-Transfer-Encoding: 8bit',
      ]
      const mail = `${headers.join('\r\n')}\r\n\r\n${text.replaceAll(/\r?\n/g, '\r\n')}\r\n`
      await writeFile(join(directory, `${now}-${randomHex(random, 6)}.eml`), mail, {
        mode: 0o600,
        flag: 'wx',
      })
    },
  }
}

/** A line break in a value would begin a header of the sender's choice (RFC 5322 §2.2). */
function oneLine(value: string): string {
  return value.replaceAll(/[\u0000-\u001f\u007f]+/g, ' ').trim()
}
