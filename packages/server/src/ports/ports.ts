// Owns the ways out of the process: time, randomness, log, seals and mail. Knows no protocol.
import { join } from 'node:path'
import type { Clock, Mailer, Ports, Random } from '../domain/ports.ts'
import { systemBackground } from './background.ts'
import { guardedFetcher } from './guarded-fetcher.ts'
import { createLogger, type LogLevel } from './logger.ts'
import { outboxMailer } from './mailer.ts'
import { type KeyPlace, loadMasterKey } from './master-key.ts'
import { systemRandom } from './random.ts'
import { createSealer } from './sealer.ts'
import { systemClock } from './system-clock.ts'

/** The settings that the ports need; a `Config` is one. */
export interface PortSettings extends KeyPlace {
  readonly dataDirectory: string
  readonly mail: { readonly smtpUrl?: string; readonly from: string }
  readonly log: { readonly level: LogLevel }
  readonly outgoing: { readonly allowedHosts: readonly string[] }
}

/** The ports that the configuration asks for; `given` ones take their place. Throws `MasterKeyMistake`. */
export function openPorts(config: PortSettings, given: Partial<Ports> = {}): Ports {
  const clock = given.clock ?? systemClock
  const random = given.random ?? systemRandom
  return {
    clock,
    random,
    logger: given.logger ?? createLogger(config.log.level),
    sealer: given.sealer ?? createSealer([loadMasterKey(config, random)], random),
    fetcher: given.fetcher ?? guardedFetcher(config.outgoing),
    mailer: given.mailer ?? openMailer(config, clock, random),
    background: given.background ?? systemBackground(),
  }
}

function openMailer({ mail, dataDirectory }: PortSettings, clock: Clock, random: Random): Mailer {
  if (mail.smtpUrl !== undefined) return lateSmtpMailer(mail.smtpUrl, mail.from)
  return outboxMailer({ directory: join(dataDirectory, 'outbox'), from: mail.from, clock, random })
}

// The driver is a tenth of an idle server's memory: it is loaded for the first mail.
function lateSmtpMailer(url: string, from: string): Mailer {
  let opening: Promise<Mailer> | undefined
  return {
    async send(mail) {
      opening ??= import('./smtp-mailer.ts').then(({ smtpMailer }) => smtpMailer(url, from))
      await (await opening).send(mail)
    },
  }
}
