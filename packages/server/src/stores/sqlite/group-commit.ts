import type { DatabaseSync } from 'node:sqlite'
import { StoreUnavailable } from '../../domain/store.ts'
import { patiently } from './patience.ts'

/** The most writes of one commit, so that reads are not kept waiting. */
const BATCH_LIMIT = 256

interface Write {
  readonly run: () => unknown
  readonly resolve: (value: unknown) => void
  readonly reject: (error: unknown) => void
}

/**
 * Commits the writes of one turn of the event loop together: a durable commit costs a wait for the disk, and one wait is
 * enough for all of them. Each caller is answered after the commit.
 *
 * A batch never yields between its begin and its commit, so no read on this connection sees what is not committed.
 */
export class GroupCommit {
  readonly #database: DatabaseSync
  readonly #patienceMs: number
  #waiting: Write[] = []
  #flushing: Promise<void> | undefined

  constructor(database: DatabaseSync, patienceMs: number) {
    this.#database = database
    this.#patienceMs = patienceMs
  }

  /** Runs one write in the next batch. Rejects with its error alone, or with `StoreUnavailable` when the batch failed. */
  add<Result>(run: () => Result): Promise<Result> {
    const { promise, resolve, reject } = Promise.withResolvers<Result>()
    // The queue holds writes of every type; what `run` returns is what `resolve` takes.
    this.#waiting.push({ run, resolve: resolve as Write['resolve'], reject })
    this.#flushing ??= this.#flush()
    return promise
  }

  /** Waits for the writes that were added. */
  async idle(): Promise<void> {
    while (this.#flushing) await this.#flushing
  }

  async #flush(): Promise<void> {
    while (this.#waiting.length > 0) {
      // After the poll phase: every request that has arrived by now has added its write.
      await new Promise(setImmediate)
      const batch = this.#waiting.splice(0, BATCH_LIMIT)
      try {
        const answers = await patiently(() => this.#commit(batch), this.#patienceMs)
        for (const answer of answers) answer()
      } catch (error) {
        const unavailable = new StoreUnavailable(error)
        for (const { reject } of batch) reject(unavailable)
      }
    }
    this.#flushing = undefined
  }

  #commit(batch: readonly Write[]): (() => void)[] {
    this.#database.exec('begin immediate')
    try {
      const answers = batch.map((write) => this.#attempt(write))
      this.#database.exec('commit')
      return answers
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec('rollback')
      throw error
    }
  }

  // A refused statement undoes itself and leaves the others alone; a full disk or the like ends the transaction.
  #attempt({ run, resolve, reject }: Write): () => void {
    try {
      const value = run()
      return () => resolve(value)
    } catch (error) {
      if (!this.#database.isTransaction) throw error
      return () => reject(error)
    }
  }
}
