import { Bounded } from './bounded.ts'
import { frozen } from './frozen.ts'

/** The most rows of one noun and tenant; twice as many at a bad moment. */
const FOUND_LIMIT = 1000
/** Kept apart, because strangers choose the keys of what does not exist. */
const ABSENT_LIMIT = 500
/** Longer keys name nothing, which the store knows without asking its engine. */
const KEY_LIMIT = 2000

/** Remembers what was read of one noun. A promise is remembered, so that a burst of readers asks once. */
export class ReadThrough<Noun> {
  readonly #found = new Bounded<string, Promise<Noun>>(FOUND_LIMIT)
  readonly #absent = new Bounded<string, Promise<Noun>>(ABSENT_LIMIT)
  readonly #loading = new Map<string, Promise<Noun>>()

  get(key: string): Promise<Noun> | undefined {
    return this.#found.get(key) ?? this.#absent.get(key) ?? this.#loading.get(key)
  }

  /** Answers what `load` reads and remembers it, deeply frozen. */
  load(key: string, load: () => Promise<Noun>): Promise<Noun> {
    if (key.length > KEY_LIMIT) return load()
    const loading = load().then(frozen)
    this.#loading.set(key, loading)
    loading
      .then((noun) => (noun === undefined ? this.#absent : this.#found).add(key, loading))
      .catch(() => undefined)
      .finally(() => this.#loading.delete(key))
    return loading
  }
}
