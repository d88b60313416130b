import { setTimeout as pause } from 'node:timers/promises'
import { isBusy } from './failure.ts'

/** How often to ask whether another process has let go of its lock. */
const PAUSE_MS = 3

/** Runs `attempt` until it is not refused by another process's lock, or `limitMs` have passed; then its error leaves. */
export async function patiently<Result>(attempt: () => Result, limitMs: number): Promise<Result> {
  let end: number | undefined
  for (;;) {
    try {
      return attempt()
    } catch (error) {
      end ??= performance.now() + limitMs
      if (!isBusy(error) || performance.now() >= end) throw error
    }
    await pause(PAUSE_MS)
  }
}
