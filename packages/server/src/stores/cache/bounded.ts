/**
 * A map that holds the `capacity` to twice the `capacity` entries used last. Two generations instead of an order: a
 * hit in the young one costs a single look-up, and nobody can make the map grow.
 */
export class Bounded<Key, Value> {
  readonly #capacity: number
  #young = new Map<Key, Value>()
  #old = new Map<Key, Value>()

  constructor(capacity: number) {
    this.#capacity = capacity
  }

  get(key: Key): Value | undefined {
    const young = this.#young.get(key)
    if (young !== undefined) return young
    const old = this.#old.get(key)
    return old === undefined ? undefined : this.add(key, old)
  }

  /** Answers the value, for the caller to go on with. */
  add(key: Key, value: Value): Value {
    if (this.#young.size >= this.#capacity) {
      this.#old = this.#young
      this.#young = new Map()
    }
    this.#young.set(key, value)
    return value
  }

  get size(): number {
    return this.#young.size + this.#old.size
  }
}
