export type Worked<Value> = { readonly kind: 'done'; readonly value: Value } | { readonly kind: 'too_busy' }

/** Lets a few pieces of costly work run at once and a few more wait in line; what comes on top of them is turned away. */
export class WorkLine {
  readonly #places: number
  readonly #longest: number
  readonly #waiting: (() => void)[] = []
  #running = 0

  /** `places`: how many run at once. `longest`: how many may wait. */
  constructor(places: number, longest: number) {
    this.#places = places
    this.#longest = longest
  }

  async run<Value>(work: () => Promise<Value>): Promise<Worked<Value>> {
    if (this.#running < this.#places) this.#running += 1
    else if (this.#waiting.length >= this.#longest) return { kind: 'too_busy' }
    else await new Promise<void>((resolve) => this.#waiting.push(resolve))
    try {
      return { kind: 'done', value: await work() }
    } finally {
      const next = this.#waiting.shift()
      // The place goes to the next in line, so that nobody slips in before it.
      if (next === undefined) this.#running -= 1
      else next()
    }
  }
}
