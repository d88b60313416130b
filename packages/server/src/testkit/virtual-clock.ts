import type { EpochSeconds } from '../domain/ids.ts'
import type { Clock } from '../domain/ports.ts'

/** A clock that stands still until it is told to go on. */
export interface VirtualClock extends Clock {
  /** Moves on by a duration such as `90s`, `10m`, `1h` or `30d`. */
  advance(duration: string): void
}

const unitSeconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 }

/** `start`: an ISO 8601 date or date-time. */
export function virtualClock(start: string): VirtualClock {
  let now: EpochSeconds = Math.floor(Date.parse(start) / 1000)
  if (Number.isNaN(now)) throw new Error('the clock needs an ISO 8601 date to start at')
  return {
    now: () => now,
    advance(duration) {
      const [, count, unit = ''] = /^(\d+)([smhd])$/.exec(duration) ?? []
      const seconds = unitSeconds[unit]
      if (count === undefined || seconds === undefined)
        throw new Error('a duration is like 90s, 10m, 1h or 30d')
      now += Number(count) * seconds
    },
  }
}
