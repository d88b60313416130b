// Owns the ways out of the process: time, randomness, log, seals and mail. Knows no protocol.
import { join } from 'node:path'
import type { Ports } from '../domain/ports.ts'
import { createLogger, type LogLevel } from './logger.ts'
import { outboxMailer } from './mailer.ts'
import { type KeyPlace, loadMasterKey } from './master-key.ts'
import { systemRandom } from './random.ts'
import { createSealer } from './sealer.ts'
import { systemClock } from './system-clock.ts'

/** The settings that the ports need; a `Config` is one. */
export interface PortSettings extends KeyPlace {
  readonly dataDirectory: string
  readonly mail: { readonly from: string }
  readonly log: { readonly level: LogLevel }
}

/** The ports that the configuration asks for; `given` ones take their place. Throws `MasterKeyMistake`. */
export function openPorts(config: PortSettings, given: Partial<Ports> = {}): Ports {
  const clock = given.clock ?? systemClock
  const random = given.random ?? systemRandom
  const directory = join(config.dataDirectory, 'outbox')
  return {
    clock,
    random,
    logger: given.logger ?? createLogger(config.log.level),
    sealer: given.sealer ?? createSealer([loadMasterKey(config, random)], random),
    mailer: given.mailer ?? outboxMailer({ directory, from: config.mail.from, clock, random }),
  }
}
