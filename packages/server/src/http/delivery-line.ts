/** How many deliveries run at once, in all and to one host. */
export interface DeliveryPlaces {
  readonly atOnce: number
  readonly perHost: number
}

interface Delivery {
  readonly begin: () => void
  readonly drop: () => void
}

/**
 * Lets few messages to others be under way at once, and fewer to one host; the rest wait in line, where hosts take turns: what
 * strangers registered must neither flood somebody's server nor hold up what others are told.
 */
export class DeliveryLine {
  readonly #places: DeliveryPlaces
  readonly #waiting = new Map<string, Delivery[]>()
  readonly #running = new Map<string, number>()
  #inAll = 0
  #isStopped = false

  constructor(places: DeliveryPlaces) {
    this.#places = places
  }

  /** Resolves or rejects as `work` does, once it had its turn; resolves at once when the line is stopped before that. */
  run(host: string, work: () => Promise<void>): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const begin = () => {
      work()
        .then(resolve, reject)
        .finally(() => this.#leave(host))
    }
    if (this.#isStopped) resolve()
    else this.#enqueue(host, { begin, drop: resolve })
    this.#admit()
    return promise
  }

  /** Drops what waits; what was begun goes on. */
  stop(): void {
    this.#isStopped = true
    for (const { drop } of [...this.#waiting.values()].flat()) drop()
    this.#waiting.clear()
  }

  #enqueue(host: string, delivery: Delivery): void {
    const queue = this.#waiting.get(host)
    if (queue === undefined) this.#waiting.set(host, [delivery])
    else queue.push(delivery)
  }

  #admit(): void {
    // A host that had its turn stands at the end again, where this loop still comes by.
    for (const [host, queue] of this.#waiting) {
      if (this.#inAll >= this.#places.atOnce) return
      const running = this.#running.get(host) ?? 0
      if (running >= this.#places.perHost) continue
      const next = queue.shift()
      this.#waiting.delete(host)
      if (queue.length > 0) this.#waiting.set(host, queue)
      this.#running.set(host, running + 1)
      this.#inAll += 1
      next?.begin()
    }
  }

  #leave(host: string): void {
    const running = (this.#running.get(host) ?? 0) - 1
    if (running > 0) this.#running.set(host, running)
    else this.#running.delete(host)
    this.#inAll -= 1
    this.#admit()
  }
}
