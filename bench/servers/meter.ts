import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { ServerAsks } from '../contract.ts'

/**
 * Measures this process between `begin` and `end`. It does not collect garbage before: a forced collection also throws
 * compiled code away, and the window would measure the compiler.
 */
export function meter(): Pick<ServerAsks, 'begin' | 'end'> {
  const delay = monitorEventLoopDelay({ resolution: 10 })
  let start = process.cpuUsage()
  return {
    async begin() {
      delay.enable()
      delay.reset()
      start = process.cpuUsage()
    },
    async end() {
      const { user, system } = process.cpuUsage(start)
      delay.disable()
      return {
        cpuMicroseconds: user + system,
        rssBytes: process.memoryUsage.rss(),
        eventLoopDelayP99Ms: delay.percentile(99) / 1e6,
      }
    },
  }
}
