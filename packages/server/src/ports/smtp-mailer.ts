import { createTransport } from 'nodemailer'
import type { Mailer } from '../domain/ports.ts'

const connectLimitMs = 10_000
const answerLimitMs = 30_000

/**
 * Delivers mail through the SMTP server at `url`, which may carry a user and a password.
 *
 * `smtp:` must upgrade to TLS (RFC 3207) unless the server is on this machine, because mail carries links that log in;
 * `?requireTLS=false` in the address lifts that.
 */
export function smtpMailer(url: string, from: string): Mailer {
  const transport = createTransport({
    url,
    requireTLS: !/^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(new URL(url).hostname),
    connectionTimeout: connectLimitMs,
    greetingTimeout: connectLimitMs,
    socketTimeout: answerLimitMs,
    // A text that names a file or an address must never be read as one.
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return {
    async send({ to, subject, text }) {
      await transport.sendMail({ from, to: { name: '', address: to }, subject, text })
    },
  }
}
