import type { Background } from '../domain/ports.ts'

/** Background work on the machine's own timers. What waits does not keep a stopping process alive. */
export function systemBackground(): Background {
  const waiting = new Set<NodeJS.Timeout>()
  const running = new Set<Promise<void>>()

  function begin(task: () => Promise<void>): void {
    const run = task().finally(() => running.delete(run))
    running.add(run)
  }

  return {
    run(task, afterSeconds = 0) {
      if (afterSeconds === 0) return begin(task)
      const timer = setTimeout(() => {
        waiting.delete(timer)
        begin(task)
      }, afterSeconds * 1000)
      waiting.add(timer.unref())
    },
    async stop() {
      for (const timer of waiting) clearTimeout(timer)
      waiting.clear()
      await Promise.allSettled(running)
    },
  }
}
