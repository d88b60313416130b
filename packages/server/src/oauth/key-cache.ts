/** Remembers values within a number of characters in all, whatever strangers make the server fetch; the oldest leave first. */
export class KeyCache<Value> {
  readonly #capacity: number
  readonly #entries = new Map<string, { readonly value: Value; readonly size: number }>()
  #size = 0

  constructor(capacity: number) {
    this.#capacity = capacity
  }

  get(name: string): Value | undefined {
    return this.#entries.get(name)?.value
  }

  /** `characters`: how much the value holds; its name is counted too. */
  set(name: string, value: Value, characters: number): void {
    const size = name.length + characters
    this.#delete(name)
    this.#entries.set(name, { value, size })
    this.#size += size
    for (const oldest of this.#entries.keys()) {
      if (this.#size <= this.#capacity) return
      this.#delete(oldest)
    }
  }

  #delete(name: string): void {
    this.#size -= this.#entries.get(name)?.size ?? 0
    this.#entries.delete(name)
  }
}
