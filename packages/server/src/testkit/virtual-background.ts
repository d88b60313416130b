import type { Background, Clock } from '../domain/ports.ts'

/** Background work on a virtual clock: what is due begins when the clock moves past it. */
export interface VirtualBackground extends Background {
  /** Begins what is due by now. */
  wake(): void
  /** Resolves when all that has begun is done. */
  idle(): Promise<void>
}

interface Waiting {
  readonly task: () => Promise<void>
  readonly at: number
}

export function virtualBackground(clock: Clock): VirtualBackground {
  const running = new Set<Promise<void>>()
  let waiting: readonly Waiting[] = []

  function begin(task: () => Promise<void>): void {
    const run = task().finally(() => running.delete(run))
    running.add(run)
  }

  async function idle(): Promise<void> {
    // What runs may begin more.
    while (running.size > 0) await Promise.allSettled(running)
  }

  return {
    run(task, afterSeconds = 0) {
      if (afterSeconds === 0) begin(task)
      else waiting = [...waiting, { task, at: clock.now() + afterSeconds }]
    },
    wake() {
      const isDue = ({ at }: Waiting) => at <= clock.now()
      const due = waiting.filter(isDue)
      waiting = waiting.filter((item) => !isDue(item))
      for (const { task } of due) begin(task)
    },
    idle,
    async stop() {
      waiting = []
      await idle()
    },
  }
}
